"""What a supplier may charge more before others would be the better ones: its SKUs at each that also offers them."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.actions.played_worth import HIGH, LOW, played_years
from planning.assessment import Assessment

COLUMNS = [
    "supplier_id", "skus", "goods", "saves", "saves_low", "saves_high", "chance", "premium", "premium_low",
    "premium_high",
]  # fmt: skip


def no_alternatives() -> pd.DataFrame:
    """No supplier that offers the same."""
    return pd.DataFrame(columns=COLUMNS)


def alternative_suppliers(assessment: Assessment, supplier_id: str) -> pd.DataFrame:
    """Each other supplier of SKUs that are bought from one: what staying saves, and how much dearer it may get.

    A year of each common SKU is played at both, on the same demand. The premium is (T′ − T) / (Σ p·dT/dp): by that
    share all prices here could rise until both cost the same.

    Returns
    -------
    DataFrame
        `COLUMNS`, the one with the most goods in common first: skus in common, goods (money a year of these SKUs
        here), saves (money a year; negative: the other one would cost less) with the ends of 80 of 100 years, chance
        (share of the years in which staying costs less), premium (a share) with its range
    """
    here, other = _pairs(assessment, supplier_id)
    if not len(here):
        return no_alternatives()
    terms = assessment.lane_terms
    lanes, at = np.unique(np.concatenate([here, other]), return_inverse=True)
    years = played_years(assessment, terms.select(lanes))
    now, then = at[: len(here)], at[len(here) :]
    saved = years.total[then] - years.total[now]
    paid = terms.costs.prices.price(terms.order_size)[here]
    rise, goods = years.slope[now] * paid, years.parts["price"][now]
    names = terms.lanes["supplier_id"].to_numpy(object)[other]
    rows = []
    for name in dict.fromkeys(names.tolist()):
        some = names == name
        total, slope = saved[some].sum(axis=0), rise[some].sum()
        low, high = np.quantile(total, [LOW, HIGH])
        rows.append(
            {
                "supplier_id": name,
                "skus": int(some.sum()),
                "goods": float(goods[some].sum()),
                "saves": float(total.mean()),
                "saves_low": float(low),
                "saves_high": float(high),
                "chance": float((total > 0).mean()),
                "premium": float(total.mean() / slope),
                "premium_low": float(low / slope),
                "premium_high": float(high / slope),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("goods", ascending=False, ignore_index=True)


def _pairs(assessment: Assessment, supplier_id: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Lanes in use at a supplier and another usable one of the same SKU, every pair."""
    terms, lanes = assessment.lane_terms, assessment.lane_terms.lanes
    priced = ~np.isnan(terms.total_cost.total) & (terms.costs.unit > 0)
    usable = ~terms.limits.impossible & terms.bought & priced
    seller = lanes["supplier_id"].astype(object).fillna("").to_numpy(object)
    chosen = assessment.chosen_lane[usable[assessment.chosen_lane]]
    chosen = chosen[seller[chosen] == supplier_id]
    sku = lanes["row"].to_numpy(np.intp)
    of_sku = np.full(len(assessment.forecast), -1)
    of_sku[sku[chosen]] = chosen
    another = np.arange(len(sku)) != of_sku[sku]
    offered = lanes["has_offer"].to_numpy(bool)
    other = np.flatnonzero(usable & offered & (of_sku[sku] >= 0) & another)
    return of_sku[sku[other]], other
