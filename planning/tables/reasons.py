"""The sentence and the codes beside each planned number."""

import math
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.decision import OrderDecision
from planning.lanes.terms import LaneTerms, PlanSetting

CODES: dict[str, str] = {
    "no_forecast": "the model has no forecast for this SKU",
    "no_supplier": "no offer and no past order says who supplies this SKU",
    "no_lead_time": "the lead-time model has no answer for this supplier",
    "no_stock": "the stock table has no count of this SKU",
    "no_offer": "no valid offer; the supplier of the last order is taken",
    "no_unit_cost": "neither offer nor item has a price, so money is left out",
    "cost_target_unpriced": "costs are missing, so the service level is the target",
    "shortage_cost_implied": "no shortage cost or margin; the service level implies one",
    "offer_impossible": "the offer's maximum lies below its MOQ",
    "moq_binds": "the MOQ is more than needed",
    "maximum_binds": "the offer's maximum is less than needed",
    "shelf_life_exceeded": "the order is more than sells within its shelf life",
    "price_break": "raised to the next price break, which pays",
    "late": "even an order placed now leaves more risk than the target accepts",
    "overdue_order": "an open order is far beyond its lead time; counted as newly placed",
    "no_demand": "no demand is expected",
}
"""Reason code → what it means."""


def reason_codes(flags: dict[str, NDArray[np.bool_]]) -> NDArray[np.object_]:
    """Codes that hold for each row, joined by `;` in the order of `flags`."""
    columns = [np.where(mask, code + ";", "").astype(object) for code, mask in flags.items()]
    joined = np.sum(columns, axis=0) if columns else np.empty(0, dtype=object)
    return np.asarray([text.rstrip(";") for text in joined], dtype=object)


class _Numbers(NamedTuple):
    """What the sentence of one SKU tells."""

    supplier: str
    quantity: float
    position: float
    expected: float
    reorder_point: float
    kind: str
    level: float
    interval: float
    wait: float
    codes: str


def reasons(
    terms: LaneTerms, decision: OrderDecision, codes: NDArray[np.object_], setting: PlanSetting
) -> list[str]:
    """One sentence for each SKU: what to do, and the numbers that say so."""
    columns = (
        terms.lanes["supplier_id"],
        decision.quantity,
        decision.counted_position,
        terms.expected,
        terms.reorder_point,
        terms.targets.kind,
        terms.targets.level,
        terms.lead_time.mean() + setting.policy.review_period_days,
        decision.wait,
        codes,
    )
    rows = zip(*(np.asarray(column).tolist() for column in columns), strict=True)
    return [_sentence(setting.as_of, _Numbers(*row)) for row in rows]


def _sentence(as_of: pd.Timestamp, told: _Numbers) -> str:
    need = (
        f"{_units(told.expected)} expected over {told.interval:.0f} days of lead time and review, "
        f"reorder point {_units(told.reorder_point)} for a {_AIMS[told.kind]} of {told.level:.1%}"
    )
    if math.isnan(told.quantity):
        head = f"Stock unknown: {need}"
    elif told.quantity > 0:
        head = f"Order {_units(told.quantity)} from {told.supplier}: position {_units(told.position)}, {need}"
    else:
        finite = math.isfinite(told.wait)
        until = f" until {(as_of + timedelta(days=int(told.wait))).date()}" if finite else ""
        head = f"No order needed{until}: position {_units(told.position)}, {need}"
    notes = [CODES.get(code, code.replace("_", " ")) for code in told.codes.split(";") if code]
    return "; ".join([head, *notes]) + "."


_AIMS = {"cycle_service_level": "cycle service", "fill_rate": "fill rate", "cost": "cost fractile"}


def _units(quantity: float) -> str:
    return f"{quantity:,.0f}" if abs(quantity) >= 10 or quantity == round(quantity) else f"{quantity:.1f}"
