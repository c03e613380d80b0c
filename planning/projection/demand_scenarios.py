"""Demand as scenarios through time, for decisions in which the path matters and not only the sum."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.lost_sales.needs import running_maximum

SCENARIOS = 128
_SEED = 20240415  # any fixed number: the same points for every SKU and every run
_CLOSEST = 0.999


def demand_paths(
    forecast: DemandForecast,
    times: Array,
    *,
    elapsed: float = 0.0,
    rows: NDArray[np.intp] | None = None,
    whole: ArrayLike = False,
) -> Array:
    """Cumulative demand up to each time in `SCENARIOS` scenarios, shape (m, K, M), non-decreasing along K.

    At each time the scenarios have the forecast's own distribution of cumulative demand. Between times they hang
    together like sums of independent increments: the normal scores of D(s) and D(t), s < t, correlate by σ_s/σ_t.
    Where spread grows faster than that (a level that is itself uncertain) the scores correlate less than they
    should, which the distribution of each sum, being calibrated, already contains.

    Parameters
    ----------
    times : array (m, K) or (K,), days from the moment of ordering, rising
    elapsed : days between the start of the forecast's first period and the moment of ordering
    rows : the m SKUs; none: all
    whole : flag, one or (m,): demand comes in whole units
    """
    m = len(forecast) if rows is None else len(rows)
    days = np.broadcast_to(times, (m, np.shape(times)[-1]))
    quantiles, _ = forecast.window(days, elapsed=elapsed, rows=rows)
    K = days.shape[1]
    sums = Distribution(forecast.levels, quantiles.reshape(m * K, -1))
    levels = _levels(sums.std().reshape(m, K))
    demand = sums.quantile(levels.reshape(m * K, -1)).reshape(m, K, -1)
    units = np.broadcast_to(np.asarray(whole, bool), (m,))[:, None, None]
    paths = np.where(units, np.round(demand), demand)
    running_maximum(paths)
    return paths


def _levels(std: Array) -> Array:
    """Probability levels (m, K, M) of the sums, from their standard deviations (m, K)."""
    points = ndtri(uniform_points(std.shape[1], SCENARIOS))
    scores = np.empty((*std.shape, SCENARIOS))
    scores[:, 0] = points[0]
    for k in range(1, std.shape[1]):
        before, now = std[:, k - 1], std[:, k]
        rho = np.clip(np.divide(before, now, out=np.ones_like(now), where=now > 0), 0.0, _CLOSEST)[:, None]
        scores[:, k] = rho * scores[:, k - 1] + np.sqrt(1 - rho**2) * points[k]
    return np.asarray(ndtr(scores))


def uniform_points(dimensions: int, count: int) -> Array:
    """Points of the unit cube, shape (dimensions, count): each row has one point in the middle of each equal slice.

    Sobol points alone may lie anywhere in the outermost slice, and one of them then stands for the whole tail.
    """
    from scipy.stats import qmc  # a second, and few commands need it

    return evened(qmc.Sobol(dimensions, rng=_SEED).random(count).T)


def evened(points: Array) -> Array:
    """Each row's points (d, M), in their order, moved to the middles of M equal slices of the unit interval."""
    return np.asarray((points.argsort(axis=1).argsort(axis=1) + 0.5) / points.shape[1])
