"""Reason codes beside each planned number: what held for the SKU, and what each code means."""

import numpy as np
from numpy.typing import NDArray

from planning.assessment import Assessment
from planning.inputs import numbers_by_sku

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


def plan_codes(assessment: Assessment) -> NDArray[np.object_]:
    """Reason codes of each planned SKU, joined by `;`."""
    terms, decision, forecast = assessment.chosen_terms, assessment.decision, assessment.forecast
    overdue = np.bincount(assessment.pipeline.sku, assessment.pipeline.overdue, len(forecast)) > 0
    origin = {str(code): forecast.reason == code for code in np.unique(forecast.reason) if code}
    return _joined(
        {
            "late": decision.late,
            "no_stock": ~decision.known,
            "no_demand": terms.demand.yearly <= 0,
            "no_offer": ~terms.lanes["has_offer"].to_numpy(bool),
            "offer_impossible": terms.limits.impossible,
            **_quantity_flags(assessment),
            "no_unit_cost": np.isnan(terms.costs.unit),
            "cost_target_unpriced": ~terms.targets.priced,
            "shortage_cost_implied": terms.costs.shortage_source == "implied",
            "overdue_order": overdue,
            **origin,
        }
    )


def _quantity_flags(assessment: Assessment) -> dict[str, NDArray[np.bool_]]:
    """Reason code → SKUs (n,) whose order quantity was bound or raised by the offer, or outlives its shelf life."""
    terms, decision = assessment.chosen_terms, assessment.decision
    quantity = np.nan_to_num(decision.quantity)
    ordered = quantity > 0
    need = np.where(ordered, terms.order_up_to - decision.counted_position, 0.0)
    allowed = terms.limits.allowed(need)
    shelf = numbers_by_sku(assessment.inputs.items, "shelf_life_days", assessment.forecast.unique_ids)
    days_to_sell = terms.lead_time.mean() + np.nan_to_num(shelf)
    sells = assessment.forecast.mean_until(days_to_sell, elapsed=assessment.setting.elapsed)
    return {
        "moq_binds": ordered & (allowed > need + 1) & (allowed <= terms.limits.smallest),
        "maximum_binds": ordered & (allowed < need - 1e-6),
        "price_break": quantity > allowed,
        "shelf_life_exceeded": ordered & (decision.counted_position + quantity > sells) & (shelf > 0),
    }


def _joined(flags: dict[str, NDArray[np.bool_]]) -> NDArray[np.object_]:
    """Reason codes that hold for each row, joined by `;` in the order of `flags`."""
    columns = [np.where(mask, code + ";", "").astype(object) for code, mask in flags.items()]
    joined = np.sum(columns, axis=0) if columns else np.empty(0, dtype=object)
    return np.asarray([text.rstrip(";") for text in joined], dtype=object)
