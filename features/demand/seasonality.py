"""Seasonality: the position of a period in its season, and seasonal profiles that SKUs share."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.frequency import freq_multiple, freq_unit, season_length
from features.demand.panel import Array

GROUP, OWN = 40.0, 7.5
"""Observations at its level that pull a group's factors to those of all SKUs, and a SKU's to its group's."""

SMOOTH = 100.0
"""Observations of a week at which its own factor and its neighbourhood's weigh the same."""


def season_positions(ds: NDArray[np.datetime64], freq: str, season: int) -> NDArray[np.int64]:
    """Position of each period in its season, 0 … season − 1, shape (T,).

    The usual season of a calendar follows the calendar (week of the year, month, weekday), so that holidays stay
    where they are over the years; any other counts periods.
    """
    when = pd.DatetimeIndex(ds)
    if season != season_length(freq) or freq_multiple(freq) > 1:
        return np.asarray(_units_since_1970(when, freq) // freq_multiple(freq) % season)
    match freq_unit(freq):
        case "W":
            position = np.minimum((when.dayofyear - 1) // 7, 51)
        case "MS":
            position = when.month - 1
        case "QS":
            position = (when.month - 1) // 3
        case "YS":
            position = when.month * 0
        case _:
            position = np.minimum(when.dayofweek, season - 1)
    return np.asarray(position, np.int64)


def _units_since_1970(when: pd.DatetimeIndex, freq: str) -> NDArray[np.int64]:
    """Units of `freq` from 1970 to each date, (T,), whose remainder is the position in a season off the calendar."""
    days = when.to_numpy("datetime64[D]")
    months = (when.year * 12 + when.month - 1).to_numpy()
    match freq_unit(freq):
        case "W":
            return np.asarray((days.astype(np.int64) + 3) // 7)
        case "B":
            return np.asarray(np.busday_count(np.datetime64("1970-01-01"), days), np.int64)
        case "D":
            return np.asarray(days.astype(np.int64))
        case unit:
            return np.asarray(months // {"MS": 1, "QS": 3, "YS": 12}[unit], np.int64)


def seasonal_profile(y: Array, position: NDArray[np.int64], season: int, groups: NDArray[np.int64]) -> Array:
    """Multiplicative seasonal factor of each SKU and position in the season, (n, season), about 1 on average.

    Own ratios to the centred yearly level are shrunk to those of the SKU's group, and these to those of all SKUs;
    the less a SKU sells, the more it borrows. Only the profile of all SKUs is smoothed, and only where few SKUs
    stand behind it: the week before Christmas must stay a peak. All ones when the panel is shorter than a season
    and a half.

    Parameters
    ----------
    y : array (n, T), NaN where unknown
    position : array (T,) of 0 … season − 1
    groups : array (n,) of group codes 0 …
    """
    n, periods = y.shape
    if season < 2 or periods < 1.5 * season:
        return np.ones((n, season))
    level = centred_level(y, season)
    usable = ~np.isnan(y) & (level > 0)
    top, bottom = np.where(usable, np.nan_to_num(y), 0.0), np.where(usable, level, 0.0)
    size = np.maximum(bottom.sum(axis=1) / np.maximum(usable.sum(axis=1), 1), 1e-12)
    tops = _sum_by_position(top / size[:, None], position, season)
    bottoms = _sum_by_position(bottom / size[:, None], position, season)
    everyone = _profile_of_all(
        (top / size[:, None]).sum(axis=0), (bottom / size[:, None]).sum(axis=0), position, season
    )
    count = int(groups.max(initial=0)) + 1
    group_tops, group_bottoms = np.zeros((count, season)), np.zeros((count, season))
    np.add.at(group_tops, groups, tops)
    np.add.at(group_bottoms, groups, bottoms)
    group = (group_tops + GROUP * everyone) / (group_bottoms + GROUP)
    weight = (OWN * (1 + 1 / size))[:, None]
    own = (tops + weight * group[groups]) / (bottoms + weight)
    return np.asarray(own / own.mean(axis=1, keepdims=True))


def _profile_of_all(top: Array, bottom: Array, position: NDArray[np.int64], season: int) -> Array:
    """Seasonal factor of each position over all SKUs, (season,), from their demand and level by period, (T,) each.

    Neighbouring weeks are averaged (1, 2, 1) as far as few observations stand behind each.
    """
    seen = np.bincount(position, bottom, season)
    raw = (np.bincount(position, top, season) + 5) / (seen + 5)
    if season < 26:
        return raw
    smooth = (np.roll(raw, 1) + 2 * raw + np.roll(raw, -1)) / 4
    return np.asarray(smooth + seen / (seen + SMOOTH) * (raw - smooth))


def centred_level(y: Array, season: int) -> Array:
    """Centred level: mean of the known demand in the season around each period, shape (n, T); shorter at the ends."""
    known = ~np.isnan(y)
    totals = np.cumsum(np.pad(np.nan_to_num(y), ((0, 0), (1, 0))), axis=1)
    counts = np.cumsum(np.pad(known.astype(float), ((0, 0), (1, 0))), axis=1)
    at = np.arange(y.shape[1])
    low = np.clip(at - season // 2, 0, max(y.shape[1] - season, 0))
    high = np.minimum(low + season, y.shape[1])
    return np.asarray((totals[:, high] - totals[:, low]) / np.maximum(counts[:, high] - counts[:, low], 1))


def _sum_by_position(values: Array, position: NDArray[np.int64], season: int) -> Array:
    """Sums of values (n, T) by position in the season, shape (n, season)."""
    result = np.zeros((season, values.shape[0]))
    np.add.at(result, position, values.T)
    return result.T
