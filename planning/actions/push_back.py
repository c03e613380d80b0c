"""Push back or cancel: open orders that will not be needed when they arrive."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from planning.actions.proposals import Proposal, confidence, day
from planning.distributions import Array
from planning.inputs import numbers
from planning.money import DAYS_A_YEAR
from planning.projection import LOOK_AHEAD_DAYS
from planning.situation import Situation

_SHORTEST_DELAY = 7.0  # days: less is not worth a call to the supplier
_SOONEST = 2.0  # days: what arrives sooner is on its way already
_MOSTLY = 0.5


@dataclass(frozen=True)
class Unneeded:
    """m open orders, sorted as in the pipeline, array (m,) each.

    Attributes
    ----------
    ahead : units of the SKU in stock, less backorders, and in orders that arrive before this one
    needed : days from now until those are no longer enough, at the target's level
    arrival : expected days until it arrives
    delay : days by which it can come later and still be in time
    unused : units of it expected to find no use within the shelf life or the next two years
    """

    ahead: Array
    needed: Array
    arrival: Array
    delay: Array
    unused: Array


def push_back(situation: Situation) -> list[Proposal]:
    """Propose to push back what is needed later, and to cancel what is not needed at all.

    An order is needed on the day when stock and the orders ahead of it no longer cover demand with the target's
    probability. Pushing back is worth the holding cost of the delay; an order that is not needed within the budget
    horizon (or mostly spoils) is better cancelled: that saves its holding cost over the horizon and the price of the
    units that find no use. Fees of the supplier are not known and not counted.
    """
    pipeline = situation.pipeline
    if not len(pipeline) or not situation.decision.known.any():
        return []
    found = find_unneeded(situation)
    horizon = situation.setting.policy.budget_horizon_days
    open_ = (pipeline.remaining.quantile(0.5) >= _SOONEST) & situation.decision.known[pipeline.sku]
    cancel = open_ & ((found.needed - found.arrival > horizon) | (found.unused > _MOSTLY * pipeline.quantity))
    later = (
        open_ & ~cancel & (found.delay >= max(_SHORTEST_DELAY, situation.setting.policy.review_period_days))
    )
    holding = np.nan_to_num(situation.terms.costs.holding)[pipeline.sku] * pipeline.quantity / DAYS_A_YEAR
    price = pipeline.orders["unit_price"].to_numpy(float) if "unit_price" in pipeline.orders else np.nan
    price = np.where(np.isnan(price), situation.terms.costs.unit[pipeline.sku], price)
    worth = np.where(cancel, holding * horizon + np.nan_to_num(price) * found.unused, holding * found.delay)
    rows = np.flatnonzero((cancel | later) & (worth > 0))
    sure = confidence(situation, situation.chosen[pipeline.sku[rows]])
    return [
        _proposal(
            situation, found, int(i), ("cancel" if cancel[i] else "push_back", float(worth[i]), str(sure[j]))
        )
        for j, i in enumerate(rows)
    ]


def find_unneeded(situation: Situation) -> Unneeded:
    """When each open order is needed, and how much of it never will be."""
    pipeline, forecast, terms = situation.pipeline, situation.forecast, situation.terms
    sku, elapsed = pipeline.sku, situation.setting.elapsed
    arrival = pipeline.remaining.mean()
    ahead = np.nan_to_num(situation.decision.on_hand - situation.decision.backorders)[sku] + _before(
        pipeline.quantity, sku, arrival
    )
    mine, level = forecast.select(sku), terms.targets.level[sku]
    needed = np.where(ahead > 0, mine.days_to_use(ahead, elapsed=elapsed, level=level), 0.0)
    latest = pipeline.remaining.quantile(level)
    shelf = numbers(situation.inputs.items, "shelf_life_days", forecast.unique_ids)[sku]
    until = np.where(np.isnan(shelf), LOOK_AHEAD_DAYS, np.minimum(arrival + shelf, LOOK_AHEAD_DAYS))
    demand = mine.demand_until(until, elapsed=elapsed)
    with_it = ahead + pipeline.quantity
    # E[(x − D)⁺] = x − E[D] + E[(D − x)⁺], so E[D] drops out of the difference
    unused = pipeline.quantity + demand.expected_excess(with_it) - demand.expected_excess(ahead)
    return Unneeded(
        ahead,
        needed,
        arrival,
        np.floor(np.maximum(needed - latest, 0.0)),
        np.clip(unused, 0.0, pipeline.quantity),
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


def _proposal(situation: Situation, found: Unneeded, i: int, what: tuple[str, float, str]) -> Proposal:
    (kind, worth, sure), pipeline, as_of = what, situation.pipeline, situation.setting.as_of
    order, quantity = pipeline.orders.iloc[i], float(pipeline.quantity[i])
    unique_id, supplier, number = (
        str(order["unique_id"]),
        str(order["supplier_id"]),
        f"{order['order_id']}/{order['line']}",
    )
    arrives, delay = day(as_of, float(found.arrival[i])), float(found.delay[i])
    needed = (
        f"needed from {day(as_of, found.needed[i]).date()}"
        if np.isfinite(found.needed[i])
        else "never needed"
    )
    if kind == "cancel":
        title = f"Cancel order {number} of {quantity:,.0f} {unique_id} at {supplier}"
        gain = f"{found.unused[i]:,.0f} of its units find no use"
    else:
        title = f"Push order {number} of {unique_id} at {supplier} back by {delay:.0f} days"
        gain = f"every day later saves {worth / delay:,.2f} of holding cost"
    return Proposal(
        kind=kind,
        unique_id=unique_id,
        supplier_id=supplier,
        alternative_supplier_id=None,
        quantity=quantity,
        worth=worth,
        worth_period="once",
        act_by=day(as_of, float(pipeline.remaining[[i]].quantile(0.1)[0])),
        title=title,
        evidence=(
            f"{quantity:,.0f} units are due about {arrives.date()}, but {found.ahead[i]:,.0f} units ahead of them "
            f"cover demand for longer: {needed}; {gain}."
        ),
        facts={
            "order_id": str(order["order_id"]), "line": str(order["line"]), "quantity": quantity,
            "units_ahead": float(found.ahead[i]), "arrival_days": float(found.arrival[i]),
            "needed_days": float(found.needed[i]), "delay_days": delay, "unused_units": float(found.unused[i]),
            "holding_cost_year": float(situation.terms.costs.holding[pipeline.sku[i]]),
        },
        confidence=sure,
        subject=number,
    )  # fmt: skip
