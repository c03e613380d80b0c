"""Push back or cancel: open orders that will not be needed when they arrive."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.parallel import in_parts
from planning.actions.proposals import action_rows, confidence, order_lines, worthwhile
from planning.assessment import Assessment
from planning.cost.costs import DAYS_A_YEAR
from planning.inputs import numbers
from planning.projection.projection import LOOK_AHEAD_DAYS
from planning.tables.plan import dates, day_texts

_SHORTEST_DELAY = 7.0  # days: less is not worth a call to the supplier
_SOONEST = 2.0  # days: what arrives sooner is on its way already
_MOSTLY = 0.5


@dataclass(frozen=True)
class Need:
    """When m open orders are needed, in the order of the pipeline, array (m,) each.

    Attributes
    ----------
    ahead : units of the SKU in stock, less backorders, and in orders expected before this one
    needed : days from now until those are no longer enough, at the target's level
    arrival : expected days until it arrives
    delay : whole days by which it can come later and still be in time
    unused : units of it expected to find no use within the shelf life or the next two years
    """

    ahead: Array
    needed: Array
    arrival: Array
    delay: Array
    unused: Array


def push_back(assessment: Assessment) -> pd.DataFrame:
    """Propose to push back what is needed later, and to cancel what is not needed at all.

    An order is needed on the day when stock and the orders ahead of it no longer cover demand with the target's
    probability. Pushing back is worth the holding cost of the delay; an order that is not needed within the budget
    horizon (or mostly spoils) is better cancelled: that saves its holding cost over the horizon and the price of
    the units that find no use. Fees of the supplier are not known and not counted.
    """
    pipeline, terms, policy = assessment.pipeline, assessment.terms, assessment.setting.policy
    need = needs(assessment)
    movable = (pipeline.remaining.quantile(0.5) >= _SOONEST) & assessment.decision.known[pipeline.sku]
    idle = (need.needed - need.arrival > policy.budget_horizon_days) | (
        need.unused > _MOSTLY * pipeline.quantity
    )
    later = need.delay >= max(_SHORTEST_DELAY, policy.review_period_days)
    holding = np.nan_to_num(terms.costs.holding)[pipeline.sku] * pipeline.quantity / DAYS_A_YEAR
    lost = np.nan_to_num(_price(assessment)) * need.unused
    worth = np.where(idle, holding * policy.budget_horizon_days + lost, holding * need.delay)
    rows = worthwhile(assessment, worth, movable & (idle | later))
    orders, as_of = pipeline.orders.iloc[rows], assessment.setting.as_of
    head = pd.DataFrame(
        {
            "kind": np.where(idle[rows], "cancel", "push_back").astype(object),
            "unique_id": orders["unique_id"].to_numpy(object),
            "supplier_id": orders["supplier_id"].to_numpy(object),
            "alternative_supplier_id": None,
            "subject": order_lines(orders),
            "quantity": orders["quantity_open"].to_numpy(float),
            "worth": worth[rows],
            "worth_period": "once",
            "act_by": dates(as_of, pipeline.remaining.quantile(0.1)[rows]),
            "confidence": confidence(assessment, assessment.chosen[pipeline.sku[rows]]),
        }
    )
    return action_rows(head, _facts(assessment, need, rows), _tell)


def needs(assessment: Assessment) -> Need:
    """When each open order is needed, and how much of it never will be."""
    pipeline, forecast, decision = assessment.pipeline, assessment.forecast, assessment.decision
    sku, elapsed, level = pipeline.sku, assessment.setting.elapsed, assessment.terms.targets.level
    arrival = pipeline.remaining.mean()
    ahead = np.nan_to_num(decision.on_hand - decision.backorders)[sku]
    ahead = ahead + _before(pipeline.quantity, sku, arrival)
    needed = forecast.days_to_use(ahead, elapsed=elapsed, level=level, rows=sku)
    shelf = numbers(assessment.inputs.items, "shelf_life_days", forecast.unique_ids)[sku]
    until = np.minimum(arrival + np.where(np.isnan(shelf), np.inf, shelf), LOOK_AHEAD_DAYS)
    free = np.maximum(ahead, 0.0)

    def without_use(part: slice) -> Array:
        demand = forecast.demand_until(until[part], elapsed=elapsed, rows=sku[part])
        # E[(x − D)⁺] = x − E[D] + E[(D − x)⁺], so E[D] drops out of the difference with and without the order
        with_it = demand.expected_excess(free[part] + pipeline.quantity[part])
        return pipeline.quantity[part] + with_it - demand.expected_excess(free[part])

    unused = in_parts(without_use, len(sku))
    delay = np.maximum(needed - pipeline.remaining.quantile(level[sku]), 0.0)
    return Need(
        ahead=ahead,
        needed=needed,
        arrival=arrival,
        delay=np.floor(np.minimum(delay, LOOK_AHEAD_DAYS)),
        unused=np.where(ahead < 0, 0.0, np.clip(unused, 0.0, pipeline.quantity)),
    )


def _before(quantity: Array, sku: NDArray[np.int64], arrival: Array) -> Array:
    """Units of the same SKU in orders expected before each one."""
    order = np.lexsort((np.arange(len(sku)), arrival, sku))
    running = np.cumsum(quantity[order]) - quantity[order]
    starts = np.flatnonzero(np.diff(sku[order], prepend=-1))
    base = np.repeat(running[starts], np.diff(np.append(starts, len(sku))))
    before = np.empty(len(sku))
    before[order] = running - base
    return before


def _price(assessment: Assessment) -> Array:
    """What a unit of each open order costs: its own price, else the lane's."""
    pipeline, unit = assessment.pipeline, assessment.terms.costs.unit
    if "unit_price" not in pipeline.orders:
        return unit[pipeline.sku]
    own = pipeline.orders["unit_price"].to_numpy(float)
    return np.where(np.isnan(own), unit[pipeline.sku], own)


def _facts(assessment: Assessment, need: Need, rows: NDArray[np.intp]) -> pd.DataFrame:
    pipeline, as_of = assessment.pipeline, assessment.setting.as_of
    due, needed = (day_texts(as_of, days[rows]) for days in (need.arrival, need.needed))
    orders = pipeline.orders.iloc[rows]
    return pd.DataFrame(
        {
            "order_id": orders["order_id"].astype(str).to_numpy(object),
            "line": orders["line"].astype(str).to_numpy(object),
            "order_quantity": orders["quantity_open"].to_numpy(float),
            "units_ahead": need.ahead[rows],
            "due": due,
            "needed_from": np.where(needed == "NaT", "never", needed),
            "delay_days": need.delay[rows],
            "unused_units": need.unused[rows],
            "holding_cost_year": assessment.terms.costs.holding[pipeline.sku[rows]],
        }
    )


def _tell(a: Any) -> tuple[str, str]:
    if a.kind == "cancel":
        title = f"Cancel order {a.subject} of {a.quantity:,.0f} {a.unique_id} at {a.supplier_id}"
        gain = f"{a.unused_units:,.0f} of them are expected to find no use"
    else:
        title = f"Push order {a.subject} of {a.unique_id} at {a.supplier_id} back by {a.delay_days:.0f} days"
        gain = f"every day later saves {a.worth / a.delay_days:,.2f} of holding cost"
    when = "are never needed" if a.needed_from == "never" else f"are not needed before {a.needed_from}"
    evidence = (
        f"{a.quantity:,.0f} units are due about {a.due}, but with {a.units_ahead:,.0f} units ahead of them they "
        f"{when}; {gain}."
    )
    return title, evidence
