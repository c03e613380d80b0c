"""Arrival scenarios of open orders: each scenario's rank in an order's arrival distribution, with shared delays."""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from distributions.distribution import Array, Distribution
from planning.projection.scenario_levels import (
    ORDERS_A_SKU,
    SCENARIOS,
    Float32Array,
    even_levels,
    scenario_levels,
    uniform_points,
)
from planning.protocols import SharedDelay

_SUPPLIERS = 3  # of one SKU that have a factor of their own
_BINS = 20  # of order age, within which orders of a supplier share all of its factor
_LEAST = 1e-9  # chance that an order comes: it is divided by
_BINS_A_LIFE = 3  # bins in the `days` of a shared delay


def arrival_rank_rows(
    order_number: NDArray[np.int64], supplier_number: NDArray[np.int64], age: Array, shared: SharedDelay
) -> NDArray[np.int64]:
    """Row (m,) of `arrival_ranks` that each open order takes its arrival scenarios from.

    Parameters
    ----------
    order_number : array (m,), number of the order among its SKU's
    supplier_number : array (m,), number of its supplier among its SKU's
    age : array (m,), days since it was placed
    """
    if not shared.strength:
        return np.asarray(order_number % ORDERS_A_SKU, np.int64)
    # round and round: what is six lives apart shares next to nothing, and what is older begins anew
    age_bin = np.maximum(age * (_BINS_A_LIFE / shared.days), 0.0).astype(np.int64) % _BINS
    factor = (supplier_number % _SUPPLIERS) * _BINS + age_bin
    return np.asarray(factor * ORDERS_A_SKU + order_number % ORDERS_A_SKU, np.int64)


@lru_cache(maxsize=16)
def arrival_ranks(shared: SharedDelay, demand_points: int = 0) -> NDArray[np.int64]:
    """Rank of each scenario among the M slices of an open order's arrival distribution, (rows, M).

    Every row has each rank once, and rows are independent of the scenarios of demand they are played beside: those of
    the stock projection, or the `demand_points` points in time of `demand_scenarios.demand_paths`.
    """
    if not demand_points:
        levels = scenario_levels()
        return _arrival_ranks(levels.demand, levels.arrival, shared)
    demand = uniform_points(demand_points, SCENARIOS)
    fresh = ndtri(uniform_points(demand_points + ORDERS_A_SKU, SCENARIOS)[demand_points:])
    return _arrival_ranks(demand, even_levels(_orthogonal(ndtri(demand), fresh)), shared)


def _arrival_ranks(demand: Array, own: Array, shared: SharedDelay) -> NDArray[np.int64]:
    """Arrival ranks (rows, M) from the levels of demand (T, M) and each order's `own` levels (ORDERS_A_SKU, M).

    A one-factor Gaussian copula per supplier, z = √ρ·W + √(1−ρ)·ε: ε is the order's own score, W its supplier's,
    which drifts with the day of the order and forgets by exp(−g/τ). Ranks take the place of scores, so that every
    order keeps its own distribution to the last digit.
    """
    if not shared.strength:
        return np.asarray(own * SCENARIOS, np.int64)
    taken = ndtri(np.concatenate([demand, own]))
    fresh = ndtri(uniform_points(len(taken) + _SUPPLIERS * _BINS, SCENARIOS)[len(taken) :])
    factor = _orthogonal(taken, fresh).reshape(_SUPPLIERS, _BINS, SCENARIOS)
    retained = np.exp(-1 / _BINS_A_LIFE)
    for age_bin in range(1, _BINS):
        factor[:, age_bin] = retained * factor[:, age_bin - 1] + np.sqrt(1 - retained**2) * factor[:, age_bin]
    common = np.sqrt(shared.strength) * factor.reshape(-1, 1, SCENARIOS)
    scores = common + np.sqrt(1 - shared.strength) * ndtri(own)
    return np.asarray(even_levels(scores.reshape(-1, SCENARIOS)) * SCENARIOS, np.int64)


def _orthogonal(taken: Array, fresh: Array) -> Array:
    """Normal scores `fresh` (k, M) of arrival scenarios, made orthogonal to those `taken` and to each other.

    By chance alone two rows of 128 would correlate by a tenth.
    """
    rows = np.concatenate([taken, fresh])
    return np.asarray(np.linalg.qr(rows.T)[0][:, len(taken) :].T * np.sqrt(SCENARIOS))


def scenarios_at_ranks(distribution: Distribution, ranks: NDArray[np.int64], never: ArrayLike = 0.0) -> Array:
    """Arrival scenarios (k, M) of each order, days: its quantiles at the middles of M slices, by `ranks` (k, M).

    Infinite in the last ones of an order that with probability `never`, a number or (k,), does not come at all.
    """
    level = (ranks + 0.5) / SCENARIOS
    comes = np.maximum(1 - np.broadcast_to(never, (len(ranks),)), _LEAST)[:, None]
    days = distribution.quantile(np.minimum(level / comes, 1.0))
    return np.where(level > comes, np.inf, days)


def sorted_scenarios(distribution: Distribution, never: Array) -> Float32Array:
    """Arrival scenarios (k, M) of each order by rank, days, as `scenarios_at_ranks`; quick where all orders come."""
    days = distribution.quantiles_at((np.arange(SCENARIOS) + 0.5) / SCENARIOS)
    doubtful = np.flatnonzero(never > 0)
    ranks = np.broadcast_to(np.arange(SCENARIOS), (len(doubtful), SCENARIOS))
    days[doubtful] = scenarios_at_ranks(distribution[doubtful], ranks, never[doubtful])
    return days
