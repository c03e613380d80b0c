"""The period calendar: where demand periods start and end, by a frequency or as the table `calendar` lists them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.frequency import (
    YEAR_DAYS,
    calendar_phase,
    freq_multiple,
    freq_unit,
    is_listed,
    period_end,
    season_length,
    starts_period,
)
from features.contract.tables import DataError

Days = NDArray[np.datetime64]
_DAY = np.timedelta64(1, "D")
_NAT = np.datetime64("NaT", "ns")


@dataclass(frozen=True)
class PeriodCalendar:
    """The calendar of demand periods: of a frequency, or of the starts that a table lists (4-4-5 and the like).

    Attributes
    ----------
    freq : pandas alias, or `calendar-N@P` of a table with N periods a year (`listed_freq`)
    listed : array of datetime64[ns], rising, the starts in the table; none: the frequency says where periods start
    """

    freq: str
    listed: Days | None = None

    @classmethod
    def of(cls, freq: str, table: pd.DataFrame) -> Self:
        """Calendar of a frequency; of a listed one by the starts in `table`, the contract's `calendar`."""
        if not is_listed(freq):
            return cls(freq)
        if len(table) < 2:
            raise DataError(
                f"demand is {freq}, but there is no table calendar; give it with all period starts"
            )
        return cls(freq, np.sort(table["ds"].to_numpy("datetime64[ns]")))

    def between(self, first: pd.Timestamp, last: pd.Timestamp) -> pd.DatetimeIndex:
        """Starts of the calendar's periods from the one with day `first` to the one with day `last`."""
        if self.listed is None:
            offset = pd.tseries.frequencies.to_offset(self.freq)
            return pd.date_range(offset.rollback(first), offset.rollback(last), freq=self.freq)
        starts = self._until(np.datetime64(last))
        low, high = np.searchsorted(starts, [np.datetime64(first), np.datetime64(last)], side="right")
        return pd.DatetimeIndex(starts[max(low - 1, 0) : high])

    def after(self, start: pd.Timestamp, count: int) -> pd.DatetimeIndex:
        """Starts of the `count` periods of the calendar that follow the one that starts on `start`."""
        if self.listed is None:
            return pd.date_range(start, periods=count + 1, freq=self.freq)[1:]
        starts = self._until(np.datetime64(start), max(count, 1))
        low = int(np.searchsorted(starts, np.datetime64(start), side="right"))
        return pd.DatetimeIndex(starts[low : low + count])

    def end(self, start: pd.Timestamp) -> pd.Timestamp:
        """Day after the last one of the calendar's period that starts on `start`: where the next one starts."""
        if self.listed is None or pd.isna(start):
            return period_end(start, self.freq) if self.listed is None else pd.NaT
        return self.after(start, 1)[0]

    def start_of(self, days: pd.Series) -> pd.Series:
        """Start of the calendar's period that each day falls in (rows,); NaT where a table begins later."""
        codes, distinct = pd.factorize(days)
        starts = np.append(self._starts_of(pd.DatetimeIndex(distinct)), _NAT)
        return pd.Series(starts[codes], index=days.index, name=days.name)

    def _starts_of(self, days: pd.DatetimeIndex) -> Days:
        """Start of the period of each day, of any calendar, (n,)."""
        if not len(days):
            return np.empty(0, "datetime64[ns]")
        if self.listed is not None:
            starts = self._until(np.datetime64(days.max()))
            at = np.searchsorted(starts, days.to_numpy("datetime64[ns]"), side="right") - 1
            return np.where(at >= 0, starts[np.maximum(at, 0)], _NAT)
        if freq_multiple(self.freq) > 1:
            raise DataError(f"data.aggregate cannot sum to {self.freq}; list the starts in a table calendar")
        offset = pd.tseries.frequencies.to_offset(self.freq)
        return np.array([offset.rollback(day).to_datetime64() for day in days], "datetime64[ns]")

    def is_start(self, days: pd.Series) -> NDArray[np.bool_]:
        """Whether each day starts a period of the calendar, (rows,)."""
        if self.listed is None:
            return starts_period(days, self.freq)
        return np.asarray(np.isin(days.to_numpy("datetime64[ns]"), self.listed))

    def start_of_ended(self, days: pd.Series) -> pd.Series:
        """Start of the period whose last day each day is (rows,), the last weekday before a month's end included.

        NaT where no period of the calendar ends on that day.
        """
        codes, distinct = pd.factorize(days)
        monthly = freq_unit(self.freq) in ("MS", "QS", "YS")
        following = day_after(pd.DatetimeIndex(distinct), monthly=monthly)
        starts = np.append(self._starts_before(following), _NAT)
        return pd.Series(starts[codes], index=days.index, name=days.name)

    def _starts_before(self, ends: pd.DatetimeIndex) -> Days:
        """Start of the calendar's period that ends where the next one starts (n,); NaT where none starts then."""
        days = ends.to_numpy("datetime64[ns]")
        if self.listed is not None:
            starts = self._until(days.max(initial=self.listed[-1]))
            at = np.searchsorted(starts, days)
            return np.where((at > 0) & (starts[at] == days), starts[np.maximum(at - 1, 0)], _NAT)
        if freq_unit(self.freq) in ("D", "B"):
            return np.asarray(days - _DAY)
        offset = pd.tseries.frequencies.to_offset(self.freq)
        found = [(end - offset).to_datetime64() if offset.is_on_offset(end) else _NAT for end in ends]
        return np.array(found, "datetime64[ns]")

    def _until(self, day: np.datetime64, more: int = 1) -> Days:
        """Starts of a listed calendar, with at least `more` after `day`."""
        beyond = more
        starts = self._extended(beyond)
        while starts[-more] <= day:
            beyond *= 2
            starts = self._extended(beyond)
        return starts

    def _extended(self, more: int) -> Days:
        """Starts of a listed calendar, and `more` beyond its end: as far apart as those of a year before."""
        assert self.listed is not None
        per_year = season_length(self.freq)
        lengths = np.diff(self.listed)[-2 * per_year :]
        if len(lengths) == 2 * per_year:  # a year with a 53rd week is not the rule
            lengths = np.minimum(lengths[:per_year], lengths[per_year:])
        lengths = lengths[-per_year:]
        beyond = self.listed[-1] + np.cumsum(np.resize(lengths, more))
        return np.concatenate([self.listed, beyond])


def day_after(days: pd.DatetimeIndex, *, monthly: bool) -> pd.DatetimeIndex:
    """The day after each last day of a period; of months also after a Friday with only a weekend left of its month."""
    following = days + pd.Timedelta(days=1)
    if not monthly:
        return following
    friday = (days.dayofweek == 4) & (following.day > 1)
    for ahead in (2, 3):
        later = days + pd.Timedelta(days=ahead)
        following = following.where(~(friday & (later.day == 1)), later)
    return following


def ends_of_months(days: pd.Series, share: float) -> bool:
    """Whether at least `share` of the days (rows,) are the last of a month, or its last weekday: ends of periods."""
    known = pd.DatetimeIndex(days.dropna())
    return len(known) > 0 and bool((day_after(known, monthly=True).day == 1).mean() >= share)


def listed_freq(table: pd.DataFrame) -> str:
    """Frequency of the period starts that a table `calendar` lists: `calendar-N@P`, N periods a year, phase P days.

    Raises
    ------
    DataError
        When it lists fewer than two.
    """
    starts = np.sort(table["ds"].dropna().to_numpy("datetime64[D]"))
    if len(starts) < 2:
        raise DataError(
            f"calendar: {len(starts)} period starts, expected all of the history and of a year ahead"
        )
    days = float((starts[-1] - starts[0]) / _DAY) / (len(starts) - 1)
    per_year = max(1, round(YEAR_DAYS / days))
    return f"calendar-{per_year}@{calendar_phase(starts, per_year)}"
