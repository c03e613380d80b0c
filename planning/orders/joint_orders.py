"""Today's joint orders: what is ordered of each SKU when the lines of a supplier go out as one order."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.assessment import Assessment
from planning.inputs import texts_by_sku
from planning.orders.budget import Budget, budgets_of_today, with_placed_here
from planning.orders.fill_up import Orders
from planning.orders.keep_budgets import Kept, keep_budgets
from planning.orders.meet_terms import MetTerms, Patience, meet_terms
from planning.orders.order_state import OrderState
from planning.orders.shared_lines import SharedLines, shared_lines
from planning.top_ups import TOP_UP

NEEDED, JOINS, FILLS, RAISED, TRIMMED = "needed", "joins", "fills", "raised", "trimmed"
"""Why a line has its quantity: the SKU alone orders it; it is nearly due and joins; it fills a minimum, free freight
or a container; supplier terms raise what the SKU alone would order, or terms or a budget trim it. `TOP_UP`, whatever
its quantity: the surge supplier of an agreed pair tops up what the base supplier delivers."""


@dataclass(frozen=True)
class JointOrders:
    """Joint orders of m SKUs from S suppliers today.

    Attributes
    ----------
    state : what they are decided in; its `row` is the SKU's row in the assessment
    shared : lines as they share an order
    patience : how far each supplier's order can wait for its minimum
    met : orders that meet the suppliers' terms
    kept : orders that keep the budgets: those that go out
    """

    state: OrderState
    shared: SharedLines
    patience: Patience
    met: MetTerms
    kept: Kept

    @property
    def quantity(self) -> Array:
        """Units (m,) to order today."""
        return self.kept.orders.quantity

    @property
    def origin(self) -> NDArray[np.object_]:
        """Why each SKU (m,) has its line: NEEDED, JOINS, FILLS, RAISED, TRIMMED or TOP_UP; empty without one."""
        quantity, alone = self.quantity, self.state.alone
        kinds = [
            quantity <= 0,
            ~self.state.own,
            (alone > 0) & (quantity > alone + 1e-9),
            (alone > 0) & (quantity < alone - 1e-9),
            alone > 0,
            self.shared.joins,
        ]
        return np.select(kinds, ["", TOP_UP, RAISED, TRIMMED, NEEDED, JOINS], FILLS).astype(object)

    @property
    def worth(self) -> Array:
        """Money (m,) that each line is worth today against at the next review, with what it saves of coming orders."""
        worth = self.shared.worth.worth(self.quantity)
        return np.where(self.state.terms.costs.known, worth, np.nan)

    @property
    def at_risk(self) -> Array:
        """Money (m,) of expected shortage that each line, or the one that waits, keeps from the SKU."""
        return shortage_saved(self.shared, np.maximum(self.quantity, self.state.alone))

    @property
    def waits(self) -> NDArray[np.bool_]:
        """Suppliers (S,) from which something is needed and nothing ordered: below their minimum."""
        return self.met.waits | self.kept.too_small

    @property
    def freight(self) -> Array:
        """Freight (S,) of each supplier's order, money."""
        terms, orders = self.state.suppliers, self.kept.orders
        return terms.freight_of(orders.value(len(terms)), orders.shares(terms).max(axis=1))

    @property
    def wait_days(self) -> Array:
        """Days (S,) until enough is expected to be due for each supplier's minimum, to the next review at least."""
        orders, terms = self.kept.orders.with_quantity(self.shared.quantity), self.state.suppliers
        count = len(terms)
        enough = self.patience.reviews_until_enough(terms, orders.value(count), orders.units(count))
        return enough * self.state.review

    def all_quantities(self, decided: Array) -> Array:
        """Units to order of all SKUs of the assessment (n,) on their chosen lane, `decided` (n,) where not known."""
        result, own = decided.copy(), self.state.own
        result[self.state.row[own]] = self.quantity[own]
        return result


def joint_orders(assessment: Assessment) -> JointOrders:
    """Joint orders of the SKUs of an assessment: its own, and what suppliers' terms and budgets make of them."""
    state, inputs = OrderState.of(assessment), assessment.inputs
    ordered = with_placed_here(inputs.purchase_orders, inputs.open_orders)
    budgets = budgets_of_today(inputs.budgets, ordered, inputs.items, inputs.as_of)
    ids = assessment.forecast.unique_ids[state.row]
    category, department = (texts_by_sku(inputs.items, column, ids) for column in ("category", "department"))
    rows_of = [_rows_of(budget, state, category, department) for budget in budgets]
    return decide_orders(state, budgets, rows_of)


def decide_orders(state: OrderState, budgets: list[Budget], rows_of: list[NDArray[np.intp]]) -> JointOrders:
    """Joint orders in an order state: shared lines, suppliers' terms, then `budgets` with their `rows_of` SKUs."""
    shared = shared_lines(state)
    orders = Orders(
        worth=shared.worth,
        supplier=state.supplier,
        loads=np.nan_to_num(state.loads),
        fillable=state.priced,
        settled=state.settled & (state.alone > 0),
        quantity=shared.quantity,
    )
    patience = _patience(state, shared)
    met = meet_terms(orders, state.suppliers, patience)
    kept = keep_budgets(met.orders, state.suppliers, budgets, rows_of)
    return JointOrders(state, shared, patience, met, kept)


def shortage_saved(shared: SharedLines, quantity: Array) -> Array:
    """Money (m,) of expected shortage that a line of `quantity` (m,) units keeps from each SKU of joint orders."""
    worth = shared.worth
    without, with_it = (worth.demand.expected_excess(worth.position + units) for units in (0.0, quantity))
    return np.asarray(worth.shortage * np.maximum(without - with_it, 0.0))


def _patience(state: OrderState, shared: SharedLines) -> Patience:
    """How far the joint orders of each supplier can wait for its minimum."""
    count, due = len(state.suppliers), state.alone > 0
    if not (state.suppliers.minimum_value + state.suppliers.minimum_quantity).any():
        return Patience(np.ones(count, bool), *np.zeros((3, count)))
    lost = np.maximum(shared.worth.worth(shared.quantity), 0.0)
    units = np.where(state.priced, shared.worth.daily * state.review, 0.0)

    def summed(values: Array) -> Array:
        return np.bincount(state.supplier, values, count).astype(float)

    return Patience(
        may_wait=summed(np.where(due & (~state.safe | state.settled), 1.0, 0.0)) == 0,
        at_risk=summed(np.where(due, lost, 0.0)),
        comes=summed(units * shared.worth.price(shared.worth.lot)),
        units_come=summed(units),
    )


def _rows_of(
    budget: Budget, state: OrderState, category: NDArray[np.object_], department: NDArray[np.object_]
) -> NDArray[np.intp]:
    """SKUs of the order state whose orders a budget pays for, by their `category` and `department` (m,)."""
    paid = np.ones(len(state), bool)
    if budget.supplier_id is not None:
        paid &= state.suppliers.supplier_id[state.supplier] == budget.supplier_id
    if budget.category is not None:
        paid &= category == budget.category
    if budget.department is not None:
        paid &= department == budget.department
    return np.flatnonzero(paid)
