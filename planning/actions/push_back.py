"""Push back or cancel: open orders that will not be needed when they arrive."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, price, quantity
from distributions.distribution import Array
from planning.actions.action_table import action_rows, action_subjects, confidence, worthwhile
from planning.actions.open_order_needs import OpenOrderNeeds, open_order_needs
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.tables.dates import date_texts, dates_after

_SHORTEST_DELAY = 7.0  # days: less is not worth a call to the supplier
_SOONEST = 2.0  # days: what arrives sooner is on its way already
_MOSTLY = 0.5


def push_back(assessment: Assessment) -> pd.DataFrame:
    """Propose to push back open orders that are needed later, and to cancel those that are not needed at all.

    An order is needed on the day when stock and the orders ahead of it no longer cover demand with the target's
    probability. Pushing back is worth the holding cost of the delay; an order that is not needed within the budget
    horizon (or mostly spoils) is better cancelled: that saves its holding cost over the horizon and the price of
    the units that find no use. Fees of the supplier are not known and not counted.
    """
    pipeline, policy = assessment.pipeline, assessment.setting.policy
    need = open_order_needs(assessment)
    movable = (pipeline.remaining.quantile(0.5) >= _SOONEST) & assessment.decision.known[pipeline.sku]
    movable &= ~pipeline.doubtful  # to be chased first
    cancel = (need.needed_after - need.arrival > policy.budget_horizon_days) | (
        need.unused > _MOSTLY * pipeline.expected
    )
    later = need.possible_delay >= max(_SHORTEST_DELAY, policy.review_period_days)
    worth = _worth(assessment, need, cancel)
    rows = worthwhile(assessment, worth, movable & (cancel | later))
    orders = pipeline.orders.iloc[rows]
    head = pd.DataFrame(
        {
            "kind": np.where(cancel[rows], "cancel", "push_back").astype(object),
            "unique_id": orders["unique_id"].to_numpy(object),
            "supplier_id": orders["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": action_subjects(orders),
            "quantity": orders["quantity_open"].to_numpy(float),
            "worth": worth[rows],
            "worth_period": "once",
            "act_by": dates_after(assessment.setting.as_of, pipeline.remaining.quantile(0.1)[rows]),
            "confidence": confidence(assessment, assessment.chosen_lane[pipeline.sku[rows]]),
        }
    )
    describe = partial(_describe, assessment.inputs.currency)
    return action_rows(head, _facts(assessment, need, rows), describe)


def _worth(assessment: Assessment, need: OpenOrderNeeds, cancel: NDArray[np.bool_]) -> Array:
    """Money (m,) saved by pushing back each open order, or by cancelling it where `cancel` (m,)."""
    pipeline, horizon = assessment.pipeline, assessment.setting.policy.budget_horizon_days
    holding = np.nan_to_num(assessment.chosen_terms.costs.holding)[pipeline.sku]
    holding_a_day = holding * pipeline.expected / DAYS_A_YEAR
    wasted = np.nan_to_num(order_unit_price(assessment)) * need.unused
    return np.where(cancel, holding_a_day * horizon + wasted, holding_a_day * need.possible_delay)


def order_unit_price(assessment: Assessment) -> Array:
    """What a unit of each open order costs (m,): its own price, else the lane's."""
    pipeline, unit = assessment.pipeline, assessment.chosen_terms.costs.unit
    if "unit_price" not in pipeline.orders:
        return unit[pipeline.sku]
    own = pipeline.orders["unit_price"].to_numpy(float)
    return np.where(np.isnan(own), unit[pipeline.sku], own)


def _facts(assessment: Assessment, need: OpenOrderNeeds, rows: NDArray[np.intp]) -> pd.DataFrame:
    """Numbers behind the evidence of pushing back or cancelling the open orders `rows`."""
    pipeline, as_of = assessment.pipeline, assessment.setting.as_of
    due, needed = (date_texts(as_of, days[rows]) for days in (need.arrival, need.needed_after))
    orders = pipeline.orders.iloc[rows]
    return pd.DataFrame(
        {
            "order_id": orders["order_id"].astype(str).to_numpy(object),
            "line": orders["line"].astype(str).to_numpy(object),
            "order_quantity": orders["quantity_open"].to_numpy(float),
            "units_ahead": need.units_ahead[rows],
            "due": due,
            "needed_from": np.where(needed == "NaT", "never", needed),
            "delay_days": need.possible_delay[rows],
            "unused_units": need.unused[rows],
            "holding_cost_year": assessment.chosen_terms.costs.holding[pipeline.sku[rows]],
        }
    )


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of pushing an order back or cancelling it, from the action's row."""
    if a.kind == "cancel":
        title = f"Cancel order {a.subject} of {quantity(a.quantity)} {a.unique_id} at {a.supplier_id}"
        gain = f"{quantity(a.unused_units)} of them are expected to find no use"
    else:
        title = f"Push order {a.subject} of {a.unique_id} at {a.supplier_id} back by {days(a.delay_days)}"
        gain = f"every day later saves {price(a.worth / a.delay_days, currency)} of holding cost"
    when = "are never needed" if a.needed_from == "never" else f"are not needed before {a.needed_from}"
    evidence = (
        f"{quantity(a.quantity)} units are due about {a.due}, but with {quantity(a.units_ahead)} units ahead of them "
        f"they {when}; {gain}."
    )
    return title, evidence
