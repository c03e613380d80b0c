"""Finding: SKUs by value (ABC), steadiness of demand (XYZ) and whether their supplier is dependable."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from procurement.assessment.company_facts import YEAR_DAYS, CompanyFacts
from procurement.assessment.finding import Figure, Finding, Range
from procurement.assessment.lead_times import lead_times_by_supplier
from procurement.assessment.sku_facts import FEWEST_LINES
from procurement.assessment.stock_held import stock_by_sku
from procurement.segments.sku_segments import share_classes

TITLE = "Segments"
X_VARIATION, Y_VARIATION = 0.5, 1.0
"""Coefficient of variation of a period's demand up to which a SKU is X, and up to which it is Y."""
STEADY = 0.25
"""Coefficient of variation of lead time up to which a supplier is dependable of whom no promise is believed."""


def segments(facts: CompanyFacts) -> Finding:
    """Counts, demand a year and stock in each segment of ABC × XYZ × dependable supplier."""
    by_sku = segment_by_sku(facts)
    keys = ["abc", "xyz", "supplier"]
    table = by_sku.groupby(keys, as_index=False).agg(
        skus=("unique_id", "size"), demand_value=("demand_value", "sum"), stock_value=("stock_value", "sum")
    )
    classes = facts.config.policy.procurement.classes
    at = by_sku["abc"] == "A"
    risky = at & (by_sku["supplier"] == "not dependable")
    priced = not np.isnan(facts.numbers("unit_cost")).all()
    total = float(by_sku["demand_value"].sum())
    figures = [
        _count("a_skus", "A items", at, f"SKUs that together are {classes.a_share:.0%} of a year's demand in value"),
        _count("a_risky", "A items with a supplier that is not dependable", risky, "of these, by supplier"),
    ]  # fmt: skip
    notes = [
        "ABC by the value of a year's demand at cost"
        + ("" if priced else " (no price of any SKU: by units)")
        + f"; X up to a variation of {X_VARIATION}, Y up to {Y_VARIATION} of a period's demand, Z above; a supplier is "
        f"dependable that keeps {facts.config.policy.improvement.on_time_rate:.0%} of its promises, or where none is "
        f"believed has a variation of lead time up to {STEADY}",
    ]
    if total <= 0:
        return Finding("segments", TITLE, missing="no demand in the last year: nothing can be classed")
    return Finding("segments", TITLE, tuple(figures), {"segments": table}, tuple(notes))


def segment_by_sku(facts: CompanyFacts) -> pd.DataFrame:
    """Segment of each SKU (n rows): abc, xyz (`-`: no demand), supplier, demand_value (a year), stock_value."""
    demand = np.nan_to_num(facts.numbers("daily_demand")) * YEAR_DAYS
    cost = facts.numbers("unit_cost")
    value = demand if np.isnan(cost).all() else demand * np.nan_to_num(cost)
    classes = facts.config.policy.procurement.classes
    variation = facts.numbers("variation")
    xyz = np.select(
        [variation <= X_VARIATION, variation <= Y_VARIATION, variation > Y_VARIATION], ["X", "Y", "Z"], "-"
    )
    ids = facts.skus["unique_id"].to_numpy(object)
    stock = np.zeros(len(demand)) if facts.moved is None else stock_by_sku(facts)["value"].to_numpy(float)
    return pd.DataFrame(
        {
            "unique_id": ids,
            "abc": share_classes(value, ids, classes.a_share, classes.b_share),
            "xyz": xyz,
            "supplier": dependable(facts),
            "demand_value": value,
            "stock_value": np.nan_to_num(stock),
        }
    )


def dependable(facts: CompanyFacts) -> NDArray[np.object_]:
    """Whether the supplier of each SKU is `dependable`, `not dependable` or `not known` (n,)."""
    if facts.checked.orders.empty:
        return np.full(len(facts.skus), "not known", object)
    table = lead_times_by_supplier(facts).set_index("supplier_id")
    told = table["promises"] >= FEWEST_LINES
    kept = table["on_time"] >= facts.config.policy.improvement.on_time_rate
    steady = (table["variation"] <= STEADY).where(table["closed"] >= FEWEST_LINES)
    named = {True: "dependable", False: "not dependable"}
    judged = kept.where(told, steady).map(named)
    found = judged.reindex(facts.skus["supplier_id"].astype(object)).fillna("not known")
    return np.asarray(found.to_numpy(object))


def _count(name: str, label: str, which: "pd.Series[bool]", how: str) -> Figure:
    count = float(which.sum())
    return Figure(name, label, "count", Range(count, count, count), f"{how}; a count, so no range")
