"""The frequency of demand periods, as a pandas alias: inferred from dates; starts, ends, seasons and lengths."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.tables import DataError

_AGREEING = 0.9
"""Share of the rows that must agree on a calendar; the others are quarantined, or the bound stops the run."""
_WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
YEAR_DAYS = 365.25
"""Mean length of a year."""

_LISTED = "calendar-"
_LENGTHS = {"D": 1.0, "B": 7 / 5, "W": 7.0, "MS": 365.25 / 12, "QS": 365.25 / 4, "YS": 365.25}
_SEASONS = {"D": 7, "B": 5, "W": 52, "MS": 12, "QS": 4, "YS": 1}
_NAMES = {"D": "day", "B": "business day", "W": "week", "MS": "month", "QS": "quarter", "YS": "year"}


def infer_freq(ds: pd.Series) -> str:
    """Frequency (pandas alias) of the periods that start on `ds`: D, W-MON … W-SUN (or 2W-…), MS, QS, YS.

    Judged by nine rows in ten, so that a few wrong dates do not hide the calendar.

    Raises
    ------
    DataError
        When there is only one date, or the dates follow no calendar (for example weeks and months mixed).
    """
    codes, days = pd.factorize(ds.to_numpy("datetime64[D]"), sort=True)
    weights = np.bincount(codes[codes >= 0], minlength=len(days)).astype(float)
    dates = pd.DatetimeIndex(days)
    if len(dates) < 2:
        raise DataError(
            f"demand: {len(dates)} distinct ds, too few to tell the frequency; set data.freq in the config"
        )
    alias = _monthly(dates, weights) or _weekly(dates, weights) or _daily(dates, weights)
    if alias is None:
        raise DataError(
            f"demand: ds follows no daily, weekly, monthly, quarterly or yearly calendar ({_sample(dates)}); "
            "give each row the start of its period, or set data.freq in the config"
        )
    return alias


def _monthly(dates: pd.DatetimeIndex, weights: NDArray[np.float64]) -> str | None:
    """Frequency of months, quarters or years, where nine rows in ten (`weights`) are on the first of a month."""
    first = dates.day == 1
    if weights[first].sum() < _AGREEING * weights.sum() or first.sum() < 2:
        return None
    months = dates[first].year * 12 + dates[first].month - 1
    step = int(np.median(np.diff(months)))
    if step in (3, 12):
        start = dates[first].month[np.argmax(weights[first])]
        names = pd.date_range("2001-01-01", periods=12, freq="MS").strftime("%b").str.upper()
        return f"YS-{names[start - 1]}" if step == 12 else f"QS-{names[(start - 1) % 3]}"
    return "MS"


def _weekly(dates: pd.DatetimeIndex, weights: NDArray[np.float64]) -> str | None:
    """Frequency of one or several weeks, where nine rows in ten lie on one weekday."""
    per_day = np.bincount(dates.dayofweek, weights, minlength=7)
    best = int(per_day.argmax())
    chosen = dates[dates.dayofweek == best]
    if per_day[best] < _AGREEING * weights.sum() or len(chosen) < 2:
        return None
    step = int(np.median(np.diff(chosen.to_numpy("datetime64[D]")).astype(int))) // 7
    return f"W-{_WEEKDAYS[best]}" if step == 1 or len(chosen) < 4 else f"{step}W-{_WEEKDAYS[best]}"


def _daily(dates: pd.DatetimeIndex, weights: NDArray[np.float64]) -> str | None:
    """Daily frequency, where at least half of the days between first and last have rows."""
    # Isolated typing errors must not stretch the span: it is taken between the rows' 2 % and 98 % quantiles.
    share = np.cumsum(weights) / weights.sum()
    inner = dates[(share >= 0.02) & (share <= 0.98)] if len(dates) > 50 else dates
    span = (inner[-1] - inner[0]).days + 1
    return "D" if len(inner) >= 0.5 * span else None


def _sample(dates: Sequence[pd.Timestamp]) -> str:
    return ", ".join(f"{date:%a %Y-%m-%d}" for date in dates[:3])


def freq_unit(freq: str) -> str:
    """Unit of a frequency without its multiple and anchor: `2W-MON` → `W`."""
    unit = freq.lstrip("0123456789").split("-")[0]
    if is_listed(freq):
        return "calendar"
    if unit not in _LENGTHS:
        raise DataError(
            f"data.freq {freq!r} is not supported; give D, B, W-MON … W-SUN, MS, QS-JAN or YS-JAN (period starts)"
        )
    return unit


def is_listed(freq: str) -> bool:
    """Whether a frequency is that of the period starts which the table `calendar` lists: `calendar-N@P`."""
    return freq.startswith(_LISTED)


def same_freq(one: str, other: str) -> bool:
    """Whether two frequencies are the same; of listed ones the periods a year count, for a table grows."""
    return one == other or (is_listed(one) and one.partition("@")[0] == other.partition("@")[0])


def calendar_phase(starts: NDArray[np.datetime64], per_year: int) -> int:
    """Phase of listed period starts, the P of their frequency: their days since 1970, modulo a mean period."""
    period = YEAR_DAYS / per_year
    angle = 2 * np.pi * starts.astype("datetime64[D]").astype(np.int64) / period
    return round(float(np.angle(np.exp(1j * angle).mean())) / (2 * np.pi) * period % period)


def listed_position(ds: NDArray[np.datetime64], freq: str) -> NDArray[np.int64]:
    """Number of each listed period start since 1970, (T,), as its frequency `calendar-N@P` counts them."""
    per_year, phase = (int(part) for part in freq.removeprefix(_LISTED).split("@"))
    days = ds.astype("datetime64[D]").astype(np.int64)
    return np.asarray(np.round((days - phase) / (YEAR_DAYS / per_year)), np.int64)


def freq_multiple(freq: str) -> int:
    """Multiple of a frequency, the units in a period: `2W-MON` → 2."""
    digits = freq[: len(freq) - len(freq.lstrip("0123456789"))]
    return int(digits or 1)


def starts_period(ds: pd.Series, freq: str) -> NDArray[np.bool_]:
    """Whether each date starts a period of the frequency, (n,). Multiples are anchored at the commonest phase."""
    codes, days = pd.factorize(ds.to_numpy("datetime64[D]"))
    dates = pd.DatetimeIndex(days)
    unit = pd.tseries.frequencies.to_offset(freq[len(freq) - len(freq.lstrip("0123456789")) :])
    if freq_unit(freq) == "D":
        on = np.ones(len(dates), bool)
    elif freq_unit(freq) == "W":
        on = np.asarray(dates.dayofweek == unit.weekday)
    else:
        on = np.array([unit.is_on_offset(date) for date in dates], bool)
    if freq_multiple(freq) > 1 and on.any():
        ordinal = _ordinal(dates, freq)
        phase = np.bincount(ordinal[on] % freq_multiple(freq)).argmax()
        on &= ordinal % freq_multiple(freq) == phase
    return np.asarray(np.append(on, False)[codes])


def _ordinal(dates: pd.DatetimeIndex, freq: str) -> NDArray[np.int64]:
    """Number of the unit (day, week, month, quarter, year) of the frequency that each date falls in."""
    if freq_unit(freq) in ("D", "W", "B"):
        days = dates.to_numpy("datetime64[D]").astype(np.int64)
        return np.asarray(days // 7 if freq_unit(freq) == "W" else days)
    return np.asarray(dates.year * 12 + dates.month - 1, np.int64) // round(_LENGTHS[freq_unit(freq)] / 30.4)


def describe_start(freq: str) -> str:
    """How a message describes the period starts of a frequency: `a Monday, the start of a week`."""
    if freq_unit(freq) == "W":
        weekday = pd.tseries.frequencies.to_offset(freq).weekday
        return f"a {_DAY_NAMES[weekday]}, the start of a week"
    if is_listed(freq):
        return "the start of a period in the table calendar"
    return f"the first day of a {_NAMES[freq_unit(freq)]}"


def period_end(ds: pd.Timestamp, freq: str) -> pd.Timestamp:
    """Day after the last one of the period that starts on `ds`, which is the start of the next period."""
    return pd.Timestamp(ds) + pd.tseries.frequencies.to_offset(freq)


def period_index(
    calendar: pd.DatetimeIndex, ds: pd.Series, end: pd.Timestamp | None = None
) -> NDArray[np.int64]:
    """Position in the calendar of the period that each date falls in, shape (rows,); −1 outside the calendar.

    `end` is where its last period ends; none: by its frequency.
    """
    dates = ds.to_numpy("datetime64[ns]")
    if end is not None:
        end = np.datetime64(end)
    elif calendar.freq is not None:
        end = (calendar[-1] + calendar.freq).to_datetime64()
    else:
        end = _end_without_freq(calendar)
    period = np.searchsorted(calendar.to_numpy(), dates, side="right") - 1
    return np.asarray(np.where(dates < end, period, -1), np.int64)


def _end_without_freq(calendar: pd.DatetimeIndex) -> np.datetime64:
    """Period end of a calendar without a frequency: its last period is as long as the one before, or a day."""
    width = calendar[-1] - calendar[-2] if len(calendar) > 1 else pd.Timedelta(days=1)
    return np.datetime64((calendar[-1] + width).to_datetime64())


def season_length(freq: str) -> int:
    """Periods in a season of the frequency: 7 daily, 52 weekly, 12 monthly, 4 quarterly; at least 1."""
    if is_listed(freq):
        return _listed_per_year(freq)
    return max(_SEASONS[freq_unit(freq)] // freq_multiple(freq), 1)


def days_per_period(freq: str) -> float:
    """Mean length of a period of the frequency in calendar days."""
    if is_listed(freq):
        return YEAR_DAYS / _listed_per_year(freq)
    return _LENGTHS[freq_unit(freq)] * freq_multiple(freq)


def _listed_per_year(freq: str) -> int:
    return int(freq.removeprefix(_LISTED).split("@")[0])


def periods_per_year(freq: str) -> float:
    """Mean number of periods of the frequency in a year of 365.25 days."""
    return 365.25 / days_per_period(freq)
