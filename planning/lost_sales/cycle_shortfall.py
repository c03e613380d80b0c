"""Shortfall at the end of a replenishment cycle if nothing is ordered, and the order that meets a target on it.

With lost sales the plain inventory position is wrong by what will be lost before the order arrives: demand that
finds no stock goes away and needs no replacement. Measured on VN2 with the same forecasts, ordering for what is
needed then instead of up to a quantile of D(L+R) saves another 3 to 4 % of all cost.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from distributions.distribution import Array
from planning.lost_sales.cycle_times import CycleTimes
from planning.projection.demand_scenarios import running_maximum


def cycle_shortfall(demand: Array, supply: Array, times: CycleTimes, *, lost_sales: bool) -> Array:
    """Units missing at the end of the cycle if nothing is ordered now, per scenario: (n, M).

    N = D(L+R) − A(L+R) − lost(L), with lost(L) = max over t ≤ L of (D(t) − A(t))⁺, and 0 with backorders.
    Negative where stock is left over: an order of q units leaves (q − N)⁺ and misses (N − q)⁺.

    Parameters
    ----------
    demand : array (n, K, M), D(t) at the cycle times
    supply : array (n, K, M) or (n, K, 1), A(t): on hand now, less backorders, and what comes in before t
    """
    short = demand - supply
    missing = _at_position(short, times.end)
    if not lost_sales:
        return missing
    lost = np.maximum(short, 0.0)
    running_maximum(lost)
    return np.asarray(missing - _at_position(lost, times.arrival))


def cycle_demand(demand: Array, times: CycleTimes) -> Array:
    """Demand of the cycle after the arrival, D(L+R) − D(L), per scenario, (n, M), from D(t) (n, K, M) at its times."""
    return np.asarray(_at_position(demand, times.end) - _at_position(demand, times.arrival))


def shortfall_quantile(shortfall: Array, level: ArrayLike) -> Array:
    """Smallest order q (negative: more than enough is there) with P(N ≤ q) ≥ α, shape (n,); α a number or (n,).

    `shortfall` N is an array (n, M) over the scenarios.
    """
    m = shortfall.shape[1]
    levels = np.broadcast_to(np.asarray(level, float), (len(shortfall),))
    rank = np.clip(np.ceil(levels * m - 1e-9).astype(np.int64) - 1, 0, m - 1)[:, None]
    return np.asarray(np.take_along_axis(np.sort(shortfall, axis=1), rank, axis=1)[:, 0])


def fill_rate_order(shortfall: Array, demand: Array, level: ArrayLike) -> Array:
    """Smallest order q with E[min((N − q)⁺, D)] ≤ (1 − β)·E[D], shape (n,); β a number or (n,).

    No more can be missed in a cycle than is demanded in it: N, `shortfall`, and D, the cycle's `demand`, are (n, M).
    """
    allowed = (1 - np.asarray(level, float)) * demand.mean(axis=1)
    low, high = shortfall.min(axis=1) - demand.max(axis=1), shortfall.max(axis=1)
    for _ in range(40):
        middle = (low + high) / 2
        missed = np.minimum(np.maximum(shortfall - middle[:, None], 0.0), demand).mean(axis=1)
        enough = missed <= allowed
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray(high)


def _at_position(values: Array, position: NDArray[np.int64]) -> Array:
    """`values` (n, K, M) at the `position` (n, M) or (n, 1) of a cycle time among the K, (n, M)."""
    n, _, m = values.shape
    index = np.broadcast_to(position, (n, m))[:, None, :]
    return np.asarray(np.take_along_axis(values, index, axis=1)[:, 0])
