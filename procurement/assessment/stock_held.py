"""Finding: what the stock is worth, how long it lasts, what of it is excess or dead, and what it costs to carry."""

from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from procurement.assessment.company_facts import METHODS, CompanyFacts
from procurement.assessment.finding import Figure, Finding, Range, resampled
from procurement.stock_value.turnover import turnover_by_sku

TITLE = "Stock: what lies and what it costs"
LEVELS = (0.98, 0.95, 0.90)
"""Service levels whose safety stock is left to a SKU before stock is excess: the low, middle and high end."""
EXCESS_DAYS = 180.0
"""Days of demand beyond which stock of a SKU without any lead time is excess."""
NEW_DAYS = 180.0
"""Days since an order, or of known demand, below which stock that did not sell is new, not dead."""
COVERED = 0.5
"""Share of a year's sales that receipts have to explain, or its movements do not tell a SKU's average stock."""
BANDS = (0.0, 30.0, 90.0, 180.0, 365.0)
"""Days of cover that divide the stock."""


def stock_held(facts: CompanyFacts) -> Finding:
    """Value, days of cover, turnover, excess, dead stock and carrying cost.

    Excess is stock of a SKU that sells above the most a textbook policy would ever hold: the demand of lead time and
    review period, the safety stock, and one typical order. Dead stock is all of a SKU that sold nothing in the year,
    unless it is new.
    """
    if facts.moved is None:
        missing = "no stock: give unique_id, as_of and on_hand, and value, cover and excess are worked out"
        return Finding("stock", TITLE, missing=missing)
    by_sku = stock_by_sku(facts)
    numbers = {name: by_sku[name].to_numpy(float) for name in by_sku if name != "unique_id"}
    draw, value = facts.resamples, numbers["value"]
    if (numbers["units"] > 0).any() and np.isnan(value[numbers["units"] > 0]).all():
        missing = "no price of any SKU: give unit_cost in items, and the stock has a value"
        return Finding("stock", TITLE, tables={"by_sku": by_sku}, missing=missing)
    totals = np.array([np.nansum(costed.value) for costed in facts.costed.values()])
    figures = [
        Figure(
            "value",
            "Stock value",
            "money",
            Range.around(float(totals[0]), totals),
            f"first in, first out ({', '.join(METHODS)} are the range), from receipts, sales and the last count",
        ),
        resampled(
            "days_of_cover",
            "Days of cover",
            "days",
            draw.ratio(np.where(numbers["daily_cost"] > 0, value, np.nan), numbers["daily_cost"]),
            "value of SKUs that sell per cost of a day's demand",
        ),
        resampled(
            "turnover",
            "Stock turnover",
            "times a year",
            draw.ratio(numbers["cogs_year"], numbers["average_value"]),
            "cost of goods sold a year per average stock value",
        ),
        _three_levels(numbers),
        resampled("dead", "Dead stock", "money", draw.sum(numbers["dead"]), "value of SKUs without a sale in a year"),
        resampled(
            "carrying_cost",
            "Carrying cost",
            "money a year",
            draw.sum(value * facts.numbers("carrying_rate")),
            "value × the yearly rate of items, else of the config",
        ),
    ]  # fmt: skip
    unknown = int((np.isnan(value) & (numbers["units"] > 0)).sum())
    notes = [f"{unknown:,} SKUs with stock have no price: they count as 0"] if unknown else []
    if not len(facts.tables.purchase_orders):
        notes.append("Without purchase_orders the last count stands for the average stock of the year")
    table = by_sku.sort_values(["excess", "unique_id"], ascending=[False, True], ignore_index=True)
    dead = by_sku[by_sku["dead"] > 0].sort_values(
        ["dead", "unique_id"], ascending=[False, True], ignore_index=True
    )
    tables = {"by_cover": by_cover(by_sku), "excess_by_sku": table[table["excess"] > 0], "dead_by_sku": dead}
    return Finding("stock", TITLE, tuple(figures), tables, tuple(notes))


def stock_by_sku(facts: CompanyFacts) -> pd.DataFrame:
    """Stock of each SKU (n rows): units, value, daily_cost, days_of_cover, cogs_year, average_value, dead, excess.

    excess, excess_low and excess_high (money) are those at `LEVELS`. average_value is what movements between counts
    show; of a SKU whose receipts explain less than half of the year's sales what lies now.
    """
    costed = facts.costed[METHODS[0]]
    demand = facts.skus.set_index("unique_id")["daily_demand"]
    turned = turnover_by_sku(costed, demand).set_index("unique_id")
    columns = ["units", "value", "daily_cost", "days_of_cover", "cogs_year", "average_value"]
    frame = turned[columns].reindex(facts.skus["unique_id"]).reset_index()
    frame[["units", "cogs_year"]] = frame[["units", "cogs_year"]].fillna(0.0)
    absent = ~frame["unique_id"].isin(turned.index)
    frame.loc[absent, ["value", "average_value", "daily_cost"]] = 0.0
    received = frame["unique_id"].isin(_received_within_the_year(facts))
    frame["average_value"] = frame["average_value"].where(received, frame["value"])
    value, units = frame["value"].to_numpy(float), frame["units"].to_numpy(float)
    unit_value = np.divide(value, units, out=np.zeros(len(units)), where=units > 0)
    dead = is_dead(facts) & (units > 0)
    frame["dead"] = np.where(dead, value, 0.0)
    for level, name in zip(LEVELS, ("excess_low", "excess", "excess_high"), strict=True):
        most = most_needed(facts, level)
        frame[name] = np.where(dead, 0.0, np.maximum(np.nan_to_num(units - most), 0.0) * unit_value)
    return frame


def most_needed(facts: CompanyFacts, level: float) -> Array:
    """Most units that a textbook policy at a service level ever holds of each SKU (n,); NaN without known demand."""
    demand, order = facts.numbers("daily_demand"), facts.numbers("order_quantity")
    review = max(facts.config.policy.review_period_days, 1.0)
    order = np.where(np.isnan(order), demand * review, order)
    safety = np.nan_to_num(facts.safety_stock(level))
    policy = demand * facts.exposure_days + safety + order
    return np.asarray(np.where(np.isnan(policy), demand * EXCESS_DAYS, policy))


def is_dead(facts: CompanyFacts) -> NDArray[np.bool_]:
    """SKUs (n,) that sold nothing in the year though they were there: known and ordered for longer than `NEW_DAYS`."""
    sold = facts.numbers("sold") > 0
    years, ordered = facts.numbers("years_known"), facts.numbers("days_since_order")
    known_long = np.isnan(years) | (years == 0) | (years * 365.0 >= NEW_DAYS)
    return np.asarray(~sold & known_long & ~(ordered < NEW_DAYS))


def by_cover(by_sku: pd.DataFrame) -> pd.DataFrame:
    """Stock by days of cover: cover, skus, value; SKUs without stock left out, those without demand last."""
    held = by_sku[by_sku["units"] > 0]
    days = held["days_of_cover"].fillna(np.inf).to_numpy(float)
    band = np.where(np.isinf(days), len(BANDS), np.searchsorted(BANDS, days, side="right") - 1)
    ends = [*(f"{low:.0f} to {high:.0f} days" for low, high in pairwise(BANDS))]
    names = [*ends, f"over {BANDS[-1]:.0f} days", "no demand"]
    value = held["value"].fillna(0.0).to_numpy(float)
    return pd.DataFrame(
        {
            "cover": names,
            "skus": np.bincount(band, minlength=len(names)),
            "value": np.bincount(band, value, len(names)),
        }
    )


def _three_levels(numbers: dict[str, Array]) -> Figure:
    sums = [float(np.nansum(numbers[name])) for name in ("excess_low", "excess", "excess_high")]
    how = (
        "stock above demand of lead time and review, safety stock of 95% (range: 98 and 90%) and one typical order; "
        f"without any lead time above {EXCESS_DAYS:.0f} days of demand"
    )
    return Figure("excess", "Excess stock", "money", Range(*sums), how)


def _received_within_the_year(facts: CompanyFacts) -> "pd.Index[str]":
    """SKUs whose receipts of the year explain at least `COVERED` of what they sold in it."""
    assert facts.moved is not None
    moved = facts.moved.movements
    recent = moved[moved["at"] > facts.as_of - pd.Timedelta(days=365)]
    units = recent["quantity"].abs().groupby([recent["unique_id"], recent["kind"]]).sum().unstack()
    units = units.reindex(columns=["receipt", "sale"]).fillna(0.0)
    return units.index[(units["receipt"] > 0) & (units["receipt"] >= COVERED * units["sale"])]
