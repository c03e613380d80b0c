"""What single defects of the data cost a year, each worked out from the data themselves."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from configs.formats import number
from distributions.distribution import Array
from features.demand.panel_from_tables import make_panel
from features.orders.beyond_experience import beyond_experience
from features.orders.order_history import arrived_at
from features.orders.promises import PromiseTrust
from features.quality.unit_of_measure import demand_spikes, level_shifts
from planning.policy.normal_formulas import lead_time_demand_std, normal_safety_stock
from procurement.assessment.company_facts import CompanyFacts
from procurement.assessment.finding import Range
from procurement.assessment.sku_facts import FEWEST_LINES, demand_facts

LEVEL = 0.95
"""Cycle service level at which safety stock is priced."""
_ENOUGH = 20
_WEEK_MEAN, _WEEK_VARIANCE = 3.0, 4.0  # of a wait of 0 … 6 days, each as likely


@dataclass(frozen=True)
class DefectCost:
    """What a defect costs, money a year, and how that was worked out; or unknown, and why."""

    value: Range
    how: str

    @classmethod
    def bounds(cls, most: float, how: str) -> "DefectCost":
        """Between nothing and `most`: where the data tell no more, the middle is half of it."""
        if not np.isfinite(most):
            return cls(Range.unknown(), "no price is known of what it concerns")
        return cls(
            Range(0.0, most / 2, most), f"{how}; the data only bound it: the middle is half of the most"
        )


def overwritten_promises(facts: CompanyFacts) -> DefectCost:
    """Safety stock for the whole spread of lead times, where honest promises would leave only their error."""
    orders = facts.checked.orders
    trust = PromiseTrust.learn(orders).overwriting
    supplier = facts.skus["supplier_id"].astype(str)
    concerned = np.ones(len(supplier), bool) if trust is None else supplier.isin(trust).to_numpy()
    error = ((arrived_at(orders) - orders["promised_at"]) / pd.Timedelta(days=1)).to_numpy(float)
    honest = error[~np.isnan(error) & (error != 0)]
    spread = facts.numbers("lead_time_std")
    full = facts.safety_stock(LEVEL)
    none = facts.safety_stock(LEVEL, np.zeros(len(spread)))
    most = _total(facts, np.where(concerned, full - none, 0.0))
    said = "carrying cost of safety stock for the full spread of lead times, against that with promises that hold"
    if len(honest) < _ENOUGH:
        return DefectCost.bounds(most, f"{said} to the day")
    known = facts.safety_stock(LEVEL, np.minimum(np.nan_to_num(spread), honest.std(ddof=1)))
    middle = _total(facts, np.where(concerned, full - known, 0.0))
    how = (
        f"{said}: to the day (high), or with the error of the {len(honest):,} promises that were not met to the day "
        "(middle); nothing if promises told no more than past lead times (low)"
    )
    return DefectCost(Range(0.0, middle, most), how)


def no_stock_flags(facts: CompanyFacts) -> DefectCost:
    """Sales lost in periods without any sale that the SKU's own demand does not explain: stockouts nobody flagged."""
    y = facts.panel.known_demand[:, -facts.periods :]
    sold = np.where(y > 0, y, np.nan)
    count = (y > 0).sum(axis=1)
    mean = np.nansum(sold, axis=1) / np.maximum(count, 1)
    variance = np.nansum((sold - mean[:, None]) ** 2, axis=1) / np.maximum(count - 1, 1)
    shape = mean**2 / np.maximum(variance - mean, 1e-9)
    chance = np.where(variance > mean, (shape / (shape + mean)) ** shape, np.exp(-mean))
    zeros, judged = (y == 0).sum(axis=1), count >= 8
    shortage = facts.skus.set_index("unique_id")["shortage_cost"].reindex(facts.panel.unique_ids)
    missed = np.nan_to_num(mean * zeros * shortage.to_numpy(float)) * facts.to_a_year
    middle, high = (float(missed[judged & (chance < limit)].sum()) for limit in (0.001, 0.05))
    if shortage.isna().all():
        return DefectCost(
            Range.unknown(), "no shortage_cost and no margin: give unit_price and unit_cost in items"
        )
    how = (
        "lost sales in periods without a sale whose chance by the SKU's own demand (negative binomial) is below 0.1% "
        "(middle) or 5% (high): forecasts take them for no demand and are as much too low"
    )
    return DefectCost(Range(0.0, middle, high), how)


def no_lead_times(facts: CompanyFacts) -> DefectCost:
    """Safety stock that is missing where only the contract's days are known, at the spread that suppliers here have."""
    from procurement.assessment.lead_times import lead_times_by_supplier

    if not (facts.skus["lead_time_from"] == "contract").any():
        return DefectCost(
            Range.unknown(), "no contract days either: give lead_time_days in offers, or past orders"
        )
    orders = facts.checked.orders
    table = lead_times_by_supplier(facts) if len(orders) else pd.DataFrame({"closed": [], "variation": []})
    variation = table.loc[table["closed"] >= FEWEST_LINES, "variation"].dropna()
    if not len(variation):
        return DefectCost(Range.unknown(), "no supplier has eight received lines to borrow a spread from")
    contract = (facts.skus["lead_time_from"] == "contract").to_numpy()
    steady = facts.safety_stock(LEVEL, np.zeros(len(contract)))
    costs = [
        _total(
            facts,
            np.where(contract, facts.safety_stock(LEVEL, each * facts.numbers("lead_time")) - steady, 0.0),
        )
        for each in variation.quantile([0.25, 0.5, 0.75])
    ]
    how = (
        "carrying cost of the safety stock that is missing when contract days count as certain: with the variation of "
        "the middle supplier here (range: the quarters)"
    )
    return DefectCost(Range(*costs), how)


def batched_receipts(facts: CompanyFacts) -> DefectCost:
    """Safety stock for a wait of up to six days between arrival and booking."""
    lead, spread = facts.numbers("lead_time"), np.nan_to_num(facts.numbers("lead_time_std"))
    demand, std = facts.numbers("daily_demand"), facts.numbers("daily_std")
    closed = facts.checked.orders[facts.checked.orders["lead_time"].notna()]
    weekday = pd.crosstab(closed["supplier_id"].astype(str), arrived_at(closed).dt.weekday)
    share = weekday.max(axis=1) / weekday.sum(axis=1)
    names = share.index[share >= 0.5]
    concerned = facts.skus["supplier_id"].astype(str).isin(names).to_numpy()
    review = facts.exposure_days - lead
    prompt = lead_time_demand_std(
        demand,
        std,
        np.maximum(lead - _WEEK_MEAN, 0.0) + review,
        np.sqrt(np.maximum(spread**2 - _WEEK_VARIANCE, 0.0)),
    )
    extra = np.maximum(facts.safety_stock(LEVEL) - normal_safety_stock(LEVEL, prompt), 0.0)
    most = _total(facts, np.where(concerned, extra, 0.0))
    how = "carrying cost of safety stock for lead times that a weekly booking makes up to six days too long"
    return DefectCost.bounds(most, how)


def unit_jumps(facts: CompanyFacts, *, levels: bool) -> DefectCost:
    """Stock for demand that counts in another unit: rows that jump alone, or all rows before a level that jumps."""
    demand = facts.tables.demand
    factor = demand_spikes(demand)
    if levels:
        shifts = level_shifts(demand).drop_duplicates("unique_id", keep="last").set_index("unique_id")
        shift = shifts.reindex(demand["unique_id"])
        earlier = demand["ds"].to_numpy() < shift["ds"].to_numpy("datetime64[ns]")
        known = shift["factor"].to_numpy(float)
        up = shift["up"].eq(other=True).to_numpy(bool)
        factor = np.where(earlier, np.where(up, 1 / known, known), np.nan)
    wrong = demand["y"].to_numpy(float) * (1 - 1 / np.where(np.isnan(factor), 1.0, factor))
    sku = pd.Index(facts.panel.unique_ids).get_indexer(demand["unique_id"])
    period = np.searchsorted(facts.panel.ds, demand["ds"].to_numpy("datetime64[ns]"), side="right") - 1
    inside = (period >= 0) & ~np.isnan(wrong) & (demand["ds"] <= facts.as_of).to_numpy()
    y = facts.panel.y.copy()
    np.subtract.at(y, (sku[inside], period[inside]), wrong[inside])
    clean = demand_facts(
        replace(facts.panel, y=y, imputed=None),
        facts.skus["unique_id"].to_numpy(object),
        facts.periods,
        facts.window_days / facts.periods,
    )
    exposure = _exposure(facts)
    middle = _total(facts, np.abs(facts.numbers("daily_demand") - clean["daily_demand"]) * exposure)
    std = lead_time_demand_std(
        clean["daily_demand"], clean["daily_std"], exposure, np.nan_to_num(facts.numbers("lead_time_std"))
    )
    extra = np.abs(np.nan_to_num(facts.safety_stock(LEVEL)) - np.nan_to_num(normal_safety_stock(LEVEL, std)))
    extra = np.where(np.isnan(facts.numbers("lead_time")), 0.0, extra)
    how = (
        "carrying cost of the stock of a protection interval for demand in the wrong unit (middle), and of the safety "
        "stock for its spread (high); nothing if the rows are right (low)"
    )
    return DefectCost(Range(0.0, middle, middle + _total(facts, extra)), how)


def forgotten_orders(facts: CompanyFacts) -> DefectCost:
    """Sales short when a plan counts on open lines that will not come, once a year."""
    orders = facts.checked.orders
    old = orders[beyond_experience(orders)]
    units = np.nan_to_num(facts.aligned(old.groupby("unique_id")["quantity_open"].sum()))
    demand = np.nan_to_num(facts.numbers("daily_demand")) * _exposure(facts)
    short = np.minimum(units, demand) * facts.numbers("shortage_cost")
    needed = np.nan_to_num(facts.numbers("on_hand")) < demand
    if np.isnan(short[units > 0]).all():
        return DefectCost(
            Range.unknown(), "no shortage_cost and no margin of these SKUs: give unit_price in items"
        )
    how = (
        "their units, at most the demand of a protection interval, × shortage cost, once a year: of all these SKUs "
        "(high), of those whose stock does not last that long (middle)"
    )
    return DefectCost(Range(0.0, float(np.nansum(short[needed])), float(np.nansum(short))), how)


def duplicated_lines(facts: CompanyFacts) -> DefectCost:
    """Lines that stand there twice: stock that was bought twice, or money that was paid twice."""
    closed = facts.checked.orders[facts.checked.orders["lead_time"].notna()]
    key = ["order_id", "supplier_id", "ordered_at", "lead_time", "unique_id", "quantity_ordered"]
    copies = closed[closed.duplicated(key)]
    carried, value = _carried(facts, copies, copies["quantity_ordered"])
    how = f"goods worth {number(value)}: a slip of the pen (low), bought and carried (middle), paid for nothing (high)"
    return DefectCost(Range(0.0, min(carried, value), value), how)


def over_receipts(facts: CompanyFacts) -> DefectCost:
    """Goods that nobody ordered, carried for a year."""
    orders = facts.checked.orders
    over = (orders["quantity_received"] - orders["quantity_ordered"]).clip(lower=0.0)
    carried, value = _carried(facts, orders, over)
    return DefectCost.bounds(carried, f"carrying cost of goods worth {number(value)} beyond what was ordered")


def draft_lines(facts: CompanyFacts) -> DefectCost:
    """Drafts that were placed after all: their goods come a second time, and are carried for a year."""
    drafts = facts.checked.drafts
    if drafts is None:
        return DefectCost(Range.unknown(), "there are none")
    carried, value = _carried(facts, drafts, drafts["quantity_ordered"])
    return DefectCost.bounds(
        carried, f"carrying cost of goods worth {number(value)} that are ordered once more"
    )


def gaps(facts: CompanyFacts) -> DefectCost:
    """Stock that is wrong by what demand differs when periods without a row count the other way."""
    data = facts.config.data
    as_zero = data.gaps == "zero"
    other = make_panel(
        facts.tables,
        data.model_copy(update={"gaps": "missing" if as_zero else "zero"}),
        freq=facts.checked.freq,
    )
    ids, days = facts.skus["unique_id"].to_numpy(object), facts.window_days / facts.periods
    demand = demand_facts(other, ids, facts.periods, days)["daily_demand"]
    units = np.abs(np.nan_to_num(demand - facts.numbers("daily_demand"))) * _exposure(facts)
    if as_zero:
        most = float(np.nansum(units * facts.numbers("shortage_cost")))
        priced = not np.isnan(facts.numbers("shortage_cost")).all()
        how = "if they are unknown: the demand of a protection interval that is missed, × shortage cost, once"
        return DefectCost.bounds(most if priced else np.nan, how)
    return DefectCost.bounds(
        _total(facts, units), "if nothing was sold in them: carrying cost of stock for that demand"
    )


COSTS: dict[str, Callable[[CompanyFacts], DefectCost]] = {
    "overwritten_promises": overwritten_promises,
    "no_in_stock": no_stock_flags,
    "no_lead_times": no_lead_times,
    "batched_receipts": batched_receipts,
    "unit_jump_row": lambda facts: unit_jumps(facts, levels=False),
    "unit_jump_level": lambda facts: unit_jumps(facts, levels=True),
    "forgotten_orders": forgotten_orders,
    "duplicated_lines": duplicated_lines,
    "over_receipts": over_receipts,
    "draft_lines": draft_lines,
    "gaps": gaps,
}
"""Kind of warning → what it costs."""


def _total(facts: CompanyFacts, units: Array) -> float:
    """Carrying cost a year of units (n,) of the SKUs; those without a price or demand count as 0."""
    return float(np.nansum(units * facts.numbers("holding")))


def _exposure(facts: CompanyFacts) -> Array:
    """Protection interval (n,) in days; of SKUs without a lead time the review period."""
    exposure = facts.exposure_days
    return np.where(np.isnan(exposure), facts.config.policy.review_period_days, exposure)


def _carried(facts: CompanyFacts, lines: pd.DataFrame, units: "pd.Series[float]") -> tuple[float, float]:
    """Carrying cost a year, and value, of units of order lines, at the price of the line, else the unit cost."""
    sku = facts.skus.set_index("unique_id")
    cost = lines["unique_id"].map(sku["unit_cost"])
    price = (lines["unit_price"].fillna(cost) if "unit_price" in lines else cost).to_numpy(float)
    rate = lines["unique_id"].map(sku["carrying_rate"]).to_numpy(float)
    value = np.nan_to_num(price * units.to_numpy(float))
    return float(np.nansum(value * rate)), float(value.sum())
