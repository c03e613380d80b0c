"""Compared rows of a what-if page: each number of today, the new one and the difference, with its unit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from configs.formats import missing, number, price, share
from planning.what_if.play_change import WhatIf
from serving.pages.sku.offers_table import COST_LABELS


@dataclass(frozen=True)
class Measure:
    """A number that is compared: its label, its unit (`{currency}` is the company's) and how it is written."""

    name: str
    label: str
    unit: str
    write: Callable[[Any], str]


def _one(value: Any) -> str:
    """A number with a decimal place."""
    return number(value, 1)


def _share(value: Any) -> str:
    """A share with a decimal place."""
    return share(value, 1)


_COSTS = (
    *(
        Measure(f"cost_{part}", f"cost: {label}", "{currency} a year", number)
        for part, label in COST_LABELS.items()
    ),
    Measure("cost", "total cost", "{currency} a year", number),
)

OF_SKU = (
    Measure("reorder_point", "reorder point", "units", number),
    Measure("order_up_to", "order up to", "units", number),
    Measure("order_quantity", "order today", "units", number),
    Measure("order_money", "money of today’s order", "{currency}", number),
    Measure("stockout_risk", "stockout risk before it can arrive", "", _share),
    Measure("unit_price", "price a unit", "{currency}", price),
    Measure("order_size", "usual order size", "units", number),
    Measure("lead_time", "lead time, mean", "days", _one),
    Measure("lead_time_sd", "lead time, standard deviation", "days", _one),
    Measure("lead_time_demand", "demand until the order after arrives", "units", _one),
    Measure("safety_stock", "safety stock", "units", _one),
    Measure("target_level", "service aimed at", "", _share),
    Measure("service_kept", "service kept in a played year", "", _share),
    Measure("average_stock", "average stock", "units", _one),
    Measure("tied_up", "money tied up in it", "{currency}", number),
    *_COSTS,
)
"""What the page of one SKU compares, in its order."""

OF_SUPPLIER = (
    Measure("bought", "SKUs bought here", "SKUs", number),
    Measure("ordered", "SKUs ordered today", "SKUs", number),
    Measure("order_money", "orders today", "{currency}", number),
    Measure("stockouts", "stockouts expected before orders of today arrive", "SKUs", _one),
    Measure("tied_up", "money tied up in average stock", "{currency}", number),
    *_COSTS,
)
"""What the page of a supplier compares, in its order."""


def compared_rows(found: WhatIf, currency: str) -> list[dict[str, str]]:
    """Return the rows that compare today with what if: label, unit, before, after and difference as texts."""
    if len(found.before) == 1:
        sides = [table.iloc[0] for table in (found.before, found.after, found.difference)]
        return [_row(measure, [side[measure.name] for side in sides], currency) for measure in OF_SKU]
    sums = found.sums
    return [_row(measure, sums.loc[measure.name].tolist(), currency) for measure in OF_SUPPLIER]


def _row(measure: Measure, numbers: Sequence[Any], currency: str) -> dict[str, str]:
    """A compared number as texts; a difference too small to be seen is a dash, one that is not known empty."""
    before, after, difference = numbers
    gap = "" if missing(difference) else measure.write(abs(difference))
    if gap and gap.strip("0.%") == "":
        gap = "–"
    elif gap:
        gap = f"{'+' if difference > 0 else '−'}{gap}"
    return {
        "label": measure.label,
        "unit": measure.unit.format(currency=currency),
        "before": measure.write(before),
        "after": measure.write(after),
        "difference": gap,
    }
