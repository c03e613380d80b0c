"""Robust scores: how far a value lies from those before it in its group, and how seldom that is by chance."""

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from distributions.distribution import Array

REMEMBERED = 12
"""Earlier values that a value is judged by, the last ones."""

_POOLED = 4.0
"""Earlier values that the company's usual spread counts as."""
_MAD_OF_NORMAL = 1.4826
_LEAST_SCALE = 0.1
_FREEDOM = np.array([1.5, 2.0, 3.0, 4.0, 6.0, 10.0, 30.0])


def scores_by_past(
    values: Array, groups: NDArray[np.int64], *, least: int, floor: float
) -> tuple[Array, Array]:
    """Robust score of each value against the last ones of its group before it, and their median, both (n,).

    The spread is the group's median absolute deviation, shrunk to the company's by how few values it has; NaN where
    fewer than `least` came before.

    Parameters
    ----------
    values : array (n,), in the order of time; NaN says nothing
    groups : int array (n,), values of one group are compared
    floor : smallest spread
    """
    at = np.argsort(groups, kind="stable")
    median, deviation, count = _past(values[at], groups[at], REMEMBERED)
    known = count >= least
    usual = float(np.median(deviation[known])) if known.any() else floor
    with np.errstate(invalid="ignore"):
        spread = np.sqrt((count * deviation**2 + _POOLED * usual**2) / (count + _POOLED))
    score, middle = np.full(len(values), np.nan), np.full(len(values), np.nan)
    score[at] = np.where(known, (values[at] - median) / np.maximum(spread, floor), np.nan)
    middle[at] = np.where(known, median, np.nan)
    return score, middle


def chance_above(scores: Array) -> Array:
    """Chance of a score as high or higher among usual ones, (n,), by a Student t fitted to the middle of them all.

    Its scale is that of the quartiles, its degrees of freedom those by which the middle 98 % lie as far out as they do;
    the tails, where what is looked for may lie, take no part, nor do the two farthest of few.
    """
    from scipy.stats import (
        t as student_t,
    )  # the server imports this module's neighbours, and needs none of it

    known = scores[~np.isnan(scores)]
    if not len(known):
        return np.full(len(scores), np.nan)
    centre = float(np.median(known))
    middle = _level_without_two(0.98, len(known))
    inner, outer = np.quantile(np.abs(known - centre), [0.5, middle])
    ratios = student_t.ppf((1 + middle) / 2, _FREEDOM) / student_t.ppf(0.75, _FREEDOM)
    heavy = outer / max(float(inner), 1e-9)
    freedom = float(np.interp(-heavy, -ratios, _FREEDOM))
    scale = max(
        float(inner) / student_t.ppf(0.75, freedom),
        float(outer) / student_t.ppf((1 + middle) / 2, freedom),
        1.0,
    )
    return np.asarray(student_t.sf((scores - centre) / scale, freedom))


def above_highest(values: Array, groups: NDArray[np.int64], *, least: int) -> tuple[Array, Array]:
    """How far each value lies above the highest of the last ones of its group before it, and that one, both (n,).

    NaN where fewer than `least` came before. Arguments as for `scores_by_past`.
    """
    at = np.argsort(groups, kind="stable")
    highest, count = np.full(len(values), np.nan), np.zeros(len(values))
    highest[at], count[at] = _highest_before(values[at], groups[at], REMEMBERED)
    highest = np.where(count >= least, highest, np.nan)
    return values - highest, highest


def chance_of_excess(excess: Array) -> Array:
    """Chance of an excess as high or higher among usual ones, (n,): a tail that falls as from 95 to 99 of a hundred.

    It falls exponentially; what lies beyond the 99th of a hundred, where what is looked for may be, takes no part, nor
    do the two largest of few.
    """
    known = excess[~np.isnan(excess)]
    if not len(known):
        return np.full(len(excess), np.nan)
    end = _level_without_two(0.99, len(known))
    begin = max(1 - 5 * (1 - end), 0.5)
    low, high = np.quantile(known, [begin, end])
    scale = max(float(high - low) / np.log((1 - begin) / (1 - end)), _LEAST_SCALE)
    tail = (1 - begin) * np.exp(-np.maximum(excess - low, 0.0) / scale)
    return np.where(np.isnan(excess), np.nan, tail)


def _level_without_two(level: float, count: int) -> float:
    """The quantile level, lower where it would reach the two farthest of `count` values."""
    return float(np.clip(1 - 3 / max(count, 1), 0.6, level))


@njit(cache=True, nogil=True)
def _highest_before(values: Any, groups: Any, window: int) -> Any:
    """Highest and number of the last known values before each one of its group."""
    n = len(values)
    highest, count = np.full(n, np.nan), np.zeros(n)
    kept = np.zeros(window)
    have, at = 0, 0
    for row in range(n):
        if row > 0 and groups[row] != groups[row - 1]:
            have, at = 0, 0
        if have > 0:
            highest[row] = kept[:have].max()
            count[row] = have
        if not np.isnan(values[row]):
            kept[at % window] = values[row]
            at += 1
            have = min(have + 1, window)
    return highest, count


@njit(cache=True, nogil=True)
def _past(values: Any, groups: Any, window: int) -> Any:
    """Median, scaled median absolute deviation and number of the known values before each one of its group."""
    n = len(values)
    median, deviation, count = np.full(n, np.nan), np.full(n, np.nan), np.zeros(n)
    kept = np.zeros(window)
    have, at = 0, 0
    for row in range(n):
        if row > 0 and groups[row] != groups[row - 1]:
            have, at = 0, 0
        if have > 0:
            middle = np.median(kept[:have])
            median[row] = middle
            deviation[row] = _MAD_OF_NORMAL * np.median(np.abs(kept[:have] - middle))
            count[row] = have
        if not np.isnan(values[row]):
            kept[at % window] = values[row]
            at += 1
            have = min(have + 1, window)
    return median, deviation, count
