"""What will be needed of a supplier by month, and who else offers it at what break-even premium."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from planning.assessment import Assessment
from planning.compare.alternative_suppliers import alternative_suppliers
from planning.compare.supplier_volume import coming_months
from planning.inputs import numbers_by_sku
from serving.http.json_encoding import json_records
from serving.state.served import Served

MOST_SKUS = 60
"""SKUs of a supplier that a brief looks ahead with: those of the most money; it must not take longer than a page."""

_MONTHS = 12
SHOWN_MONTHS = 6


@dataclass(frozen=True)
class ComingNeeds:
    """What lies ahead with a supplier.

    Attributes
    ----------
    skus, all_skus : looked ahead with, of those bought there
    months : as `planning.compare.supplier_volume.coming_months`, those shown; the money a year is of twelve
    year, year_low, year_high : money of the coming twelve months, the range as if its months erred together
    together : how far SKUs go together
    alternatives : as `planning.compare.alternative_suppliers.alternative_suppliers`, with their names
    """

    skus: int
    all_skus: int
    months: list[dict[str, Any]]
    year: float
    year_low: float
    year_high: float
    together: float
    alternatives: list[dict[str, Any]]


def coming_needs(served: Served, supplier_id: str) -> ComingNeeds | None:
    """Look ahead with the SKUs that the plan buys from a supplier; none where it buys nothing there."""
    bought = [
        sku for sku, name in served.planned_supplier.items() if name == supplier_id and sku in served.row_of
    ]
    if not bought:
        return None
    skus = _most_used(served, bought)
    rows = np.array([served.row_of[sku] for sku in skus], np.intp)
    assessment = served.planner(served.forecast.select(rows)).assess(served.sku_rows.inputs_of(skus))
    if not len(assessment.forecast):
        return None
    together = served.errors_together
    price = np.nan_to_num(assessment.chosen_terms.costs.prices.price(assessment.chosen_terms.order_size))
    months = coming_months(assessment.forecast, price, as_of=served.as_of, together=together, months=_MONTHS)
    shown = months.head(SHOWN_MONTHS).assign(month=months["start"].dt.strftime("%Y-%m"))
    return ComingNeeds(
        skus=len(skus),
        all_skus=len(bought),
        months=json_records(shown),
        year=float(months["money"].sum()),
        year_low=float(months["low"].sum()),
        year_high=float(months["high"].sum()),
        together=together,
        alternatives=_alternatives(served, assessment, supplier_id),
    )


def _most_used(served: Served, skus: list[str]) -> list[str]:
    """The SKUs of the most expected demand in money, as many as are looked ahead with."""
    items = served.sku_rows.inputs_of(skus).items
    cost = np.nan_to_num(numbers_by_sku(items, "unit_cost", np.array(skus, object)), nan=1.0)
    use = served.forecast.cumulative_mean[[served.row_of[sku] for sku in skus], -1] * cost
    return [skus[row] for row in np.argsort(-use, kind="stable")[:MOST_SKUS]]


def _alternatives(served: Served, assessment: Assessment, supplier_id: str) -> list[dict[str, Any]]:
    """Other suppliers of the same SKUs, with their names."""
    rows = json_records(alternative_suppliers(assessment, supplier_id))
    return [row | {"name": served.supplier_names.get(row["supplier_id"], row["supplier_id"])} for row in rows]
