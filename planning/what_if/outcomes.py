"""Outcomes: what an assessment comes to, SKU by SKU: levels, today's order, stock and money tied up, cost and risk."""

import numpy as np
import pandas as pd

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.lanes.lane_terms import LaneTerms

COST_PARTS = ("price", "ordering", "cycle_stock", "safety_stock", "pipeline", "shortage", "spoilage")
"""Parts of the cost a year, columns `cost_…` of the outcomes."""

COSTS = (*(f"cost_{part}" for part in COST_PARTS), "cost")

NUMBERS = (
    "lead_time", "lead_time_sd", "target_level", "service_kept", "lead_time_demand", "safety_stock", "reorder_point",
    "order_up_to", "order_size", "order_quantity", "unit_price", "order_money", "average_stock", "tied_up",
    "stockout_risk", *COSTS,
)  # fmt: skip
"""Columns of the outcomes that are compared."""


def outcomes(assessment: Assessment) -> pd.DataFrame:
    """What an assessment comes to, as a frame with an index of unique_id.

    Returns
    -------
    DataFrame
        supplier_id, target (its kind), and `NUMBERS`: lead times in days; target_level and service_kept, shares;
        lead_time_demand to order_quantity in units; unit_price and order_money of today's order, at the usual order
        size where there is none; average_stock in units and tied_up in money, of a usual year; stockout_risk before
        an order placed today can arrive; cost a year by part, and `cost`, their sum, money
    """
    terms, decision = assessment.chosen_terms, assessment.decision
    ordered = np.nan_to_num(decision.quantity) > 0
    price = terms.costs.prices.price(np.where(ordered, np.nan_to_num(decision.quantity), terms.order_size))
    stock = _average_stock(terms)
    parts = terms.total_cost.frame()
    numbers = {
        "lead_time": terms.lead_time.mean(),
        "lead_time_sd": terms.lead_time.std(),
        "target_level": terms.targets.level,
        "service_kept": terms.played_service,
        "lead_time_demand": terms.demand.expected,
        "safety_stock": terms.safety_stock,
        "reorder_point": terms.reorder_point,
        "order_up_to": terms.order_up_to,
        "order_size": terms.order_size,
        "order_quantity": decision.quantity,
        "unit_price": price,
        "order_money": np.where(decision.quantity == 0, 0.0, decision.quantity * price),
        "average_stock": stock,
        "tied_up": stock * terms.costs.prices.price(terms.order_size),
        "stockout_risk": decision.risk,
        **{f"cost_{part}": parts[part].to_numpy() for part in COST_PARTS},
        "cost": parts["total"].to_numpy(),
    }
    named = {
        "supplier_id": terms.lanes["supplier_id"].to_numpy(object),
        "target": terms.targets.kind.astype(str),
    }
    index = pd.Index(assessment.forecast.unique_ids, name="unique_id")
    return pd.DataFrame(named | numbers, index=index)


def _average_stock(terms: LaneTerms) -> Array:
    """Outcome of a usual year: units (n,) on hand on average, never below 0: what is held costs H a unit and year.

    Q/2 + safety stock, which is what it costs by the closed form, where H is not known.
    """
    held = terms.total_cost.cycle_stock + terms.total_cost.safety_stock
    formula = terms.steady_state.quantity / 2 + terms.safety_stock
    known = terms.costs.holding > 0
    return np.maximum(np.divide(held, terms.costs.holding, out=formula.copy(), where=known), 0.0)
