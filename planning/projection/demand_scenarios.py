"""Demand scenarios through time, for decisions in which the path of cumulative demand matters and not only the sum."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr, ndtri

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.projection.scenario_levels import SCENARIOS, uniform_points

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
    levels = _path_levels(sums.std().reshape(m, K))
    demand = sums.quantile(levels.reshape(m * K, -1)).reshape(m, K, -1)
    units = np.broadcast_to(np.asarray(whole, bool), (m,))[:, None, None]
    paths = np.where(units, np.round(demand), demand)
    running_maximum(paths)
    return paths


def running_maximum(paths: Array) -> None:
    """Running maximum of demand scenarios, or of what they leave short, along the time axis 1 (m, K, M), in place.

    Many times quicker than `np.maximum.accumulate` on a middle axis.
    """
    for k in range(1, paths.shape[1]):
        np.maximum(paths[:, k - 1], paths[:, k], out=paths[:, k])


def _path_levels(std: Array) -> Array:
    """Probability levels (m, K, M) of the demand sums along each path, from their standard deviations (m, K)."""
    points = ndtri(uniform_points(std.shape[1], SCENARIOS))
    scores = np.empty((*std.shape, SCENARIOS))
    scores[:, 0] = points[0]
    for k in range(1, std.shape[1]):
        earlier, later = std[:, k - 1], std[:, k]
        rho = np.clip(np.divide(earlier, later, out=np.ones_like(later), where=later > 0), 0.0, _CLOSEST)
        scores[:, k] = rho[:, None] * scores[:, k - 1] + np.sqrt(1 - rho[:, None] ** 2) * points[k]
    return np.asarray(ndtr(scores))
