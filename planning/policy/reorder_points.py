"""Reorder points from the distribution of lead-time demand, one function a target; what they leave short and over."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from distributions.distribution import Array, Distribution
from distributions.outer_tail import with_outer_tail
from planning.policy.targets import COST, FILL, Targets

_HALVINGS = 45


def reorder_points(
    targets: Targets,
    lead_time_demand: Distribution,
    *,
    before_arrival: Distribution,
    cycle_end: Distribution,
    whole: NDArray[np.bool_],
) -> Array:
    """Reorder point of each lane, shape (n,), by its target.

    In whole units a service level is met by the next whole number; a cost is least near the fractile, so that
    rounds to the nearest. A level beyond the outermost one of the distributions is met on their outer tail.

    Parameters
    ----------
    lead_time_demand : D(L+R)
    before_arrival, cycle_end : for fill rates, D(L) and D(L + a cycle)
    whole : array (n,), counted in whole units
    """
    s = _by_target(targets, lead_time_demand, before_arrival, cycle_end)
    outer = np.flatnonzero(targets.level > lead_time_demand.levels[-1])
    if len(outer):
        demand = (with_outer_tail(each[outer]) for each in (lead_time_demand, before_arrival, cycle_end))
        s[outer] = _by_target(targets.select(outer), *demand)
    rounded = np.where(targets.kind == COST, np.round(s), np.ceil(s - 1e-9))
    return np.where(whole, rounded, s) + 0.0  # never −0


def _by_target(
    targets: Targets, lead_time_demand: Distribution, before_arrival: Distribution, cycle_end: Distribution
) -> Array:
    """Reorder point of each lane by its target, (n,), not rounded."""
    s = cycle_service_reorder_point(lead_time_demand, targets.level)
    fill = np.flatnonzero(targets.kind == FILL)
    s[fill] = fill_rate_reorder_point(cycle_end[fill], before_arrival[fill], targets.level[fill])
    cost = targets.kind == COST
    s[cost] = cost_reorder_point(lead_time_demand[cost], targets.level[cost])
    return s


def cycle_service_reorder_point(demand: Distribution, level: ArrayLike) -> Array:
    """Reorder point for a cycle service level α, number or (n,): smallest s with P(D(L+R) ≤ s) ≥ α, shape (n,)."""
    return demand.quantile(level)


def fill_rate_reorder_point(demand: Distribution, before: Distribution, level: ArrayLike) -> Array:
    """Reorder point for a fill rate β: smallest s with (E[(D(L+R) − s)⁺] − E[(D(L) − s)⁺]) / E[D(R)] ≤ 1 − β, (n,).

    Parameters
    ----------
    demand, before : D(L+R) and D(L), n rows each
    level : fill rate β, a number or (n,)
    """
    allowed = (1 - np.asarray(level, float)) * np.maximum(demand.mean() - before.mean(), 0.0)
    low, high = np.zeros(len(demand)), demand.quantile(1 - 1e-9)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        enough = expected_shortage(demand, before, middle) <= allowed
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    # without demand in a review period nothing can be short of it
    return np.where(demand.mean() > before.mean(), high, 0.0)


def cost_reorder_point(demand: Distribution, fractile: ArrayLike) -> Array:
    """Reorder point of least cost h·E[(s − D)⁺] + b·E[(D − s)⁺]: the b/(b+h) quantile of D(L+R), shape (n,).

    `fractile` is that ratio, calibrated by `OrderRules` where past cycles have been replayed.
    """
    return demand.quantile(fractile)


def expected_shortage(demand: Distribution, before: Distribution, s: ArrayLike) -> Array:
    """Units that a reorder point `s` leaves short in the review period served: E[(D(L+R) − s)⁺] − E[(D(L) − s)⁺]."""
    return np.maximum(demand.expected_excess(s) - before.expected_excess(s), 0.0)


def expected_leftover(demand: Distribution, s: ArrayLike) -> Array:
    """Units that a reorder point `s` leaves over: E[(s − D(L+R))⁺] = s − E[D] + E[(D − s)⁺], D the lead-time demand."""
    return np.maximum(np.asarray(s, float) - demand.mean() + demand.expected_excess(s), 0.0)


def expected_cost(
    demand: Distribution, before: Distribution, s: ArrayLike, *, holding: ArrayLike, shortage: ArrayLike
) -> Array:
    """Holding plus shortage cost of a reorder point `s` in the review period it serves, in money, shape (n,).

    h·E[(s − D(L+R))⁺] + b·(E[(D(L+R) − s)⁺] − E[(D(L) − s)⁺])

    Parameters
    ----------
    holding : h, money per unit and review period
    shortage : b, money per unit short
    """
    left = np.asarray(holding, float) * expected_leftover(demand, s)
    return np.asarray(left + np.asarray(shortage, float) * expected_shortage(demand, before, s))
