"""Sums of periods whose demand is overridden: what becomes of the quantiles of periods and of the first k together."""

import numpy as np
from scipy.special import pdtr, pdtrik

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array


def overridden_quantiles(forecast: DemandForecast, mean: Array) -> tuple[Array, Array]:
    """Quantiles of periods and of sums, (n, h, Q) each, when the n SKUs' demand has the `mean` (n, h) instead.

    A period's quantiles move in proportion to its mean; where the model expects nothing they are Poisson's. The squared
    distance of a sum's quantile from its mean grows with each period by the period's own and by what the period has in
    common with the sum before it. With f_j for the factor, D_k for the sums' distance and d_j for the period's:
    D′_k² = D′_{k−1}² + f_j²·d_j² + f_j·(D′_{k−1} / D_{k−1})·(D_k² − D_{k−1}² − d_j²). That is exact where periods are
    independent, where they move together, and where all have one factor: then mean and spread move in proportion.
    """
    known = forecast.mean > 0
    factor = np.divide(mean, forecast.mean, out=np.zeros_like(mean), where=known)
    quantiles = forecast.quantiles * factor[..., None]
    fresh = ~known & (mean > 0)
    quantiles[fresh] = _poisson_quantiles(forecast.levels, mean[fresh][:, None])
    return quantiles, _sums(forecast, mean, quantiles, factor)


def _poisson_quantiles(levels: Array, mean: Array) -> Array:
    """Quantiles (n, Q) of Poisson counts with means (n, 1): the least k whose probability of at most k is the level."""
    highest = np.ceil(pdtrik(levels, mean))
    below = np.maximum(highest - 1, 0.0)
    return np.asarray(np.where(pdtr(below, mean) >= levels, below, highest))


def _sums(forecast: DemandForecast, mean: Array, quantiles: Array, factor: Array) -> Array:
    """Quantiles (n, h, Q) of the overridden demand of the first k periods, period after period."""
    own = _signed_square(forecast.quantiles - forecast.mean[..., None])
    total = _signed_square(forecast.cumulative - forecast.cumulative_mean[..., None])
    new_own = _signed_square(quantiles - mean[..., None])
    result, new_mean = np.empty_like(forecast.cumulative), np.cumsum(mean, axis=1)
    before = after = np.zeros_like(total[:, 0])
    lowest, highest = factor[:, :1], factor[:, :1]
    for j in range(forecast.horizon):
        f = factor[:, j, None]
        ratio = np.sqrt(np.abs(np.divide(after, before, out=f**2 + np.zeros_like(after), where=before != 0)))
        shared = total[:, j] - before - own[:, j]
        after = after + new_own[:, j] + f * np.clip(ratio, lowest, highest) * shared
        before = total[:, j]
        lowest, highest = np.minimum(lowest, f), np.maximum(highest, f)
        result[:, j] = new_mean[:, j, None] + _signed_root(after)
    result = np.maximum.accumulate(np.maximum(result, 0.0), axis=2)
    return np.asarray(np.maximum.accumulate(result, axis=1))


def _signed_square(x: Array) -> Array:
    return np.asarray(x * np.abs(x))


def _signed_root(x: Array) -> Array:
    return np.asarray(np.copysign(np.sqrt(np.abs(x)), x))
