"""Seasonality: the position of a period in its season, and seasonal profiles that SKUs share."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.frequency import (
    days_per_period,
    freq_multiple,
    freq_unit,
    is_listed,
    listed_position,
    season_length,
)
from features.demand.panel import Array, Panel
from features.demand.sku_groups import category_codes

GROUP, OWN = 40.0, 7.5
"""Observations at its level that pull a group's factors to those of all SKUs, and a SKU's to its group's."""

SCATTERED = 0.3
"""How much more of these a SKU needs for a variance of its demand, relative to the level, of 1."""

SLOPE_VARIANCE = 0.1
"""Variance between SKUs of how far they follow the season of others."""

REPEATED = 1.5
"""Seasons that a panel must have for a profile of which something has come back: less may be a trend."""

OWN_QUARTER = 20.0
"""Observations that pull a SKU's own quarters to its group's, where the variance of demand relative to level is 1."""

SMOOTH = 100.0
"""Observations of a week at which its own factor and its neighbourhood's weigh the same."""


def season_positions(ds: NDArray[np.datetime64], freq: str, season: int) -> NDArray[np.int64]:
    """Position of each period in its season, 0 … season − 1, shape (T,).

    The usual season of a calendar follows the calendar (week of the year, month, weekday), so that holidays stay
    where they are over the years; any other counts periods.
    """
    when = pd.DatetimeIndex(ds)
    if is_listed(freq):
        return listed_position(ds, freq) % season
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


def season_factors(panel: Panel, h: int, season: int, *, from_one: bool = False) -> Array:
    """Season of each SKU in the panel's periods and the h after them, (n, T + h): a factor of its demand per period.

    Where a table lists the periods, also how long each is beside the mean: five weeks sell more than four. `from_one`
    as in `seasonal_profile`.
    """
    starts = np.concatenate([panel.ds, panel.future(h)])
    place = season_positions(starts[:-1], panel.freq, season)
    length = np.ones(len(place))
    if panel.calendar is not None:
        length = np.diff(starts) / np.timedelta64(1, "D") / days_per_period(panel.freq)
    past = panel.periods
    profile = seasonal_profile(
        panel.uncensored / length[:past], place[:past], season, category_codes(panel), from_one=from_one
    )
    return np.asarray(profile[:, place] * length)


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


def seasonal_profile(
    y: Array,
    position: NDArray[np.int64],
    season: int,
    groups: NDArray[np.int64],
    *,
    from_one: bool = False,
) -> Array:
    """Multiplicative seasonal factor of each SKU and position in the season, (n, season), about 1 on average.

    Own ratios to the centred yearly level are shrunk to the season of the SKU's group, and this to that of all SKUs;
    the more a SKU's demand scatters, the more it borrows. What it borrows is the season of the others as far as its own
    demand follows theirs. Only the profile of all SKUs is smoothed, and only where few SKUs stand behind it: the week
    before Christmas must stay a peak. All ones when the panel is shorter than a season and a half.

    Parameters
    ----------
    y : array (n, T), NaN where unknown
    position : array (T,) of 0 … season − 1
    groups : array (n,) of group codes 0 …
    from_one : one season is enough, and the quarters of the season that a SKU sells in are its own rather than its
        group's: for the year to come, where missing a season is worse than taking a change of level for one
    """
    n, periods = y.shape
    if season < 2 or periods < (1 if from_one else REPEATED) * season:
        return np.ones((n, season))
    ratios = _SeasonRatios.of(y, position, season)
    borrowed = ratios.borrowed(groups)
    if from_one:
        borrowed = borrowed * ratios.own_quarters(borrowed)
    weight = OWN * (1 + SCATTERED * ratios.scatter[:, None])
    own = (ratios.top + weight * borrowed) / (ratios.bottom + weight)
    return np.asarray(own / own.mean(axis=1, keepdims=True))


@dataclass(frozen=True)
class _SeasonRatios:
    """Demand of n SKUs relative to their centred level, by position in the season.

    Attributes
    ----------
    top, bottom : arrays (n, season), sums of demand and of centred level, in units of the SKU's mean level
    scatter : array (n,), variance of demand relative to the level, from period to period
    """

    top: Array
    bottom: Array
    scatter: Array

    @classmethod
    def of(cls, y: Array, position: NDArray[np.int64], season: int) -> Self:
        """Season ratios of demand y (n, T), NaN where unknown."""
        level = centred_level(y, season)
        usable = ~np.isnan(y) & (level > 0)
        count = np.maximum(usable.sum(axis=1), 1)
        size = np.maximum(np.where(usable, level, 0.0).sum(axis=1) / count, 1e-12)[:, None]
        top, bottom = np.where(usable, np.nan_to_num(y), 0.0) / size, np.where(usable, level, 0.0) / size
        return cls(
            _sum_by_position(top, position, season),
            _sum_by_position(bottom, position, season),
            _scatter(np.where(usable, top - bottom, np.nan)),
        )

    def borrowed(self, groups: NDArray[np.int64]) -> Array:
        """Season that each SKU borrows, (n, season): that of the other SKUs, 1 + β (others − 1).

        β is the slope of the SKU's own ratios on the others', shrunk to the mean slope of all SKUs, by the scatter of
        its demand; between 0 (no season, or one of its own) and 1. Seasons that are chance repeat in no other SKU.
        """
        others = self._of_others(groups)
        signal = others - 1
        power = (self.bottom * signal**2).sum(axis=1)
        slope = ((self.top - self.bottom) * signal).sum(axis=1) / np.maximum(power, 1e-12)
        precision = np.where(power > 1e-9, power / np.maximum(self.scatter, 1e-9), 0.0)
        of_all = np.clip((precision * slope).sum() / np.maximum(precision.sum(), 1e-12), 0.0, 1.0)
        beta = (precision * slope + of_all / SLOPE_VARIANCE) / (precision + 1 / SLOPE_VARIANCE)
        return np.asarray(1 + np.clip(beta, 0.0, 1.0)[:, None] * signal)

    def own_quarters(self, borrowed: Array) -> Array:
        """Demand of the quarter of a season around each position, (n, season), beside what is `borrowed` for it.

        Shrunk to 1, the more a SKU's demand scatters. A quarter has enough observations for that after one season.
        """
        around = range(-(self.top.shape[1] // 8), self.top.shape[1] // 8 + 1)
        top, bottom = (sum(np.roll(x, k, axis=1) for k in around) for x in (self.top, borrowed * self.bottom))
        weight = OWN_QUARTER * self.scatter[:, None] + 1e-9
        return np.asarray((top + weight) / (bottom + weight))

    def _of_others(self, groups: NDArray[np.int64]) -> Array:
        """Season of the other SKUs of each SKU's group, pulled to that of all others, (n, season)."""
        count = int(groups.max(initial=0)) + 1
        group_top, group_bottom = (np.zeros((count, self.top.shape[1])) for _ in range(2))
        np.add.at(group_top, groups, self.top)
        np.add.at(group_bottom, groups, self.bottom)
        everyone = _smoothed_factors(self.top.sum(axis=0) - self.top, self.bottom.sum(axis=0) - self.bottom)
        top, bottom = group_top[groups] - self.top, group_bottom[groups] - self.bottom
        return np.asarray((top + GROUP * everyone) / (bottom + GROUP))


def _scatter(deviation: Array) -> Array:
    """Variance of demand relative to its level from period to period, (n,), a slow season not counted: von Neumann's.

    Half the mean square of successive differences of `deviation` (n, T), NaN where unknown.
    """
    step = np.diff(deviation, axis=1)
    known = ~np.isnan(step)
    return np.asarray((np.where(known, step, 0.0) ** 2).sum(axis=1) / np.maximum(2 * known.sum(axis=1), 1))


def _smoothed_factors(top: Array, bottom: Array) -> Array:
    """Seasonal factor of each position over many SKUs, (…, season), from their summed demand and level.

    Neighbouring weeks are averaged (1, 2, 1) as far as few observations stand behind each.
    """
    raw = (top + 5) / (bottom + 5)
    if top.shape[-1] < 26:
        return np.asarray(raw)
    smooth = (np.roll(raw, 1, axis=-1) + 2 * raw + np.roll(raw, -1, axis=-1)) / 4
    return np.asarray(smooth + bottom / (bottom + SMOOTH) * (raw - smooth))


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
