"""The position of a period in its season, by the calendar where it has one."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.frequency import freq_multiple, freq_unit, is_listed, listed_position, season_length


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
