"""What an order placed now is needed for: the demand of the cycle it serves beyond the stock then left.

With lost sales the plain inventory position is wrong by what will be lost before the order arrives: demand that
finds no stock goes away and needs no replacement. Measured on VN2 with the same forecasts, ordering for what is
needed then instead of up to a quantile of D(L+R) saves another 3 to 4 % of all cost.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from distributions.distribution import Array

MOST_EDGES = 12


@dataclass(frozen=True)
class Edges:
    """Times at which stock is looked at between ordering and the end of the cycle that the order serves.

    Attributes
    ----------
    times : array (n, K), days from the moment of ordering, rising
    arrival, end : int arrays (n, M) or (n, 1), place among the K times of the order's arrival and the cycle's end
    """

    times: Array
    arrival: NDArray[np.int64]
    end: NDArray[np.int64]


def certain_edges(lead_time: Array, review: float, period: float) -> Edges:
    """Edges where the lead time (n,) is known: about one a period until the arrival, then the end of the cycle."""
    before = int(np.clip(np.ceil(lead_time.max(initial=0.0) / period), 1, MOST_EDGES - 1))
    n = len(lead_time)
    until = lead_time[:, None] * np.arange(1, before + 1) / before
    times = np.column_stack([until, lead_time + review])
    return Edges(times, np.full((n, 1), before - 1), np.full((n, 1), before))


def uncertain_edges(lead_time: Array, review: float) -> Edges:
    """Edges where the lead time differs by scenario (n, M): an even grid; arrivals count at the next edge."""
    longest = np.maximum(lead_time.max(axis=1) + review, 1e-9)
    times = longest[:, None] * np.arange(1, MOST_EDGES + 1) / MOST_EDGES
    step = longest[:, None] / MOST_EDGES

    def place(days: Array) -> NDArray[np.int64]:
        above = np.ceil(days / step - 1e-9)
        return np.asarray(np.clip(above - 1, 0, MOST_EDGES - 1), np.int64)

    return Edges(times, place(lead_time), place(lead_time + review))


def needs(demand: Array, supply: Array, edges: Edges, *, lost_sales: bool) -> Array:
    """Units missing at the end of the cycle if nothing is ordered now, per scenario: (n, M).

    N = D(L+R) − A(L+R) − lost(L), with lost(L) = max over t ≤ L of (D(t) − A(t))⁺, and 0 with backorders.
    Negative where stock is left over: an order of q units leaves (q − N)⁺ and misses (N − q)⁺.

    Parameters
    ----------
    demand : array (n, K, M), D(t) at the edges
    supply : array (n, K, M) or (n, K, 1), A(t): on hand now, less backorders, and what comes in before t
    """
    n, _, m = demand.shape
    short = demand - supply
    missing = np.take_along_axis(short, _everywhere(edges.end, n, m), axis=1)[:, 0]
    if not lost_sales:
        return np.asarray(missing)
    lost = np.maximum(short, 0.0)
    running_maximum(lost)
    return np.asarray(missing - np.take_along_axis(lost, _everywhere(edges.arrival, n, m), axis=1)[:, 0])


def running_maximum(values: Array) -> None:
    """Maximum so far along axis 1, in place: many times quicker than `np.maximum.accumulate` on a middle axis."""
    for k in range(1, values.shape[1]):
        np.maximum(values[:, k - 1], values[:, k], out=values[:, k])


def cycle_demand(demand: Array, edges: Edges) -> Array:
    """D(L+R) − D(L) per scenario, (n, M)."""
    n, _, m = demand.shape
    ends = np.take_along_axis(demand, _everywhere(edges.end, n, m), axis=1)[:, 0]
    return np.asarray(ends - np.take_along_axis(demand, _everywhere(edges.arrival, n, m), axis=1)[:, 0])


def fractile_of_needs(need: Array, level: ArrayLike) -> Array:
    """Smallest q (negative: too much is there) with P(N ≤ q) ≥ α, shape (n,); α a number or (n,)."""
    m = need.shape[1]
    place = np.ceil(np.broadcast_to(np.asarray(level, float), (len(need),)) * m - 1e-9).astype(np.int64) - 1
    place = np.clip(place, 0, m - 1)[:, None]
    return np.asarray(np.take_along_axis(np.sort(need, axis=1), place, axis=1)[:, 0])


def fill_rate_of_needs(need: Array, cycle: Array, level: ArrayLike) -> Array:
    """Smallest q with E[min((N − q)⁺, D(R))] ≤ (1 − β)·E[D(R)], shape (n,); β a number or (n,).

    No more can be missed in a cycle than is asked for in it.
    """
    allowed = (1 - np.asarray(level, float)) * cycle.mean(axis=1)
    low, high = need.min(axis=1) - cycle.max(axis=1), need.max(axis=1)
    for _ in range(40):
        middle = (low + high) / 2
        missed = np.minimum(np.maximum(need - middle[:, None], 0.0), cycle).mean(axis=1)
        enough = missed <= allowed
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray(high)


def _everywhere(place: NDArray[np.int64], n: int, m: int) -> NDArray[np.int64]:
    return np.broadcast_to(place, (n, m))[:, None, :]
