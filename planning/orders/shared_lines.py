"""Lines that share an order: lots that last until the supplier's next one, and SKUs that are nearly due and join."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.decision import quantity_for_position
from planning.orders.due_dates import ReviewGrid, chance_not_due
from planning.orders.join import Family, joining, order_period
from planning.orders.marginal_worth import LineWorth
from planning.orders.order_state import OrderState


@dataclass(frozen=True)
class SharedLines:
    """Lines of m SKUs as they share the orders of S suppliers, array (m,) or (S,).

    Attributes
    ----------
    worth : of the lines by their quantity
    quantity : (m,), units to order
    joins : (m,), SKUs that are not due and join
    due_in : (m,), days until the SKU alone is expected to be due; NaN where it was not asked
    period : (S,), days between two orders of a supplier that cost least
    """

    worth: LineWorth
    quantity: Array
    joins: NDArray[np.bool_]
    due_in: Array
    period: Array


def shared_lines(state: OrderState) -> SharedLines:
    """Lines of an order state as they share what an order of their supplier costs."""
    terms, suppliers = state.terms, state.suppliers
    priced, due = state.priced, state.alone > 0
    usual = state.line_worth(np.maximum(terms.order_size, 1e-9), state.above)
    rate = np.where(priced, usual.daily * usual.holding, 0.0)
    flow = np.bincount(
        state.supplier, np.where(priced, usual.daily * usual.price(usual.lot), 0.0), len(suppliers)
    )

    def order_cost(days: Array | float) -> Array:
        return suppliers.ordering_cost + suppliers.freight * (flow * days < suppliers.free_from)

    period = order_period(
        state.supplier, order_cost, rate, np.where(priced, usual.line_cost, 0.0), state.review
    )
    order_up_to = _order_up_to(state, usual, period)
    lot = np.maximum(terms.order_size, np.where(priced, order_up_to - terms.reorder_point, 0.0))
    worth = replace(usual, lot=np.maximum(lot, 1e-9))
    more = quantity_for_position(replace(terms, order_up_to=order_up_to), state.position)
    more = np.minimum(more, worth.quantity_up_to(worth.most))
    raised = due & (order_up_to > terms.order_up_to + 1e-9)
    quantity = np.where(raised, np.maximum(more, state.alone), state.alone)
    nobody_asked = np.full(len(state), np.nan)
    lines = SharedLines(worth, quantity, np.zeros(len(state), bool), nobody_asked, period)
    return _with_joining(state, lines, order_cost(period), order_up_to)


def _order_up_to(state: OrderState, usual: LineWorth, period: Array) -> Array:
    """Order-up-to level (m,) that lasts until the next order of the supplier, as far as it sells in time."""
    terms = state.terms
    days = period[state.supplier]
    level = terms.reorder_point + usual.daily * np.maximum(days - state.review, 0.0)
    level = np.minimum(level, np.maximum(terms.reorder_point, terms.sellable))
    whole = terms.lanes["whole"].to_numpy(bool)
    level = np.where(whole, np.ceil(level - 1e-9), level)
    return np.where(
        state.priced & (days > state.review), np.maximum(level, terms.order_up_to), terms.order_up_to
    )


def _with_joining(state: OrderState, lines: SharedLines, cost: Array, order_up_to: Array) -> SharedLines:
    """The lines with those of SKUs that are nearly due, where an order of their supplier goes anyway."""
    due = state.alone > 0
    goes = np.bincount(state.supplier, due, len(cost)) > 0
    rows = np.flatnonzero((goes & (cost > 0))[state.supplier] & (state.priced | due))
    if not len(rows):
        return lines
    rows = rows[np.argsort(state.supplier[rows], kind="stable")]
    grid = ReviewGrid.of(state.review)
    up_to = replace(state.terms.select(rows), reorder_point=order_up_to[rows], order_up_to=order_up_to[rows])
    wanted = quantity_for_position(up_to, state.position[rows])
    own = lines.worth.select(rows)
    offered = np.minimum(wanted, own.quantity_up_to(own.most))
    offered = np.where(due[rows], lines.quantity[rows], offered)
    above, place = np.where(due[rows], 0.0, np.maximum(state.above[rows], 1e-9)), state.row[rows]
    after = np.maximum(state.above[rows] + offered, 1e-9)
    without, within = chance_not_due(state.forecast, (above, after), place, grid, state.elapsed)
    due_in = np.where(due[rows], 0.0, grid.expected_days(without))
    own = replace(own, above=np.where(due[rows], own.above, own.daily * due_in))
    family = Family(
        supplier=state.supplier[rows],
        due=due[rows],
        may_join=state.priced[rows] & ~due[rows] & (offered > 0),
        extra=-own.worth(offered),
        without=without,
        within=within,
    )
    joins, saved = joining(family, cost, grid)
    quantity, joined, all_due = lines.quantity.copy(), lines.joins.copy(), lines.due_in.copy()
    all_above, all_saved = lines.worth.above.copy(), lines.worth.saved.copy()
    quantity[rows] = np.where(joins, offered, quantity[rows])
    joined[rows], all_due[rows] = joins, due_in
    all_above[rows], all_saved[rows] = own.above, saved
    worth = replace(lines.worth, above=all_above, saved=all_saved)
    return SharedLines(worth, quantity, joined, all_due, lines.period)
