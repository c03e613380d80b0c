"""Fill up and trim: a supplier's order brought to its minimum, to free freight, or to the end of a container."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.orders.allocation import Choices, at_least, at_most
from planning.orders.marginal_worth import LineWorth
from planning.orders.supplier_terms import SupplierTerms

_STEPS, _ROUNDS = 16, 2
_LONGEST_DAYS = 182.0
"""Nothing is filled up with more than half a year's demand."""


@dataclass(frozen=True)
class Orders:
    """Orders of m SKUs at S suppliers today.

    Attributes
    ----------
    worth : of the lines of the m SKUs
    supplier : array (m,), row of the supplier
    loads : array (m, 3), weight, volume and pallets of a unit; 0 where not known
    fillable : array (m,), whose quantity may be raised: the SKU is bought and its costs are known
    settled : array (m,), whose quantity is not changed
    quantity : array (m,), units
    """

    worth: LineWorth
    supplier: NDArray[np.intp]
    loads: Array
    fillable: NDArray[np.bool_]
    settled: NDArray[np.bool_]
    quantity: Array

    def per_supplier(self, values: Array, count: int) -> Array:
        """Sums (S,) of `values` (m,) over the lines of each of `count` suppliers' orders."""
        return np.asarray(np.bincount(self.supplier, values, count))

    def value(self, count: int) -> Array:
        """Money (S,) of the goods of each of `count` suppliers' orders."""
        return self.per_supplier(self.quantity * self.worth.price(self.quantity), count)

    def units(self, count: int) -> Array:
        """Units (S,) of each of `count` suppliers' orders."""
        return self.per_supplier(self.quantity, count)

    def shares(self, terms: SupplierTerms) -> Array:
        """Containers (S, 3) that each supplier's order fills by weight, by volume and by pallets."""
        count = len(terms)
        columns = [self.per_supplier(self.quantity * load, count) for load in self.loads.T]
        return np.column_stack(columns) / terms.capacity

    def most(self) -> Array:
        """Units (m,) that each SKU may be filled up to: what raises no question, and half a year at the most."""
        bound = np.minimum(self.worth.most, _LONGEST_DAYS * self.worth.daily - self.worth.above)
        return np.where(
            self.fillable, np.maximum(self.worth.quantity_up_to(bound), self.quantity), self.quantity
        )

    def with_quantity(self, quantity: Array) -> "Orders":
        """The same orders in other quantities (m,)."""
        return replace(self, quantity=quantity)


def filled_to(
    orders: Orders, suppliers: NDArray[np.intp], bound: Array, measure: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """Quantities (m,) with which the orders of some `suppliers` (k,) reach the `bound` (k,), and which do (k,).

    Parameters
    ----------
    measure : (m,), what a unit counts for the bound; all NaN: its price
    """
    rows = np.flatnonzero(np.isin(orders.supplier, suppliers))
    group = np.searchsorted(suppliers, orders.supplier[rows])
    worth, own = orders.worth.select(rows), orders.quantity[rows]
    choices = Choices.between(worth, own, orders.most()[rows], measure[rows], group, steps=_STEPS)
    met = at_least(choices, bound).met
    for _ in range(_ROUNDS):  # in smaller and smaller lots around what was found
        chosen = at_least(choices, bound).chosen
        low, high = (
            choices.take(choices.quantity, np.clip(chosen + step, 0, _STEPS - 1)) for step in (-1, 1)
        )
        choices = Choices.between(worth, low, high, measure[rows], group, steps=_STEPS)
    quantity = orders.quantity.copy()
    filled = choices.take(choices.quantity, at_least(choices, bound).chosen)
    quantity[rows] = np.where(met[group], filled, own)
    return quantity, met


def trimmed_to(orders: Orders, suppliers: NDArray[np.intp], bound: Array, measure: Array) -> Array:
    """Quantities (m,) with which the orders of `suppliers` (k,) keep within the `bound` (k,) of a `measure` (m,)."""
    rows = np.flatnonzero(np.isin(orders.supplier, suppliers))
    group = np.searchsorted(suppliers, orders.supplier[rows])
    high = orders.quantity[rows]
    low = np.where(orders.settled[rows], high, 0.0)
    choices = Choices.between(orders.worth.select(rows), low, high, measure[rows], group, steps=_STEPS)
    quantity = orders.quantity.copy()
    quantity[rows] = choices.take(choices.quantity, at_most(choices, bound).chosen)
    return quantity


def filled_within(
    orders: Orders, suppliers: NDArray[np.intp], room: Array, load: Array, saves: Array
) -> Orders:
    """Orders of some `suppliers` (k,) filled up within the `room` (k,) of their containers as far as that saves money.

    Parameters
    ----------
    load : (m,), of a unit
    saves : (k,), money a unit of load that is not sent later
    """
    rows = np.flatnonzero(np.isin(orders.supplier, suppliers))
    group = np.searchsorted(suppliers, orders.supplier[rows])
    worth, low, each = orders.worth.select(rows), orders.quantity[rows], load[rows]
    fits = np.divide(room[group], each, out=np.zeros(len(rows)), where=each > 0)
    high = np.maximum(worth.quantity_up_to(np.minimum(orders.most()[rows], low + fits)), low)
    choices = Choices.between(worth, low, high, each, group, steps=_STEPS)
    choices = replace(
        choices,
        cost=choices.cost - saves[group][:, None] * choices.measure,
        measure=choices.measure - choices.measure[:, :1],
    )
    quantity = orders.quantity.copy()
    quantity[rows] = choices.take(choices.quantity, at_most(choices, room).chosen)
    return orders.with_quantity(quantity)


def extra_cost(before: Orders, after: Orders, count: int) -> Array:
    """Money (S,) that the lines of `count` suppliers' orders cost more today in the quantities `after`."""
    rows = np.flatnonzero(before.quantity != after.quantity)
    if not len(rows):
        return np.zeros(count)
    worth = before.worth.select(rows)
    more = worth.cost(after.quantity[rows]) - worth.cost(before.quantity[rows])
    return np.asarray(np.bincount(before.supplier[rows], more, count))
