"""Local dates of time stamps: the date as it is written counts, or the date in the time zone that the config names."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.notation import Ambiguity, Notation

_LIMIT = np.datetime64("2262-01-01")
_FIRST = np.datetime64("1678-01-01")
_NOON = np.timedelta64(12, "h")
_HOUR = 60.0
_QUARTER = np.timedelta64(900, "s")
_FIX = "set data.timezone in the config to the zone whose dates count, such as Europe/Berlin"


def local_dates(
    moments: NDArray[np.datetime64],
    offsets: NDArray[np.float64],
    timed: NDArray[np.bool_],
    notation: Notation,
) -> tuple[NDArray[np.datetime64], Ambiguity | None]:
    """Dates (n,) of time stamps, and why it is not clear whose dates they are.

    A column of midnights holds dates, whatever the offset, and so does one whose offsets differ by summer time at
    most. With `data.timezone`, any other column's stamps are moments (in UTC where they have no offset), and their
    dates are those in that zone. What cannot be read so is ambiguous: offsets of several zones, stamps with and
    without an offset, midnights of another zone written in UTC.

    Parameters
    ----------
    moments : date and time of day as written, NaT where there is none
    offsets : minutes ahead of UTC as written, NaN where none is
    timed : which have a time of day
    """
    days = moments.astype("datetime64[D]")
    if not timed.any() or (moments == days)[~np.isnat(moments)].all():
        return whole_days(days), None
    if notation.timezone is not None:
        utc = moments - np.nan_to_num(offsets).astype("timedelta64[m]")
        there = pd.DatetimeIndex(utc).tz_localize("UTC").tz_convert(notation.timezone).tz_localize(None)
        return whole_days(np.where(timed, there.to_numpy().astype("datetime64[D]"), days)), None
    return whole_days(days), _several_zones(moments, offsets) or _midnights_elsewhere(moments, offsets)


def zoned_dates(stamps: pd.Series, notation: Notation) -> tuple[NDArray[np.datetime64], Ambiguity | None]:
    """Dates (n,) of a column of time stamps from Parquet, SQL or a workbook: as they read in the column's own zone."""
    written = stamps if stamps.dt.tz is None else stamps.dt.tz_localize(None)
    moments = written.to_numpy()
    offsets = np.full(len(stamps), np.nan)
    if stamps.dt.tz is not None:
        ahead = moments - stamps.dt.tz_convert(None).to_numpy()
        offsets = np.where(np.isnat(ahead), np.nan, ahead / np.timedelta64(1, "m"))
    return local_dates(moments, offsets, np.ones(len(stamps), bool), notation)


def whole_days(days: NDArray[np.datetime64]) -> NDArray[np.datetime64]:
    """Days (n,), NaT where one lies outside what nanoseconds can hold."""
    outside = ~np.isnat(days) & ((days < _FIRST) | (days >= _LIMIT))
    return np.where(outside, np.datetime64("NaT"), days.astype("datetime64[D]"))


def _several_zones(moments: NDArray[np.datetime64], offsets: NDArray[np.float64]) -> Ambiguity | None:
    """Say that the stamps of a column come from several zones: offsets more than summer time apart, or some without."""
    midday = ~np.isnat(moments) & (moments != moments.astype("datetime64[D]"))
    zoned = ~np.isnat(moments) & ~np.isnan(offsets)
    if not zoned.any():
        return None
    bare = midday & np.isnan(offsets)
    if bare.any():
        return Ambiguity(
            int(np.flatnonzero(bare)[0]),
            f"without an offset, while other times of the column have one; {_FIX}",
        )
    low, high = np.nanmin(offsets[zoned]), np.nanmax(offsets[zoned])
    if high - low <= _HOUR:
        return None
    return Ambiguity(
        int(np.flatnonzero(zoned & (offsets == high))[0]),
        f"while other times of the column have the offset {_shown(low)}, which is not the same zone's; {_FIX}",
    )


def _midnights_elsewhere(moments: NDArray[np.datetime64], offsets: NDArray[np.float64]) -> Ambiguity | None:
    """Say that a column in UTC holds the midnights of a zone east of it: one time after noon, or two an hour apart."""
    there = ~np.isnat(moments)
    if (np.nan_to_num(offsets[there]) != 0).any():
        return None
    days = moments[there].astype("datetime64[D]")
    passed = (moments[there] - days).astype("timedelta64[s]")
    if (passed % _QUARTER).astype(bool).any():
        return None
    times = np.unique(passed)
    summer_time = len(times) == 2 and (times[1] - times[0]) / np.timedelta64(1, "m") in (30, 60)
    alike = summer_time or (len(times) == 1 and not np.isnan(offsets[there]).any())
    late = times[-1] > _NOON or (summer_time and times[-1] == _NOON)
    if not (alike and late and len(np.unique(days)) >= 3):
        return None
    example = int(np.flatnonzero(there)[0])
    day = moments[example].astype("datetime64[D]")
    return Ambiguity(
        example,
        f"which is {day} as written and {day + 1} where that moment is midnight, as it seems to be in all rows; "
        f"{_FIX}, or to UTC",
    )


def _shown(minutes: float) -> str:
    sign = "+" if minutes >= 0 else "−"
    return f"{sign}{abs(int(minutes)) // 60:02d}:{abs(int(minutes)) % 60:02d}"
