"""What each term of a supplier is worth a year: one step better of each, played against the year as it is.

A step is as large as measures well, since reorder points and lead times move by whole units and days, and its worth is
divided by it: up to three days or a quarter of the lead time, up to two days or half of its standard deviation, a
quarter of the MOQ, one per cent of the price, a day of payment, five points of defects.

A lead time or an MOQ that is better can be left unused, by ordering later or more: where the play of a SKU finds that
it costs more, because its reorder point cannot follow, it is worth nothing. What is rejected is credited, so a point of
defects is worth the time until others come, and nothing or less where lots are too large; handling it is not known. A
day of payment is worth what money costs (`policy.capital_cost_rate`), not what holding stock does, where that is set.
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.actions.played_worth import HIGH, LOW, most_promising, played_on_terms
from planning.assessment import Assessment
from planning.cost.price_breaks import PriceBreaks
from planning.lanes.lane_terms import LaneTerms
from planning.levers.lever_lines import lever_lines
from planning.levers.lever_plays import LeverPlays, changed_lead_time
from planning.levers.payments import with_payment

TERM_WORTH = {
    "supplier_id": "object", "unique_id": "object", "term": "object", "unit": "object", "worth": "float64",
    "worth_low": "float64", "worth_high": "float64", "level": "float64", "step": "float64", "skus": "float64",
    "played_share": "float64",
}  # fmt: skip
"""Column of the table of what terms are worth → dtype."""

UNITS = {
    "lead_time": "a day shorter",
    "lead_time_spread": "a day steadier (standard deviation)",
    "moq": "a tenth lower",
    "price": "1 % lower",
    "payment_days": "a day later",
    "rejected_share": "a percentage point less",
}
"""Term → what one step better is, in words."""

MOST_LANES = 1_500
"""Lanes that are played, shared evenly by the suppliers: where a company has more, those of the most money."""

_FEWEST_LANES = 5
_COVERED = 0.9
"""Share of a supplier's yearly goods whose SKUs are played; the rest is taken in proportion to its goods."""

_DAYS, _LEAST_DAYS, _QUARTER = 3.0, 0.5, 0.25
_SPREAD_DAYS, _LEAST_SPREAD = 2.0, 0.3
_PERCENT, _POINT, _POINTS = 0.01, 0.01, 5.0


def no_term_worth() -> pd.DataFrame:
    """The table of what terms are worth, without any."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in TERM_WORTH.items()})


@dataclass(frozen=True)
class _Measured:
    """A term as it was measured: of k SKUs, what a unit better saves (k, M), money a year, its level and step (k,)."""

    skus: NDArray[np.intp]
    saved: Array
    level: Array
    step: Array


def term_worth(plays: LeverPlays) -> pd.DataFrame:
    """What one step better of each term is worth with each supplier, and with each SKU of it that was played.

    Returns
    -------
    DataFrame
        `TERM_WORTH`: `unique_id` is empty in a supplier's own row, the sum over all SKUs bought there; `worth` with
        the ends of 80 of 100 years, money a year for one `unit`; `level`, the term today, in days, units, money or as a
        share, of a supplier the mean by goods; `step`, units that were played at once; `skus` that were played and
        `played_share`, the share of the supplier's goods that they are
    """
    assessment = plays.assessment
    goods = _goods(assessment)
    skus = _played_skus(assessment, goods)
    if not len(skus):
        return no_term_worth()
    measured = {
        "lead_time": _lead_time(plays, skus),
        "lead_time_spread": _spread(plays, skus),
        "moq": _moq(plays, _bound_skus(assessment, goods)),
        **_priced(plays, skus),
        "rejected_share": _rejected(plays, skus),
    }
    share = _share_of_goods(assessment, goods, skus)
    parts = [
        part
        for term, of in measured.items()
        if len(of.skus)
        for part in _rows(plays, term, of, share if term != "moq" else share * 0 + 1)
    ]
    frame = pd.concat(parts, ignore_index=True)[list(TERM_WORTH)].astype(TERM_WORTH)
    order = frame["term"].map(dict(zip(UNITS, range(len(UNITS)), strict=True)))
    return frame.assign(order=order).sort_values(["supplier_id", "unique_id", "order"], ignore_index=True)[
        list(TERM_WORTH)
    ]


def _goods(assessment: Assessment) -> Array:
    """Money a year (n,) of the goods of each SKU; 0 where its costs are not known or it is not bought."""
    terms = assessment.chosen_terms
    counted = terms.bought & terms.costs.known & terms.lanes["supplier_id"].notna().to_numpy(bool)
    return np.where(counted, terms.demand.yearly * terms.costs.unit, 0.0)


def _played_skus(assessment: Assessment, goods: Array) -> NDArray[np.intp]:
    """SKUs (k,) that are played: of each supplier those of the most `goods` (n,)."""
    frame = pd.DataFrame({"supplier": assessment.chosen_terms.lanes["supplier_id"], "goods": goods})
    frame = frame[frame["goods"] > 0].sort_values("goods", ascending=False, kind="stable")
    by_supplier = frame.groupby("supplier")["goods"]
    before = by_supplier.cumsum() - frame["goods"]
    most = max(MOST_LANES // max(by_supplier.ngroups, 1), _FEWEST_LANES)
    kept = (before < _COVERED * by_supplier.transform("sum")) & (by_supplier.cumcount() < most)
    return np.sort(frame.index[kept].to_numpy(np.intp))


def _share_of_goods(assessment: Assessment, goods: Array, skus: NDArray[np.intp]) -> "pd.Series[float]":
    """Share of each supplier's `goods` (n,) that some SKUs (k,) are, by supplier."""
    suppliers = assessment.chosen_terms.lanes["supplier_id"].to_numpy(object)
    whole = pd.Series(goods).groupby(suppliers).sum()
    return pd.Series(goods[skus]).groupby(suppliers[skus]).sum() / whole[whole > 0]


def _bound_skus(assessment: Assessment, goods: Array) -> NDArray[np.intp]:
    """SKUs (k,) whose orders are as large as they are for their offer's smallest lot: those where it costs most."""
    terms = assessment.chosen_terms
    beyond = terms.costs.holding * (terms.order_size - terms.economic_lot) + terms.total_cost.spoilage
    bound = (terms.limits.smallest > terms.economic_lot) & (goods > 0) & (terms.limits.moq > 0)
    return np.flatnonzero(bound & most_promising(np.where(bound, beyond, -np.inf), MOST_LANES))


def _changed(plays: LeverPlays, skus: NDArray[np.intp], **terms: object) -> pd.DataFrame:
    """Lines of the chosen lanes of some SKUs (k,) with other `terms`."""
    assessment = plays.assessment
    ids = assessment.forecast.unique_ids[skus].tolist()
    return lever_lines(ids, assessment.chosen_lane[skus].tolist(), **terms)


def _measure(
    plays: LeverPlays, skus: NDArray[np.intp], lines: pd.DataFrame, level: Array, step: Array
) -> _Measured:
    """What lines of SKUs (k,) save, by the `step` (k,) that they take; nothing of SKUs without one."""
    rows = np.flatnonzero(step > 0)
    if not len(rows):
        return _Measured(skus[rows], np.zeros((0, 1)), level[rows], step[rows])
    saved = plays.saved(lines.iloc[rows].reset_index(drop=True)) / step[rows, None]
    return _Measured(skus[rows], saved, level[rows], step[rows])


def _lead_time(plays: LeverPlays, skus: NDArray[np.intp]) -> _Measured:
    """A day of lead time."""
    lead_time = plays.assessment.chosen_terms.lead_time[skus]
    mean = lead_time.mean()
    lines = _changed(plays, skus, earlier_days=np.clip(np.round(_QUARTER * mean), 1.0, _DAYS))
    step = mean - changed_lead_time(lead_time, lines).mean()
    return _if_used(_measure(plays, skus, lines, mean, np.where(step > _LEAST_DAYS, step, 0.0)))


def _spread(plays: LeverPlays, skus: NDArray[np.intp]) -> _Measured:
    """A day of the lead time's standard deviation."""
    lead_time = plays.assessment.chosen_terms.lead_time[skus]
    std = lead_time.std()
    less = np.minimum(std / 2, _SPREAD_DAYS)
    lines = _changed(plays, skus, spread_factor=1 - less / np.maximum(std, 1e-9))
    step = std - changed_lead_time(lead_time, lines).std()
    return _measure(plays, skus, lines, std, np.where(std > _LEAST_SPREAD, step, 0.0))


def _moq(plays: LeverPlays, skus: NDArray[np.intp]) -> _Measured:
    """A tenth of the MOQ; of a lot that is a single multiple, the multiple goes with it."""
    terms = plays.assessment.chosen_terms.select(skus)
    smallest, multiple = terms.limits.smallest, terms.limits.multiple
    target = (1 - _QUARTER) * smallest
    size = np.where(multiple > 0, multiple, 1.0)
    lower = np.floor(target / size) * size
    alone = lower <= 0
    lower = np.where(alone, np.where(terms.lanes["whole"].to_numpy(bool), np.floor(target), target), lower)
    step = np.divide(smallest - lower, 0.1 * smallest, out=np.zeros(len(skus)), where=smallest > 0)
    lines = _changed(plays, skus, moq=lower, order_multiple=np.where(alone, lower, np.nan))
    return _if_used(_measure(plays, skus, lines, smallest, np.where(lower > 0, step, 0.0)))


def _if_used(measured: _Measured) -> _Measured:
    """A term that nobody has to use: nothing where it would cost more."""
    used = measured.saved.mean(axis=1) > 0
    return replace(measured, saved=np.where(used[:, None], measured.saved, 0.0))


def _rejected(plays: LeverPlays, skus: NDArray[np.intp]) -> _Measured:
    """A percentage point of rejected units, measured upwards: few have several to lose."""
    share = plays.assessment.chosen_terms.lanes["rejected_share"].to_numpy(float)[skus]
    lines = _changed(plays, skus, rejected_share=np.minimum(share + _POINTS * _POINT, 1.0))
    more = _measure(plays, skus, lines, share, np.full(len(skus), _POINTS))
    return replace(more, saved=-more.saved)


def _priced(plays: LeverPlays, skus: NDArray[np.intp]) -> dict[str, _Measured]:
    """One per cent of the price, and a day of payment: the same orders, paid for otherwise."""
    terms = plays.assessment.chosen_terms.select(skus)
    payable = [with_payment(terms, day) for day in (0.0, 1.0)]
    now, less, receipt, later = played_on_terms(plays.assessment, [terms, cheaper(terms), *payable])
    step, costs = np.ones(len(skus)), terms.costs
    return {
        "price": _Measured(skus, now.total - less.total, costs.prices.price(terms.order_size), step),
        "payment_days": _Measured(skus, receipt.total - later.total, costs.payment_days, step),
    }


def cheaper(terms: LaneTerms) -> LaneTerms:
    """The terms with all prices one per cent lower, and with them what it costs to hold a unit."""
    costs = terms.costs
    prices = PriceBreaks(costs.prices.starts, (1 - _PERCENT) * costs.prices.prices)
    holding = costs.holding - _PERCENT * costs.rate * costs.unit
    capital = costs.capital - _PERCENT * costs.capital_rate * costs.unit
    return replace(terms, costs=replace(costs, prices=prices, holding=holding, capital=capital))


def _rows(plays: LeverPlays, term: str, measured: _Measured, share: "pd.Series[float]") -> list[pd.DataFrame]:
    """Rows of a term: one a SKU, and one a supplier, of whose goods the SKUs are a `share`; by that it is scaled up."""
    assessment, skus = plays.assessment, measured.skus
    suppliers = assessment.chosen_terms.lanes["supplier_id"].to_numpy(object)[skus].astype(str)
    goods = _goods(assessment)[skus]
    of_sku = pd.DataFrame(
        {
            "supplier_id": suppliers,
            "unique_id": assessment.forecast.unique_ids[skus],
            **_ranges(measured.saved),
            "level": measured.level,
            "step": measured.step,
            "skus": 1.0,
            "played_share": np.nan,
        }
    )
    names, at = np.unique(suppliers, return_inverse=True)
    saved = np.zeros((len(names), measured.saved.shape[1]))
    np.add.at(saved, at, measured.saved)
    played = share.reindex(names).to_numpy(float)
    of_supplier = pd.DataFrame(
        {
            "supplier_id": names,
            "unique_id": "",
            **_ranges(saved / played[:, None]),
            "level": _mean_by(at, measured.level, goods),
            "step": _mean_by(at, measured.step, goods),
            "skus": np.bincount(at).astype(float),
            "played_share": played,
        }
    )
    return [part.assign(term=term, unit=UNITS[term]) for part in (of_supplier, of_sku)]


def _mean_by(at: NDArray[np.intp], values: Array, weight: Array) -> Array:
    """Mean of values (k,) in each of the groups `at` (k,), by weight; NaN where none is known."""
    known = np.where(np.isnan(values), 0.0, weight)
    total = np.bincount(at, known * np.nan_to_num(values))
    whole = np.bincount(at, known)
    return np.asarray(np.divide(total, whole, out=np.full(len(whole), np.nan), where=whole > 0))


def _ranges(saved: Array) -> dict[str, Array]:
    """Mean of what rows save (k, M), and the ends of 80 of 100 years."""
    low, high = np.quantile(saved, [LOW, HIGH], axis=1)
    return {"worth": saved.mean(axis=1), "worth_low": low, "worth_high": high}
