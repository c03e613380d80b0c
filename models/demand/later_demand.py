"""Later demand: what is expected in the year after the horizon, by the season of each SKU and the level it sells at."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.frequency import freq_unit, periods_per_year, season_length
from features.demand.demand_class import SHORT
from features.demand.lifecycle.adjusted_history import apply_lifecycle
from features.demand.lifecycle.phase_out import phase_out_split
from features.demand.panel import Array, Panel
from features.demand.seasonality.positions import season_positions
from features.demand.seasonality.profile import season_factors, seasonal_profile
from features.demand.sku_groups import category_codes
from models.demand.cold_start import RECENT_PERIODS
from models.demand.members.seasonal_level import smoothed

WEEKS = 52
"""Weeks in the season of a year, by which days sell that have a season of a week beside."""

NEW_BOUND = 4.0
"""How many times the category's level of late that of a new SKU without its season may be, or one in so many."""


@dataclass(frozen=True)
class LaterDemand:
    """Demand expected in the P periods after the horizon, a year of them, in which the season comes round once.

    Attributes
    ----------
    mean : array (n, P), units per period; no periods where the panel is too short to know a season
    ends_days : array (P,), days from the start of the horizon to the end of each
    """

    mean: Array
    ends_days: Array


def later_demand(
    panel: Panel, mean: Array, season: int, *, dead: NDArray[np.bool_], steady: NDArray[np.bool_]
) -> LaterDemand:
    """Demand of the year after the horizon for which `mean` (n, h) is the forecast, no trend going on: level × season.

    The season is that of each SKU's own last years, shrunk to that of its category. Replaced SKUs fade, and their
    successors carry them; `dead` SKUs (n,) sell nothing more, and `steady` ones what they always do.
    """
    n, h = mean.shape
    year = _year_of_periods(panel.freq, season)
    history = apply_lifecycle(panel)
    factors = _year_factors(history, h + year, season)
    if factors is None:
        return LaterDemand(np.empty((n, 0)), np.empty(0))
    level = _level(history, _joint_total(panel, mean), factors[:, : panel.periods + h], year)
    later = level[:, None] * factors[:, panel.periods + h :]
    split = phase_out_split(panel, h + year)
    if split is not None:
        later = replace(split, part=split.part[:, h:]).apply(later)
    later[steady] = mean[steady].mean(axis=1, keepdims=True)
    later[dead] = 0.0
    starts = panel.future(h + year)
    return LaterDemand(later, np.asarray((starts[h + 1 :] - starts[0]) / np.timedelta64(1, "D"), float))


def _year_of_periods(freq: str, season: int) -> int:
    """Periods in a year, whole seasons of them; a season if that is longer."""
    return max(round(periods_per_year(freq)) // season * season, season)


def _joint_total(panel: Panel, mean: Array) -> Array:
    """Demand over the horizon (n,) by the forecast `mean` (n, h), that of replaced SKUs with their successors'."""
    total = mean.sum(axis=1)
    if panel.succession is not None and len(panel.succession):
        final = panel.succession.final()
        np.add.at(total, final.new, final.share * total[final.old])
    return np.asarray(total)


def _level(history: Panel, total: Array, factors: Array, year: int) -> Array:
    """Level of each SKU without its season, (n,), at which it is expected to sell in the year to come.

    That of the horizon, demand `total` (n,) over its factors, weighed by its periods against that of the past, which
    counts as a year of them: a horizon off season says little. The past's is the mean of two, the smoothed level,
    which follows a change, and demand over factors with the half-life of a year, which a season not yet told from
    one does not mislead (measured on VN2, M1 and the demo: either alone is further off). SKUs with next to no past
    have the level of their category of late, whose season was that of those periods.

    Parameters
    ----------
    factors : array (n, T + h)
    """
    past, ahead = factors[:, : history.periods], factors[:, history.periods :]
    y = history.uncensored
    known = ~np.isnan(y)
    weight = known * 0.5 ** (np.arange(history.periods)[::-1] / year)
    of_a_year = (weight * np.nan_to_num(y)).sum(axis=1) / np.maximum((weight * past).sum(axis=1), 1e-12)
    level = (smoothed(y, past)[0] + of_a_year) / 2
    own = np.minimum(known.sum(axis=1) / SHORT, 1.0)
    of_late = np.clip(past[:, -RECENT_PERIODS:].mean(axis=1), 1 / NEW_BOUND, NEW_BOUND)
    periods = own * ahead.sum(axis=1) + (1 - own) * ahead.shape[1] * of_late
    return np.asarray((total + own * year * level) / (periods + own * year))


def _year_factors(history: Panel, count: int, season: int) -> Array | None:
    """Season of a year in the panel's periods and the `count` after them, (n, T + count); None: not known.

    A season of the week, which days have, is multiplied by that of the year, by its weeks.
    """
    weekly = freq_unit(history.freq) in ("D", "B") and season == season_length(history.freq)
    starts = np.concatenate([history.ds, history.future(count)[:-1]])
    weeks = starts.astype("datetime64[D]").astype(np.int64) // 7
    needed = WEEKS if weekly else season
    if season < 2 or (weeks[history.periods - 1] - weeks[0] if weekly else history.periods) < needed:
        return None
    if not weekly:
        return season_factors(history, count, season, from_one=True)
    days = season_factors(history, count, season)
    numbers, week = np.unique(weeks[: history.periods], return_inverse=True)
    y = _means_by(history.uncensored / days[:, : history.periods], week, len(numbers))
    places = season_positions(starts, "W-MON", WEEKS)
    first = season_positions((numbers * 7).astype("datetime64[D]").astype("datetime64[ns]"), "W-MON", WEEKS)
    profile = seasonal_profile(y, first, WEEKS, category_codes(history), from_one=True)
    return np.asarray(days * profile[:, places])


def _means_by(y: Array, group: NDArray[np.int64], count: int) -> Array:
    """Means of the known values of y (n, T) in each group of periods, (n, count); NaN in one without any."""
    sums = pd.DataFrame(y.T).groupby(group).mean()
    return np.asarray(sums.reindex(range(count)).to_numpy().T)
