"""Keep budgets: today's orders cut to what is left of each, and no order that is then below its supplier's minimum.

An order that a budget cuts below its minimum goes whole where it is worth as much a unit of money as the budget's last
line, and else not at all, which frees its money for others.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.orders.budget import PRICED, Budget, BudgetUse, within_budget
from planning.orders.fill_up import Orders
from planning.orders.supplier_terms import SupplierTerms


@dataclass(frozen=True)
class Kept:
    """Orders that keep all budgets.

    Attributes
    ----------
    orders : with the quantities that are ordered
    uses : what they make of each budget
    bound_by : array (m,), name of the budget that last cut a line; empty where none did
    too_small : array (S,), suppliers whose order a budget cuts below their minimum, so that it does not go
    """

    orders: Orders
    uses: tuple[BudgetUse, ...]
    bound_by: NDArray[np.object_]
    too_small: NDArray[np.bool_]


def keep_budgets(
    orders: Orders, terms: SupplierTerms, budgets: list[Budget], rows_of: list[NDArray[np.intp]]
) -> Kept:
    """Orders cut to the `budgets`, whose lines are `rows_of` each."""
    count = len(terms)
    dropped, whole = np.zeros((2, count), bool)
    density = _worth_a_unit(orders, count)
    while True:
        kept = _cut(orders, budgets, rows_of, dropped, whole)
        over = [
            np.unique(orders.supplier[rows])
            for use, rows in zip(kept.uses, rows_of, strict=True)
            if use.ordered > use.budget.left + 1e-9
        ]
        forced = np.intersect1d(np.concatenate([np.zeros(0, np.intp), *over]), np.flatnonzero(whole))
        if len(forced):
            least = forced[density[forced].argmin()]
            dropped[least], whole[least] = True, False
            continue
        value, units = kept.orders.value(count), kept.orders.units(count)
        below = (units > 0) & ~whole & ~terms.minimum_met(value, units)
        if not below.any():
            return kept
        price = max((use.saves / PRICED for use in kept.uses), default=0.0)
        whole |= below & (density >= price)
        dropped |= below & ~whole


def _cut(
    orders: Orders,
    budgets: list[Budget],
    rows_of: list[NDArray[np.intp]],
    dropped: NDArray[np.bool_],
    whole: NDArray[np.bool_],
) -> Kept:
    """Orders cut to the budgets, without those of `dropped` suppliers (S,); those of `whole` (S,) are not cut."""
    gone, settled = dropped[orders.supplier], orders.settled | whole[orders.supplier]
    kept = replace(orders, quantity=np.where(gone, 0.0, orders.quantity), settled=settled)
    bound_by, uses = np.full(len(gone), "", object), []
    for budget, rows in zip(budgets, rows_of, strict=True):
        bound_by[rows[(gone & (orders.quantity > 0))[rows]]] = budget.name
        quantity, use = within_budget(kept, rows, budget)
        bound_by[quantity < kept.quantity] = budget.name
        kept = kept.with_quantity(quantity)
        uses.append(use)
    return Kept(replace(kept, settled=orders.settled), tuple(uses), bound_by, dropped.copy())


def _worth_a_unit(orders: Orders, count: int) -> Array:
    """What each of `count` suppliers' orders is worth as a whole a unit of money, (S,), before budgets."""
    worth, value = orders.per_supplier(orders.worth.worth(orders.quantity), count), orders.value(count)
    return np.asarray(np.divide(worth, value, out=np.full(count, np.inf), where=value > 0))
