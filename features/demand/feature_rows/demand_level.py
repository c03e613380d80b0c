"""Demand levels: smoothed level of each SKU over time, pooled demand of groups, and time since the last sale."""

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array

Codes = NDArray[np.int64]


def smoothed_level(y: Array, groups: Codes, alpha: float, prior: float = 0.3) -> Array:
    """Exponentially smoothed level of each SKU's demand after its first t periods, (n, T + 1), > 0.

    Exponential smoothing with a plain mean at the start; `prior` periods of the group's mean level are mixed in,
    so that a SKU without a past has one too.
    """
    n, periods = y.shape
    total, weight = np.zeros(n), np.zeros(n)
    result = np.empty((n, periods + 1))
    for t in range(periods + 1):
        group = _group_levels(total / np.maximum(weight, 1e-9), weight > 0, groups)
        result[:, t] = (total + prior * group[groups]) / (weight + prior)
        if t < periods:
            known = ~np.isnan(y[:, t])
            total = np.where(known, total * (1 - alpha) + np.nan_to_num(y[:, t]), total)
            weight = np.where(known, weight * (1 - alpha) + 1, weight)
    return np.asarray(np.maximum(result, 1e-6 + 0.01 * np.median(result)))


def _group_levels(level: Array, seen: NDArray[np.bool_], groups: Codes) -> Array:
    """Mean level of the `seen` SKUs of each group, (G,), with three SKUs of the mean of all mixed in."""
    count = int(groups.max(initial=0)) + 1
    everyone = level[seen].mean() if seen.any() else 1.0
    members = np.bincount(groups, seen, count)
    return np.asarray((np.bincount(groups, np.where(seen, level, 0), count) + 3 * everyone) / (members + 3))


def pooled_demand(y: Array, level: Array, groups: Codes) -> Array:
    """Pooled demand of each group in units of its demand level, that of those SKUs whose demand is known, (G, T)."""
    known = ~np.isnan(y)
    count = int(groups.max(initial=0)) + 1
    top, bottom = np.zeros((count, y.shape[1])), np.zeros((count, y.shape[1]))
    size = np.where(known, level, 0.0)
    weight = 1 / np.sqrt(np.maximum(level, 1e-9))
    np.add.at(top, groups, np.where(known, np.nan_to_num(y), 0.0) * weight)
    np.add.at(bottom, groups, size * weight)
    return np.asarray(np.where(bottom > 0, top / np.maximum(bottom, 1e-12), np.nan))


def periods_without_sale(y: Array) -> Array:
    """Known periods since the last sale after each number t of periods, (n, T + 1): a feature beside the level."""
    result = np.zeros((y.shape[0], y.shape[1] + 1))
    for t in range(y.shape[1]):
        zero, sold = y[:, t] == 0, np.nan_to_num(y[:, t]) > 0
        result[:, t + 1] = np.where(sold, 0.0, result[:, t] + zero)
    return result
