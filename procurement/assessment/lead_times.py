"""Finding: lead times of each supplier, promised against real, and what their spread alone costs in safety stock."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.orders.order_history import arrived_at
from features.orders.promises import PromiseTrust
from procurement.assessment.company_facts import CompanyFacts
from procurement.assessment.finding import Figure, Finding, Range, resampled
from procurement.assessment.kaplan_meier import censored_moments
from procurement.assessment.sku_facts import FEWEST_LINES, experienced

TITLE = "Lead times"
LEVEL = 0.95
"""Cycle service level at which the spread of lead times is priced."""
RECENT_DAYS = 180.0
"""Age of orders up to which they are recent, for the drift."""
_Z = 1.6448536269514722
_DAY = pd.Timedelta(days=1)


def lead_times(facts: CompanyFacts) -> Finding:
    """Mean, spread, drift and kept promises by supplier, open lines as censored, and the price of the spread."""
    lines = experienced(facts.checked.orders)
    if lines["lead_time"].isna().all():
        missing = "no received purchase_orders: give ordered_at and received_at, and lead times are learned from them"
        return Finding("lead_times", TITLE, missing=missing)
    suppliers = lead_times_by_supplier(facts)
    extra = variance_stock(facts)
    known = suppliers[suppliers["closed"] >= FEWEST_LINES]
    quartiles = known["variation"].quantile([0.25, 0.5, 0.75]).to_numpy(float)
    cost = extra * facts.numbers("unit_cost")
    draw, opened = facts.resamples, lines["is_open"].to_numpy(bool)
    whole = censored_moments(
        pd.Series("all", index=lines.index), lines["duration"].to_numpy(float), opened
    ).iloc[0]
    figures = [
        _by_lines(
            "mean",
            "Mean lead time",
            whole,
            "Kaplan–Meier mean of all lines, open ones as censored at their age",
        ),
        Figure(
            "variation",
            "Variation of lead time",
            "share",
            Range(*map(float, quartiles)) if len(known) else Range.unknown(),
            f"σ_L / L of the middle supplier (range: the quarters), of {len(known)} with eight received lines or more",
        ),
        _on_time(suppliers),
        resampled(
            "variance_stock",
            "Safety stock for the spread of lead times",
            "money",
            draw.sum(cost),
            "need at 95% less what it were with σ_L = 0, × unit cost",
        ),
        resampled(
            "variance_cost",
            "Cost of the spread of lead times",
            "money a year",
            draw.sum(cost * facts.numbers("carrying_rate")),
            "that stock × the carrying rate",
        ),
    ]
    said = (
        f"{len(lines):,} order lines, {int(opened.sum()):,} of them open: they count as censored at their age "
        "(Kaplan–Meier); what is left at the longest one known is put there"
    )
    notes = [said]
    left_out = len(facts.checked.orders) - len(lines)
    if left_out:
        notes.append(
            f"{left_out:,} lines left out: cancelled, undated, placeholders, or open beyond all experience"
        )
    if suppliers["on_time"].isna().all():
        notes.append("No promise is believed, or there is none: nothing is said of promised against real")
    return Finding("lead_times", TITLE, tuple(figures), {"by_supplier": suppliers}, tuple(notes))


def lead_times_by_supplier(facts: CompanyFacts) -> pd.DataFrame:
    """Lead times of each supplier, the most lines first.

    Returns
    -------
    DataFrame
        supplier_id, lines, closed, mean, mean_low, mean_high (90 % by √(σ²/closed)), variation (σ_L / L), median, drift
        (days by which lines of the last 180 days take longer than those before), promised (days, mean), promise_error
        (days received after the promise, mean), on_time (share of promises kept), promises, and variance_cost (money a
        year that the spread of its lead times costs in safety stock); NaN where not known
    """
    lines = experienced(facts.checked.orders)
    name, days = lines["supplier_id"].astype(str), lines["duration"].to_numpy(float)
    is_open = lines["is_open"].to_numpy(bool)
    table = censored_moments(name, days, is_open)
    spread = _Z * table["std"] / np.sqrt(table["closed"].where(table["closed"] > 0))
    table["mean_low"], table["mean_high"] = (table["mean"] - spread).clip(lower=0.0), table["mean"] + spread
    table["variation"] = (table["std"] / table["mean"]).where(table["mean"] > 0)
    recent = ((facts.as_of - lines["ordered_at"]) / _DAY).to_numpy(float) < RECENT_DAYS
    halves = [censored_moments(name[part], days[part], is_open[part]) for part in (recent, ~recent)]
    after, before = (half["mean"].where(half["closed"] >= FEWEST_LINES) for half in halves)
    table["drift"] = after.reindex(table.index) - before.reindex(table.index)
    table = table.join(_promises(facts.checked.orders))
    cost = variance_stock(facts) * facts.numbers("holding")
    by_supplier = pd.Series(cost).groupby(facts.skus["supplier_id"].to_numpy(object)).sum(min_count=1)
    table["variance_cost"] = by_supplier.reindex(table.index)
    table = table.rename_axis("supplier_id").reset_index()
    return table.sort_values(["lines", "supplier_id"], ascending=[False, True], ignore_index=True)


def variance_stock(facts: CompanyFacts) -> Array:
    """Units of safety stock (n,) that the spread of lead times alone asks for: need less need with σ_L = 0."""
    steady = np.zeros(len(facts.skus))
    return np.asarray(facts.safety_stock(LEVEL) - facts.safety_stock(LEVEL, steady))


def _promises(orders: pd.DataFrame) -> pd.DataFrame:
    """Promises of received lines by supplier, those that look overwritten left out."""
    promised = PromiseTrust.learn(orders).days(orders) if len(orders) else np.zeros(0)
    taken = ((arrived_at(orders) - orders["ordered_at"]) / _DAY).to_numpy(float)
    known = ~np.isnan(promised) & ~np.isnan(taken)
    error = (taken - promised)[known]
    frame = pd.DataFrame({"promised": promised[known], "promise_error": error, "on_time": error <= 0})
    grouped = frame.groupby(orders["supplier_id"].astype(str).to_numpy()[known])
    return grouped.mean().join(grouped.size().rename("promises"))


def _by_lines(name: str, label: str, moments: "pd.Series[float]", how: str) -> Figure:
    around = _Z * moments["std"] / np.sqrt(moments["closed"]) * np.array([-1.0, 1.0])
    value = Range.around(float(moments["mean"]), np.maximum(moments["mean"] + around, 0.0))
    return Figure(name, label, "days", value, f"{how}; range: 90% by its standard error")


def _on_time(suppliers: pd.DataFrame) -> Figure:
    """Share of promises kept, over all suppliers, with its 90 % interval by Wilson (1927)."""
    how = "lines received by their first promise, of those with one that is believed; range: 90% by Wilson"
    count = float(suppliers["promises"].sum())
    value = Range.unknown()
    if count > 0:
        share = float((suppliers["on_time"] * suppliers["promises"]).sum()) / count
        middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
        half = _Z * np.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2)) / (1 + _Z**2 / count)
        value = Range.around(share, np.clip([middle - half, middle + half], 0.0, 1.0))
    return Figure("on_time", "Promises kept", "share", value, how)
