"""Chase: the action for an open order that will probably never come, to be asked for or closed."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import days, money, price, quantity, share
from distributions.distribution import Array
from planning.actions.action_table import action_rows, action_subjects, confidence
from planning.actions.expedite_proposals import lanes_of_lines
from planning.assessment import Assessment
from planning.tables.dates import dates_after

_MOST = 1_000  # lines: nobody calls about more


def chase(assessment: Assessment) -> pd.DataFrame:
    """Propose to chase open orders that are likelier never to come than to come, or to close them.

    Worth is the cover that is not there: what it costs to count on it in the coming cycle, the shortage cost of
    E[(D(L+R) − S + m)⁺] − E[(D(L+R) − S)⁺], with S the counted position with today's order and m the units that are not
    to be counted on. The plan does not count on them; whoever reads the open orders does. Where stock is ample the
    worth is nothing, and the line is still to be closed.
    """
    lines = np.flatnonzero(assessment.pipeline.doubtful)
    missing = (assessment.pipeline.quantity * assessment.pipeline.never)[lines]
    short = _more_short(assessment, lines, missing)
    sku = assessment.pipeline.sku[lines]
    worth: Array = np.nan_to_num(short * assessment.chosen_terms.costs.shortage[sku]).round(2)
    value = missing * assessment.pipeline.unit_price(assessment.chosen_terms.costs.unit)[lines]
    listed = _worth_a_call(assessment, worth, value)
    lines, sku, worth = lines[listed], sku[listed], worth[listed]
    orders, as_of = assessment.pipeline.orders.iloc[lines], assessment.setting.as_of
    head = pd.DataFrame(
        {
            "kind": "chase",
            "unique_id": orders["unique_id"].to_numpy(object),
            "supplier_id": orders["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": action_subjects(orders),
            "quantity": orders["quantity_open"].to_numpy(float),
            "worth": worth,
            "worth_period": "once",
            "act_by": dates_after(as_of, np.zeros(len(lines))),
            "confidence": confidence(assessment, assessment.chosen_lane[sku], uses_shortage=True),
        }
    )
    facts = _facts(assessment, lines).assign(
        missing_units=missing[listed], missing_value=value[listed], short_units=short[listed]
    )
    return action_rows(assessment, head, facts, partial(_describe, assessment.inputs.currency))


def _more_short(assessment: Assessment, lines: NDArray[np.intp], missing: Array) -> Array:
    """Units more (k,) that fall short in the coming cycle if the `missing` units (k,) of each line are counted on."""
    decision, sku = assessment.decision, assessment.pipeline.sku[lines]
    level = np.nan_to_num(decision.counted_position + decision.quantity)[sku]
    demand = assessment.chosen_terms.demand.lead_time_demand[sku]
    without, counted = (demand.expected_excess(np.maximum(x, 0.0)) for x in (level, level - missing))
    return np.where(decision.known[sku], np.maximum(counted - without, 0.0), 0.0)


def _worth_a_call(assessment: Assessment, worth: Array, value: Array) -> NDArray[np.intp]:
    """Rows (k,) that come to the policy's minimum, in shortage or goods; the `_MOST` most valuable ones."""
    at_stake = np.fmax(worth, value)
    rows = np.flatnonzero(at_stake >= assessment.setting.policy.minimum_action_value)
    order = np.lexsort((rows, -np.nan_to_num(value[rows]), -worth[rows]))
    return np.sort(rows[order[:_MOST]])


def _facts(assessment: Assessment, lines: NDArray[np.intp]) -> pd.DataFrame:
    """Numbers behind the evidence of chasing the open orders `lines` (k,)."""
    pipeline, lane = assessment.pipeline, lanes_of_lines(assessment, lines)
    orders = pipeline.orders.iloc[lines]
    longest = np.append(assessment.lane_terms.lead_time.quantile(0.99), np.nan)[lane]
    return pd.DataFrame(
        {
            "order_id": orders["order_id"].astype(str).to_numpy(object),
            "line": orders["line"].astype(str).to_numpy(object),
            "age": orders["age"].to_numpy(float),
            "lead_time_q99": longest,
            "never_probability": pipeline.never[lines],
            "shortage_cost": assessment.chosen_terms.costs.shortage[pipeline.sku[lines]],
        }
    )


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of chasing an order, from the action's row."""
    usual = "" if np.isnan(a.lead_time_q99) else f", where 99% of orders come within {days(a.lead_time_q99)}"
    goods = "" if np.isnan(a.missing_value) else f" ({money(a.missing_value, currency)} of goods)"
    costs = (
        f"Counting on them leaves {quantity(a.short_units)} more units short in the coming cycle, at "
        f"{price(a.shortage_cost, currency)} each"
        if a.worth > 0
        else "Stock is ample without them"
    )
    evidence = (
        f"Open for {days(a.age)}{usual}: it never comes with a probability of {share(a.never_probability)}, so that "
        f"{quantity(a.missing_units)} units on order are no cover{goods}. {costs}. Ask {a.supplier} for a date, or "
        "close the line."
    )
    return (
        f"Chase or close order {a.subject} of {quantity(a.quantity)} {a.sku} at {a.supplier}",
        evidence,
    )
