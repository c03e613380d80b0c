"""Seasonal profiles that SKUs share: own ratios to the level of a year, shrunk to those of the group and of all."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.contract.frequency import days_per_period
from features.demand.panel import Array, Panel
from features.demand.seasonality.own_season import by_position, own_season, scatter
from features.demand.seasonality.positions import season_positions
from features.demand.sku_groups import category_codes

GROUP = 40.0
"""Observations at its level that pull a group's factors to those of all SKUs."""

SLOPE_VARIANCE = 0.1
"""Variance between SKUs of how far they follow the season of others."""

REPEATED = 1.5
"""Seasons that a panel must have for a profile of which something has come back: less may be a trend."""

OWN_QUARTER = 20.0
"""Observations that pull a SKU's own quarters to its group's, where the variance of demand relative to level is 1."""

SMOOTH = 100.0
"""Observations of a week at which its own factor and its neighbourhood's weigh the same."""


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


def seasonal_profile(
    y: Array,
    position: NDArray[np.int64],
    season: int,
    groups: NDArray[np.int64],
    *,
    from_one: bool = False,
) -> Array:
    """Multiplicative seasonal factor of each SKU and position in the season, (n, season), about 1 on average.

    Own ratios to the centred yearly level are shrunk to the season of the SKU's group, and this to that of all SKUs:
    as far as they are chance, which the seasons of one SKU tell among themselves, and those of the others tell of it
    (`own_season.py`). What it borrows is the season of the others as far as its own demand follows theirs. Only the
    profile of all SKUs is smoothed, and only where few SKUs stand behind it: the week before Christmas must stay a
    peak. All ones when the panel is shorter than a season and a half.

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
    own = own_season(ratios.demand, ratios.level, position, borrowed)
    return np.asarray(own / own.mean(axis=1, keepdims=True))


@dataclass(frozen=True)
class _SeasonRatios:
    """Demand of n SKUs relative to their centred level, by position in the season.

    Attributes
    ----------
    demand, level : arrays (n, T), demand and its centred level in units of the SKU's mean level, NaN where unknown
    top, bottom : arrays (n, season), their sums
    scatter : array (n,), variance of demand relative to the level, from period to period
    """

    demand: Array
    level: Array
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
        demand, at_level = (np.where(usable, x / size, np.nan) for x in (y, level))
        top, bottom = (by_position(np.nan_to_num(x), position, season) for x in (demand, at_level))
        return cls(demand, at_level, top, bottom, scatter(demand - at_level))

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
