"""Allocation: one quantity for each SKU, so that a sum over them reaches or keeps within a bound at the least cost.

The bound has a price θ: each SKU takes the quantity of least cost − θ·measure, and θ is found by halving, for many
suppliers or budgets at once. What is left of the bound is given to, or taken from, single SKUs in the order of what
they cost a unit of it. A small problem is solved exactly, from the states (sum, cost) none of which is beaten by
another (Nemhauser & Ullmann 1969).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.take_rows import take_rows
from planning.orders.marginal_worth import LineWorth

_LEAST_PRICE, _WIDENINGS, _HALVINGS = 1e-6, 40, 50
_MOST_RAISED = 100
"""SKUs that are given what is left of a bound."""
_MOST_STATES = 20_000
_SLACK = 1e-9


@dataclass(frozen=True)
class Choices:
    """J quantities that each of m SKUs can be ordered in, rising, what they cost and what they measure, (m, J) each.

    Attributes
    ----------
    group : array (m,), row of the supplier or budget whose bound the SKU counts for
    """

    quantity: Array
    cost: Array
    measure: Array
    group: NDArray[np.intp]

    @classmethod
    def between(
        cls, worth: LineWorth, low: Array, high: Array, measure: Array, group: NDArray[np.intp], *, steps: int
    ) -> Self:
        """Quantities that the offers allow from `low` to `high` (m,), which are allowed; money where `measure` is NaN.

        Parameters
        ----------
        measure : (m,), of a unit; NaN: its price
        """
        span = np.maximum(high - low, 0.0)
        shares = np.linspace(0.0, 1.0, steps)
        columns = [np.where(span > 0, worth.quantity_up_to(low + share * span), low) for share in shares]
        quantity = np.column_stack([low, *(np.maximum(column, low) for column in columns[1:-1]), high])
        quantity = np.maximum(quantity, low[:, None])
        each = [worth.price(q) if np.isnan(measure).all() else measure for q in quantity.T]
        return cls(
            quantity=quantity,
            cost=np.column_stack([worth.cost(q) for q in quantity.T]),
            measure=quantity * np.column_stack(each),
            group=group,
        )

    def select(self, rows: NDArray[np.intp]) -> Self:
        """The choices of the SKUs `rows` (k,)."""
        picked: Self = take_rows(self, rows)
        return picked

    def at_price(self, price: Array) -> NDArray[np.intp]:
        """The choice (m,) of least cost − θ·measure at the `price` θ of each group (G,)."""
        return np.asarray((self.cost - price[self.group][:, None] * self.measure).argmin(axis=1))

    def take(self, values: Array, chosen: NDArray[np.intp]) -> Array:
        """The `values` (m, J) of the `chosen` (m,)."""
        return np.asarray(np.take_along_axis(values, chosen[:, None], 1)[:, 0])

    def total(self, values: Array, chosen: NDArray[np.intp], groups: int) -> Array:
        """Sums (G,) of the `values` (m, J) of the `chosen` (m,)."""
        return np.asarray(np.bincount(self.group, self.take(values, chosen), groups))


@dataclass(frozen=True)
class Allocation:
    """What each SKU is allotted.

    Attributes
    ----------
    chosen : array (m,), column of the choices
    price : array (G,), θ: what another unit of the bound costs; ≤ 0 where the bound is an upper one
    met : array (G,), whether the bound is kept
    """

    chosen: NDArray[np.intp]
    price: Array
    met: NDArray[np.bool_]


def at_least(choices: Choices, bound: Array) -> Allocation:
    """The least costly allocation whose measure reaches the `bound` (G,); the largest one where none does."""
    groups = len(bound)
    low, high = np.zeros(groups), np.full(groups, _LEAST_PRICE)

    def reached(price: Array) -> NDArray[np.bool_]:
        return choices.total(choices.measure, choices.at_price(price), groups) >= bound - _SLACK

    for _ in range(_WIDENINGS):
        more = ~reached(high)
        if not more.any():
            break
        high = np.where(more, 4 * high, high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = reached(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    met = reached(high)
    chosen = np.where(met[choices.group], choices.at_price(high), choices.quantity.shape[1] - 1)
    return Allocation(_lowered(choices, chosen, bound, met), high, met)


def at_most(choices: Choices, bound: Array) -> Allocation:
    """The least costly allocation whose measure keeps within the `bound` (G,); the smallest one where none does."""
    groups = len(bound)
    price = _upper_price(choices, bound)
    chosen = choices.at_price(-price)
    met = choices.total(choices.measure, chosen, groups) <= bound + _SLACK
    chosen = np.where(met[choices.group], chosen, 0)
    return Allocation(_raised(choices, chosen, bound), -price, met)


def _upper_price(choices: Choices, bound: Array) -> Array:
    """Least price (G,) of a unit at which the allocation keeps within an upper `bound` (G,); 0 where it does anyway."""
    low, high = np.zeros(len(bound)), np.zeros(len(bound))

    def kept(price: Array) -> NDArray[np.bool_]:
        return choices.total(choices.measure, choices.at_price(-price), len(bound)) <= bound + _SLACK

    for _ in range(_WIDENINGS):
        more = ~kept(high)
        if not more.any():
            break
        low, high = np.where(more, high, low), np.where(more, np.maximum(4 * high, _LEAST_PRICE), high)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = kept(middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return high


def _lowered(
    choices: Choices, chosen: NDArray[np.intp], bound: Array, met: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """The allocation with what lies beyond the bound taken away again, the costliest first."""
    result = chosen.copy()
    spare = choices.total(choices.measure, chosen, len(bound)) - bound
    for group in np.flatnonzero(met & (spare > _SLACK)):
        rows = np.flatnonzero(choices.group == group)
        while True:
            at = result[rows]
            freed = choices.measure[rows, at][:, None] - choices.measure[rows]
            saved = choices.cost[rows, at][:, None] - choices.cost[rows]
            fits = (np.arange(freed.shape[1]) < at[:, None]) & (freed <= spare[group] + _SLACK)
            saved = np.where(fits, saved, -np.inf)
            row, column = np.unravel_index(saved.argmax(), saved.shape)
            if not saved[row, column] > _SLACK:
                break
            spare[group] -= freed[row, column]
            result[rows[row]] = column
    return result


def _raised(choices: Choices, chosen: NDArray[np.intp], bound: Array) -> NDArray[np.intp]:
    """The allocation with what is left of the bound given away, to those that save most a unit of it."""
    result = chosen.copy()
    room = bound - choices.total(choices.measure, chosen, len(bound))
    for group in np.flatnonzero(room > _SLACK):
        rows = np.flatnonzero(choices.group == group)
        for _ in range(_MOST_RAISED):
            at = result[rows]
            taken = choices.measure[rows] - choices.measure[rows, at][:, None]
            saved = choices.cost[rows, at][:, None] - choices.cost[rows]
            fits = (taken > _SLACK) & (taken <= room[group] + _SLACK) & (saved > _SLACK)
            ratio = np.where(fits, saved / np.where(fits, taken, 1.0), -np.inf)
            row, column = np.unravel_index(ratio.argmax(), ratio.shape)
            if not ratio[row, column] > 0:
                break
            room[group] -= taken[row, column]
            result[rows[row]] = column
    return result


def exactly_at_most(choices: Choices, bound: float) -> NDArray[np.intp] | None:
    """The best allocation (m,) of one group within its `bound`; none where it takes too many states to find."""
    measure, cost = np.zeros(1), np.zeros(1)
    path = np.zeros((1, 0), np.intp)
    for row in range(len(choices.group)):
        columns = np.unique(choices.quantity[row], return_index=True)[1]
        measure = (measure[:, None] + choices.measure[row, columns]).ravel()
        cost = (cost[:, None] + choices.cost[row, columns]).ravel()
        path = np.column_stack([np.repeat(path, len(columns), axis=0), np.tile(columns, len(path))])
        keep = np.flatnonzero(measure <= bound + _SLACK)
        order = keep[np.lexsort((cost[keep], measure[keep]))]
        better = np.append(True, cost[order][1:] < np.minimum.accumulate(cost[order])[:-1] - 1e-12)
        order = order[better[: len(order)]]
        if not len(order) or len(order) > _MOST_STATES:
            return None
        measure, cost, path = measure[order], cost[order], path[order]
    return np.asarray(path[cost.argmin()])


def least_cost(choices: Choices, bound: Array) -> Array:
    """Least cost (G,) of allocations within each `bound` (G,) if a share of a choice could be taken, by duality.

    Convex and falling in the bound: max over λ ≥ 0 of Σ min(cost + λ·measure) − λ·bound.
    """
    price = _upper_price(choices, bound)
    chosen = choices.at_price(-price)
    measure, cost = (choices.total(x, chosen, len(bound)) for x in (choices.measure, choices.cost))
    return np.asarray(cost + price * (measure - bound))
