"""Joint replenishment: how often a supplier is ordered from, and which SKUs join an order that goes anyway.

An order costs A whatever its lines. What is nearly due joins as long as it postpones the supplier's next order for less
than that costs a day: of the sets {the k SKUs due first} the one is taken whose cost (A + Σ e) / E[days until the next
SKU of the supplier is due] is least, e being what a line costs today against at its own date (Silver and Meal's
criterion, for a family of SKUs with uncertain due dates). Then each that does not pay for itself is dropped again.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.orders.due_dates import ReviewGrid

_PERIODS = np.array([1, 2, 3, 4, 5, 6, 8, 10, 13, 17, 22, 26])
_EVERY = np.arange(1, 7)
"""A SKU is ordered with every order of its supplier, every second one, …"""
_LEAST_CHANCE = 1e-12


@dataclass(frozen=True)
class Family:
    """m SKUs by supplier, sorted by it; arrays (m,) or m rows each.

    Attributes
    ----------
    supplier : row of the supplier
    due : ordered today anyway
    may_join : could be ordered today
    extra : e, money that its line costs today beyond at its own date; 0 where it is due
    without, within : arrays (m, V), chance that it is not due at coming reviews, without and with its line today
    """

    supplier: NDArray[np.intp]
    due: NDArray[np.bool_]
    may_join: NDArray[np.bool_]
    extra: Array
    without: Array
    within: Array


def order_period(
    supplier: NDArray[np.intp],
    cost: Callable[[float], Array],
    rate: Array,
    line: Array,
    review: float,
) -> Array:
    """Days (S,) between two orders of each supplier that cost least: min of A/P + Σ min_k [K/(kP) + d·h·kP/2].

    Parameters
    ----------
    supplier : row of the supplier of each of m SKUs
    cost : A, money (S,) an order if one goes every so many days
    rate : d·h, array (m,), money that holding a day's demand costs a day
    line : K, array (m,), money an order line
    """
    period = np.full(len(cost(review)), float(review))
    if not cost(review).any():
        return period
    best = np.full(len(period), np.inf)
    for days in _PERIODS * review:
        an_order = cost(days)
        each = line[:, None] / (_EVERY * days) + rate[:, None] * _EVERY * days / 2
        total = an_order / days + np.bincount(supplier, each.min(axis=1), len(period))
        better = (total < best - 1e-12) & (cost(review) > 0)
        best, period = np.where(better, total, best), np.where(better, days, period)
    return period


def joining(family: Family, cost: Array, grid: ReviewGrid) -> tuple[NDArray[np.bool_], Array]:
    """Which SKUs of a family (m,) join today's order of their supplier, and the money (m,) that each saves it.

    Nothing joins where nothing is due. `cost` (S,) is A, money an order.
    """
    log_without, log_within = (
        np.log(np.maximum(chance, _LEAST_CHANCE)) for chance in (family.without, family.within)
    )
    log_within = np.where((family.due | family.may_join)[:, None], log_within, log_without)
    order = np.lexsort((grid.expected_days(family.without), ~family.due, family.supplier))
    supplier, extra = (
        family.supplier[order],
        np.where(family.due | ~family.may_join, 0.0, family.extra)[order],
    )
    starts = np.flatnonzero(np.diff(supplier, prepend=-1))
    segment = np.cumsum(np.diff(supplier, prepend=-1) != 0) - 1
    shift = (log_within - log_without)[order]
    nobody = np.add.reduceat(log_without[order], starts, axis=0)
    cumulated = _cumulated(shift, starts, segment)
    days = grid.expected_days(np.exp(np.minimum(nobody[segment] + cumulated, 0.0)))
    rate = (cost[supplier] + _cumulated(extra[:, None], starts, segment)[:, 0]) / days
    due = family.due[order]
    last_due = np.append(due[1:] & ~np.isin(np.arange(1, len(due)), starts), False)
    rate = np.where(last_due, np.inf, rate)  # the due ones go together
    least = np.minimum.reduceat(rate, starts)
    chosen = np.maximum.reduceat(np.where(rate <= least[segment], np.arange(len(rate)), -1), starts)
    within = (np.arange(len(rate)) <= chosen[segment]) & (due | family.may_join[order])
    any_due = np.maximum.reduceat(due, starts)[segment]
    together = nobody + np.add.reduceat(np.where(within[:, None], shift, 0.0), starts, axis=0)
    with_all = grid.expected_days(np.exp(np.minimum(together, 0.0)))[segment]
    without_it = grid.expected_days(np.exp(np.minimum(together[segment] - shift, 0.0)))
    saved = np.maximum(least, 0.0)[segment] * (with_all - without_it)
    joins = within & ~due & any_due & (saved > extra)
    result, money = np.zeros(len(order), bool), np.zeros(len(order))
    result[order], money[order] = joins, np.where(joins, saved, 0.0)
    return result, money


def _cumulated(values: Array, starts: NDArray[np.intp], segment: NDArray[np.intp]) -> Array:
    """Running sums (m, V) of `values` (m, V) within each supplier's rows of a family."""
    total = np.cumsum(values, axis=0)
    before = total[starts] - values[starts]
    return np.asarray(total - before[segment])
