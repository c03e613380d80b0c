"""Finding: where the money lies, the levers ranked by what each brings a year, nothing counted in two of them."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri

from distributions.distribution import Array
from features.contract.in_force import in_force
from planning.inputs import numbers_by_sku
from procurement.assessment.company_facts import CompanyFacts
from procurement.assessment.finding import RESAMPLED, Figure, Finding, Range
from procurement.assessment.lead_times import LEVEL, lead_times_by_supplier
from procurement.assessment.safety_stock_held import safety_stock_by_sku
from procurement.assessment.sku_facts import FEWEST_LINES
from procurement.assessment.spend_summary import above_contract
from procurement.assessment.stock_held import stock_by_sku
from procurement.assessment.stockouts import has_stock_flags, stockouts_by_sku

TITLE = "Where the money lies"
STEADIER = (0.5, 0.25, 0.1)
"""Quantile of suppliers' variation of lead time that the others are brought to: low, middle and high end."""
LOT_REVIEWS = (4.0, 2.0, 1.0)
"""Review periods of demand down to which minimum quantities are lowered: low, middle and high end."""
NO_DOUBLE = (
    "Nothing counts twice: excess is stock above the most that today's lead times and lots ask for; steadier suppliers "
    "lower the safety stock within that, smaller minimum quantities the cycle stock within it; prices are money of "
    "purchases, not of stock; and missed sales are set against the safety stock that would prevent them"
)


@dataclass(frozen=True)
class Lever:
    """A way to money: what it brings a year, what capital it frees once, and how that was worked out."""

    name: str
    label: str
    a_year: Range
    once: Range
    how: str
    step: str


def levers(facts: CompanyFacts) -> Finding:
    """The levers that the tables can price, the one that brings most first, and their sum."""
    found = ranked_levers(facts)
    if not found:
        missing = "no money is known: give unit_cost and unit_price in items, stock and purchase_orders"
        return Finding("levers", TITLE, missing=missing)
    ends = {
        kind: [
            sum(getattr(getattr(lever, kind), end) for lever in found) for end in ("low", "middle", "high")
        ]
        for kind in ("a_year", "once")
    }
    how = "sum of the levers, all at their low, middle and high end together"
    figures = (
        Figure("a_year", "All levers", "money a year", Range(*ends["a_year"]), how),
        Figure("once", "Capital freed once", "money", Range(*ends["once"]), how),
    )
    return Finding("levers", TITLE, figures, {"levers": lever_table(found)}, (NO_DOUBLE,))


def ranked_levers(facts: CompanyFacts) -> list[Lever]:
    """Levers worth anything, the most a year first."""
    found = []
    if facts.moved is not None:
        found.append(_less_excess(facts))
    if facts.checked.orders["lead_time"].notna().any():
        found.append(_steadier_suppliers(facts))
    if facts.tables.offers["moq"].notna().any():
        found.append(_lower_minimums(facts))
    if len(facts.tables.contracts):
        found.append(_prices_to_contract(facts))
    if has_stock_flags(facts):
        found.append(_fewer_stockouts(facts))
    worth = [lever for lever in found if lever.a_year.high > 0]
    return sorted(worth, key=lambda lever: (-lever.a_year.middle, lever.name))


def lever_table(found: list[Lever]) -> pd.DataFrame:
    """The levers as a frame: lever, low, middle, high (a year), capital_low, capital, capital_high (once), how."""
    rows = [
        (
            lever.label, lever.a_year.low, lever.a_year.middle, lever.a_year.high,
            lever.once.low, lever.once.middle, lever.once.high, lever.how,
        )
        for lever in found
    ]  # fmt: skip
    columns = ["lever", "low", "middle", "high", "capital_low", "capital", "capital_high", "how"]
    return pd.DataFrame(rows, columns=columns)


def lowered_minimums(facts: CompanyFacts, reviews: float) -> Array:
    """Cycle stock in money (n,) that smaller minimum quantities free, (MOQ − lot') / 2 × unit cost.

    The lot that stays is the demand of `reviews` review periods, or where the offer has an ordering cost the economic
    order quantity if that is larger; the minimum is that of the SKU's own supplier.
    """
    offers = facts.tables.offers
    own = offers.merge(facts.skus[["unique_id", "supplier_id"]], on=["unique_id", "supplier_id"])
    own = own[in_force(own, facts.as_of)].sort_values(["unique_id", "moq"], kind="stable")
    ids = facts.skus["unique_id"].to_numpy(object)
    moq, ordering = (numbers_by_sku(own, name, ids) for name in ("moq", "ordering_cost"))
    demand, holding = facts.numbers("daily_demand"), facts.numbers("holding")
    ordering = np.where(np.isnan(ordering), facts.config.policy.ordering_cost, ordering)
    with np.errstate(divide="ignore", invalid="ignore"):
        economic = np.sqrt(2 * demand * 365.0 * ordering / holding)
    review = max(facts.config.policy.review_period_days, 1.0)
    lot = np.fmax(demand * review * reviews, np.where(np.isfinite(economic), economic, 0.0))
    freed = np.maximum(moq - lot, 0.0) / 2 * facts.numbers("unit_cost")
    return np.asarray(np.where(demand > 0, np.nan_to_num(freed), 0.0))


def _less_excess(facts: CompanyFacts) -> Lever:
    stock = stock_by_sku(facts)
    rate = facts.numbers("carrying_rate")
    freed = [
        stock[name].to_numpy(float) + stock["dead"].to_numpy(float)
        for name in ("excess_low", "excess", "excess_high")
    ]
    return Lever(
        "excess",
        "Reduce excess and dead stock",
        Range(*(float(np.nansum(value * rate)) for value in freed)),
        Range(*(float(np.nansum(value)) for value in freed)),
        "carrying cost of excess and dead stock, once it is gone; range: safety stock of 98 to 90% left",
        "Stop buying, return or sell off the SKUs with excess and dead stock, the largest first",
    )


def _steadier_suppliers(facts: CompanyFacts) -> Lever:
    table = lead_times_by_supplier(facts)
    variation = table.loc[table["closed"] >= FEWEST_LINES, "variation"].dropna()
    lead, spread = facts.numbers("lead_time"), np.nan_to_num(facts.numbers("lead_time_std"))
    now = facts.safety_stock(LEVEL)
    units = [
        now
        - facts.safety_stock(
            LEVEL, np.minimum(spread, (variation.quantile(best) if len(variation) else np.inf) * lead)
        )
        for best in STEADIER
    ]
    cost, rate = facts.numbers("unit_cost"), facts.numbers("carrying_rate")
    return Lever(
        "steadier",
        "Steadier suppliers",
        Range(*(float(np.nansum(each * cost * rate)) for each in units)),
        Range(*(float(np.nansum(each * cost)) for each in units)),
        "carrying cost of safety stock that is not needed when no supplier scatters more than the best quarter does "
        "(range: the best half to the best tenth)",
        "Agree on delivery windows with the suppliers whose spread costs most, and measure them",
    )


def _lower_minimums(facts: CompanyFacts) -> Lever:
    freed = [lowered_minimums(facts, reviews) for reviews in LOT_REVIEWS]
    rate = facts.numbers("carrying_rate")
    return Lever(
        "minimums",
        "Lower minimum order quantities",
        Range(*(float(np.nansum(value * rate)) for value in freed)),
        Range(*(float(np.nansum(value)) for value in freed)),
        "carrying cost of cycle stock above lots of two review periods of demand (range: four to one), never below the "
        "economic quantity",
        "Negotiate the minimum quantities that hold most stock",
    )


def _prices_to_contract(facts: CompanyFacts) -> Lever:
    return Lever(
        "contract",
        "Pay contract prices",
        facts.resamples.sum(above_contract(facts)),
        Range(0.0, 0.0, 0.0),
        f"money paid above contract prices in the last 365 days; range: {RESAMPLED}",
        "Claim what was paid above contract, and put contract prices into the ERP system",
    )


def _fewer_stockouts(facts: CompanyFacts) -> Lever:
    lost = np.nan_to_num(stockouts_by_sku(facts)[0]["lost_money"].to_numpy(float))
    carried, won = np.zeros(len(lost)), np.ones(len(lost))
    if facts.moved is not None:
        held = safety_stock_by_sku(facts)
        missing = np.maximum(held["need_95"] - held["held"], 0.0).to_numpy(float)
        carried = np.nan_to_num(missing * facts.numbers("carrying_rate"))
        won = share_won(held["held"].to_numpy(float), held["need_95"].to_numpy(float))
    net = np.maximum(lost - carried, 0.0)
    value = facts.resamples.sum(np.maximum(lost * won - carried, 0.0))
    return Lever(
        "stockouts",
        "Fewer stockouts",
        Range(value.low, value.middle, max(value.high, float(net.sum()))),
        Range(0.0, 0.0, 0.0),
        "lost sales of each SKU, the part that safety stock of 95% wins by the normal loss function, less the carrying "
        f"cost of what it lacks; range: {RESAMPLED}, and up to all that is lost",
        "Raise the safety stock of the SKUs that lose most sales to what 95% needs",
    )


def share_won(held: Array, need: Array) -> Array:
    """Share of the units short (n,) that safety stock of `LEVEL` instead of that held wins, 1 − G(z) / G(k).

    G is the normal loss function and k = z · held / need the safety factor held (Silver, Pyke and Peterson 1998); 0 for
    SKUs that hold enough, 1 where that is not known.
    """
    z = float(ndtri(LEVEL))
    factor = z * np.divide(held, need, out=np.full(len(held), np.nan), where=need > 0)
    left = _loss(np.array(z)) / _loss(np.minimum(np.nan_to_num(factor), z))
    return np.where(np.isnan(factor), 1.0, 1.0 - left)


def _loss(z: Array) -> Array:
    """The normal loss function G(z) = φ(z) − z (1 − Φ(z))."""
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) - z * ndtr(-z))
