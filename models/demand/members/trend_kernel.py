"""The recursions of damped trends over all SKUs and constants, compiled."""

from typing import Any

import numpy as np
from numba import njit

LEAST_ERRORS = 8
"""Errors from which their mean square says something."""


@njit(cache=True, nogil=True)
def smoothed_trends(y: Any, constants: Any, steps: Any) -> Any:
    """Levels and trends (n, G) after the last period, and mean squared errors (n, G, K) of the past at steps ahead.

    An error is NaN where a SKU's past is too short for it.

    Parameters
    ----------
    y : array (n, T), NaN where not known
    constants : array (G, 3) of α, β and φ
    steps : array (K,), steps ahead
    """
    grid = len(constants)
    damped = damped_sums(constants[:, 2], steps.max())
    levels, trends = np.zeros((len(y), grid)), np.zeros((len(y), grid))
    errors = np.full((len(y), grid, len(steps)), np.nan)
    states = np.zeros((y.shape[1], 2))
    for i in range(len(y)):
        first = _first_known(y[i])
        if first == y.shape[1]:
            continue
        warm = _warm(first, y.shape[1])
        for g in range(grid):
            levels[i, g], trends[i, g] = _smoothed(y[i], first, constants[g], states)
            for s in range(len(steps)):
                ahead = damped[g, steps[s]]
                errors[i, g, s] = _mean_square(y[i, warm:], states[warm:], steps[s], ahead)
    return levels, trends, errors


@njit(cache=True, nogil=True)
def past_errors(y: Any, constants: Any, most: int) -> Any:
    """Mean squared errors of the past 1 … `most` steps ahead with one choice of constants a SKU, (2, n, most).

    Of the periods, and of the sums of the first k. Steps of which a past has fewer than `LEAST_ERRORS` have what the
    last one before them has, sums in proportion to their periods; NaN where no step has as many.

    Parameters
    ----------
    y : array (n, T), NaN where not known
    constants : array (n, 3) of α, β and φ
    """
    errors = np.full((2, len(y), most), np.nan)
    damped = damped_sums(constants[:, 2], most)
    for i in range(len(y)):
        first = _first_known(y[i])
        if first == y.shape[1]:
            continue
        states = np.zeros((y.shape[1], 2))
        _smoothed(y[i], first, constants[i], states)
        warm = _warm(first, y.shape[1])
        square, count = np.zeros((2, most)), np.zeros((2, most))
        for t in range(warm, y.shape[1]):
            total = 0.0
            for k in range(min(most, y.shape[1] - t)):
                error = y[i, t + k] - states[t, 0] - damped[i, k + 1] * states[t, 1]
                total += error
                if not np.isnan(error):
                    square[0, k] += error * error
                    count[0, k] += 1
                if not np.isnan(total):
                    square[1, k] += total * total
                    count[1, k] += 1
        for j in range(2):
            _fill_means(errors[j, i], square[j], count[j], j)
    return errors


@njit(cache=True, nogil=True)
def _fill_means(errors: Any, square: Any, count: Any, growth: int) -> None:
    """Mean squared `errors` (K,) from sums and counts by step; with few, the step before's times k^`growth`."""
    for k in range(len(errors)):
        if count[k] >= LEAST_ERRORS:
            errors[k] = square[k] / count[k]
        elif k > 0:
            errors[k] = errors[k - 1] * ((k + 1) / k) ** growth


@njit(cache=True, nogil=True)
def _warm(first: int, periods: int) -> int:
    """Period from which errors count, of a SKU that is first known in period `first`: after a quarter of its past."""
    return first + max((periods - first) // 4, 2)


@njit(cache=True, nogil=True)
def damped_sums(phi: Any, most: int) -> Any:
    """Parts of a trend that are added in k periods, φ + … + φ^k, (G, most + 1)."""
    result = np.zeros((len(phi), most + 1))
    for g in range(len(phi)):
        for k in range(1, most + 1):
            result[g, k] = phi[g] * (1 + result[g, k - 1])
    return result


@njit(cache=True, nogil=True)
def _first_known(y: Any) -> int:
    """First period of a SKU that is known; the number of periods where none is."""
    for t in range(len(y)):
        if not np.isnan(y[t]):
            return t
    return len(y)


@njit(cache=True, nogil=True)
def _smoothed(y: Any, first: int, constants: Any, states: Any) -> Any:
    """Level and trend of one SKU after its last period; those before each are filled into `states` (T, 2)."""
    alpha, beta, phi = constants
    level, trend, seen = y[first], 0.0, 1
    for t in range(first + 1, len(y)):
        states[t] = level, trend
        level += phi * trend
        trend *= phi
        if np.isnan(y[t]):
            continue
        seen += 1
        step, error = max(alpha, 1.0 / seen), y[t] - level
        level += step * error
        if phi > 0:
            trend += step * max(beta, 1.0 / seen) * error
    return level, trend


@njit(cache=True, nogil=True)
def _mean_square(y: Any, states: Any, step: int, damped: float) -> float:
    """Mean squared error so many steps ahead of forecasts from each of the states; NaN without any."""
    total, count = 0.0, 0
    for t in range(len(y) - step + 1):
        error = y[t + step - 1] - states[t, 0] - damped * states[t, 1]
        if not np.isnan(error):
            total += error * error
            count += 1
    return total / count if count else np.nan
