"""Reason codes beside each planned number: what held for the SKU, and what each code means."""

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.shelf_life import units_until
from planning.inputs import numbers_by_sku
from planning.lanes.end_of_buying import WITHOUT_A_PAST
from planning.orders.joint_orders import JointOrders
from planning.tables.override_columns import OVERRIDE_CODES, override_flags

CODES: dict[str, str] = {
    "no_forecast": "the model has no forecast for this SKU",
    "no_supplier": "no offer in force and no past order says who supplies this SKU",
    "no_lead_time": "the lead-time model has no answer for this supplier",
    "no_stock": "the stock table has no count of this SKU",
    "no_offer": "no offer in force; the supplier of the last order is taken, without terms",
    "no_unit_cost": "neither offer nor item has a price, so money is left out",
    "cost_target_unpriced": "costs are missing, so the service level is the target",
    "shortage_cost_implied": "no shortage cost or margin; the service level implies one",
    "offer_impossible": "no multiple lies from the offer's MOQ to its maximum",
    "moq_binds": "the MOQ is more than needed",
    "maximum_binds": "the offer's maximum is less than needed",
    "target_perishes": "the target would be met with goods that perish",
    "shelf_life_exceeded": "the order is more than sells within its shelf life",
    "phase_out_exceeded": "the order is more than sells before another SKU takes over",
    "price_break": "raised to the next price break, which pays",
    "dearer_break": "kept below a quantity from which a unit costs more",
    "target_capped": "the target asked for lies outside 1% to 99.99%, the nearer of which is taken",
    "late": "even an order placed now leaves more risk than the target accepts",
    "open_orders_late": "stock may run out before what is on order arrives",
    "overdue_order": "an open order is far beyond its lead time; counted as newly placed, if it comes at all",
    "doubtful_order": "an open order will probably never come: chase or close it",
    "no_demand": "no demand is expected",
    "stale_demand": "its demand of late is not known: the forecast goes on from before, and is the wider for it",
    "silent": "not sold for longer than ever: it may be leaving the range, out of stock, or missing from the export",
    "dead": "no sale for so long that it is not bought again",
    "never_sold": "no demand of it is known, and no order of the last half-year says it is new: buy it first by hand",
    "run_down": "another SKU has taken over: it is run down, not bought again",
    "replaced": "another SKU takes over its demand",
    "new_from_category": "no demand of it is known: planned as new, by what SKUs of its category typically sell",
    "answered_today": "its supplier's order of today is approved already: what is still missing is for the next review",
    "joins_order": "not due yet: joins because an order of its supplier goes anyway",
    "lasts_until_next_order": "raised to last until its supplier's next order",
    "fills_order": "raised to fill its supplier's order up to a minimum, free freight or a container",
    "trimmed_by_terms": "less than needed, which saves a further container",
    "trimmed_by_budget": "less than needed: a budget is spent on what is worth more",
    "waits_for_minimum": "its supplier's order waits: the minimum is not worth filling today",
    "minimum_out_of_reach": "its supplier's minimum cannot be filled today with what may be ordered and sells in time",
    "two_suppliers": "bought from two suppliers, as agreed: base here, and the quicker one tops up",
    "unknown_category": "no demand of it is known: planned as new, by what SKUs of the company typically sell",
    **OVERRIDE_CODES,
}
"""Reason code → what it means."""

NOT_BOUGHT = {"dead", "never_sold", "run_down"}
"""Reason codes of SKUs that are not bought again."""

NOT_TODAY = {
    "answered_today",
    "trimmed_by_budget",
    "trimmed_by_terms",
    "waits_for_minimum",
    "minimum_out_of_reach",
}
"""Reason codes of SKUs that would be ordered today but for an order of today, a budget or their supplier's terms."""


def plan_codes(assessment: Assessment, orders: JointOrders | None = None) -> NDArray[np.object_]:
    """Reason codes of each planned SKU, joined by `;`, with those of today's joint orders where they are given."""
    terms, decision, forecast = assessment.chosen_terms, assessment.decision, assessment.forecast
    overdue, doubtful = (
        np.bincount(assessment.pipeline.sku, lines, len(forecast)) > 0
        for lines in (assessment.pipeline.overdue, assessment.pipeline.doubtful)
    )
    origin = {str(code): forecast.reason == code for code in np.unique(forecast.reason) if code}
    return _joined(
        {
            "late": decision.late,
            "no_stock": ~decision.known,
            "answered_today": decision.answered & (decision.counted_position < terms.reorder_point - 1e-9),
            "no_demand": terms.demand.yearly <= 0,
            "no_offer": ~terms.lanes["has_offer"].to_numpy(bool),
            "offer_impossible": terms.limits.impossible,
            **_quantity_flags(assessment),
            "open_orders_late": _open_orders_late(assessment),
            "target_capped": terms.targets.capped,
            "target_perishes": terms.target_premium > 0,
            "no_unit_cost": np.isnan(terms.costs.unit),
            "cost_target_unpriced": ~terms.targets.priced,
            "shortage_cost_implied": terms.costs.shortage_source == "implied",
            "overdue_order": overdue & ~doubtful,
            "doubtful_order": doubtful,
            "two_suppliers": assessment.from_two,
            **_not_bought(assessment, origin),
            **override_flags(assessment),
            **({} if orders is None else _joint_flags(orders, len(forecast))),
        }
    )


def _joint_flags(orders: JointOrders, count: int) -> dict[str, NDArray[np.bool_]]:
    """Reason code → SKUs (n,) whose order is another one because it goes out with those of its supplier."""
    state, shared, quantity = orders.state, orders.shared, orders.quantity
    of_terms, waits = orders.met.orders.quantity, orders.met.waits[state.supplier]
    wanted = state.alone > 0
    flags = {
        "joins_order": shared.joins & (quantity > 0),
        "lasts_until_next_order": wanted & (shared.quantity > state.alone) & (quantity > state.alone),
        "fills_order": (of_terms > shared.quantity) & (quantity > np.where(wanted, state.alone, 0.0)),
        "trimmed_by_terms": wanted & ~waits & (of_terms < state.alone) & (quantity < state.alone),
        "trimmed_by_budget": wanted & (quantity < of_terms) & (quantity < state.alone),
        "waits_for_minimum": wanted & waits & ~orders.met.out_of_reach[state.supplier],
        "minimum_out_of_reach": wanted & waits & orders.met.out_of_reach[state.supplier],
    }
    every = {code: np.zeros(count, bool) for code in flags}
    for code, mask in flags.items():
        every[code][state.row[state.own]] = mask[state.own]
    return every


def _not_bought(assessment: Assessment, origin: dict[str, NDArray[np.bool_]]) -> dict[str, NDArray[np.bool_]]:
    """The forecasts' reason codes, and those of SKUs (n,) that are not bought again."""
    ended = assessment.chosen_terms.lanes["buying_days_left"].to_numpy(float) <= 0
    replaced = assessment.forecast.reason == "replaced"
    never = np.isin(assessment.forecast.reason.astype(str), WITHOUT_A_PAST)
    kept = {code: mask & ~ended if code in WITHOUT_A_PAST else mask for code, mask in origin.items()}
    ended_by = {"dead": ended & ~replaced & ~never, "never_sold": ended & never, "run_down": ended & replaced}
    return kept | ended_by


def _open_orders_late(assessment: Assessment) -> NDArray[np.bool_]:
    """SKUs (n,) without a reason to order more, whose open orders leave more stockout risk than the target accepts."""
    decision, terms = assessment.decision, assessment.chosen_terms
    waits = (decision.quantity == 0) & (decision.stock.on_order > 0) & terms.bought
    enough = decision.counted_position >= terms.reorder_point - 1e-9
    return np.asarray(waits & enough & (decision.risk > decision.accepted_risk))


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
        "dearer_break": quantity < allowed - 1e-6,
        "shelf_life_exceeded": ordered & (decision.counted_position + quantity > sells) & (shelf > 0),
        "phase_out_exceeded": ordered
        & (decision.counted_position + quantity > _sold_until_the_end(assessment)),
    }


def _sold_until_the_end(assessment: Assessment) -> Array:
    """Units (n,) at the reorder point or expected to sell before the SKU is replaced, infinite where it is not."""
    left = assessment.chosen_terms.lanes["buying_days_left"].to_numpy(float)
    rows = np.arange(len(left))
    units = units_until(assessment.forecast, left, elapsed=assessment.setting.elapsed, rows=rows)
    return np.maximum(np.ceil(units), assessment.chosen_terms.reorder_point)


def _joined(flags: dict[str, NDArray[np.bool_]]) -> NDArray[np.object_]:
    """Reason codes that hold for each row, joined by `;` in the order of `flags`."""
    columns = [np.where(mask, code + ";", "").astype(object) for code, mask in flags.items()]
    joined = np.sum(columns, axis=0) if columns else np.empty(0, dtype=object)
    return np.asarray([text.rstrip(";") for text in joined], dtype=object)
