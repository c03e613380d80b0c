"""Demand levels: smoothed level of each SKU over time, pooled demand of groups, and time since the last sale."""

import numpy as np
from numpy.typing import NDArray

from features.demand.demand_class import ADI_LIMIT
from features.demand.panel import Array
from features.demand.typical_level import without_outliers

Codes = NDArray[np.int64]

OWN_PERIODS = 13.0
"""Known periods from which a SKU's level borrows nothing."""

LEAST_SHARE = 0.003
"""A level counts as at least this share of the SKU's own highest so far: demand is divided by it."""

_TINY = 1e-9


def smoothed_level(y: Array, groups: Codes, alpha: float, prior: float = 0.3) -> Array:
    """Exponentially smoothed level of each SKU's demand after its first t periods, (n, T + 1), > 0.

    Exponential smoothing with a plain mean at the start. A SKU that sells in few periods forgets as much less in each,
    so that as many sales stand behind its level as behind others'. `prior` periods of the group's typical level are
    mixed in until `OWN_PERIODS` are known, so that a SKU without a past has one too, and one with enough depends on
    no other.
    """
    n, periods = y.shape
    total, weight, seen, sold = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    result = np.empty((n, periods + 1))
    for t in range(periods + 1):
        group = _group_levels(total / np.maximum(weight, 1e-9), weight > 0, groups)
        borrowed = prior * np.maximum(1 - seen / OWN_PERIODS, 0.0)
        result[:, t] = (total + borrowed * group[groups]) / np.maximum(weight + borrowed, 1e-9)
        if t < periods:
            known = ~np.isnan(y[:, t])
            seen += known
            sold += np.nan_to_num(y[:, t]) > 0
            left = 1 - alpha * np.minimum(ADI_LIMIT * sold / np.maximum(seen, 1), 1.0)
            total = np.where(known, total * left + np.nan_to_num(y[:, t]), total)
            weight = np.where(known, weight * left + 1, weight)
    return np.asarray(np.maximum(result, LEAST_SHARE * np.maximum.accumulate(result, axis=1) + _TINY))


def _group_levels(level: Array, seen: NDArray[np.bool_], groups: Codes) -> Array:
    """Typical level of the `seen` SKUs of each group, (G,), with three SKUs of that of all mixed in."""
    count = int(groups.max(initial=0)) + 1
    usual = np.zeros(len(level))
    usual[seen] = without_outliers(level[seen])
    everyone = usual[seen].mean() if seen.any() else 1.0
    members = np.bincount(groups, seen, count)
    return np.asarray((np.bincount(groups, usual, count) + 3 * everyone) / (members + 3))


def pooled_demand(y: Array, level: Array, unit: Array, groups: Codes) -> Array:
    """Pooled demand of each group in units of its demand level, that of those SKUs whose demand is known, (G, T).

    SKUs weigh by √level, counted in their `unit` (n,) and with outliers brought in.
    """
    known = ~np.isnan(y)
    count = int(groups.max(initial=0)) + 1
    top, bottom = np.zeros((count, y.shape[1])), np.zeros((count, y.shape[1]))
    size = level / unit[:, None]
    weight = np.sqrt(np.stack([without_outliers(column) for column in size.T], axis=1))
    relative = np.nan_to_num(y) / np.maximum(level, _TINY)
    np.add.at(top, groups, np.where(known, relative * weight, 0.0))
    np.add.at(bottom, groups, np.where(known, weight, 0.0))
    return np.asarray(np.where(bottom > 0, top / np.maximum(bottom, 1e-12), np.nan))


def periods_without_sale(y: Array) -> Array:
    """Known periods since the last sale after each number t of periods, (n, T + 1): a feature beside the level."""
    result = np.zeros((y.shape[0], y.shape[1] + 1))
    for t in range(y.shape[1]):
        zero, sold = y[:, t] == 0, np.nan_to_num(y[:, t]) > 0
        result[:, t + 1] = np.where(sold, 0.0, result[:, t] + zero)
    return result
