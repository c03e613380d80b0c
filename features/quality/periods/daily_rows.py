"""Daily rows of demand: which days were recorded, and the rows summed to the periods of a calendar."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.contract.period_calendar import PeriodCalendar

_DAY = pd.Timedelta(days=1)
_USUAL = 0.5
"""Share of the weeks in which a weekday has rows, from which it is one on which demand is recorded."""


@dataclass(frozen=True)
class RecordedDays:
    """The days that daily rows cover: from the first to the last row, and the weekdays that usually have rows.

    Attributes
    ----------
    first, last : the days of the first and the last row
    usual : bool array (7,), Monday first; a shop that is closed on Sundays loses nothing on them
    """

    first: pd.Timestamp
    last: pd.Timestamp
    usual: NDArray[np.bool_]

    @classmethod
    def of(cls, days: pd.Series) -> Self:
        """Recorded days of the dates of all rows with a quantity."""
        distinct = pd.DatetimeIndex(days.dropna().unique())
        weeks = max((distinct.max() - distinct.min()) / (7 * _DAY), 1.0)
        return cls(
            distinct.min(), distinct.max(), np.bincount(distinct.dayofweek, minlength=7) >= _USUAL * weeks
        )

    def end(self, calendar: PeriodCalendar) -> pd.Timestamp:
        """The day until which demand was recorded: after the last row, and the unrecorded weekdays in its period."""
        day = self.last + _DAY
        end = calendar.end(calendar.start_of(pd.Series([self.last]))[0])
        while day < end and not self.usual[day.dayofweek]:
            day += _DAY
        return day

    def partial(self, calendar: PeriodCalendar, day: pd.Timestamp) -> list[pd.Timestamp]:
        """Starts of the periods of which days were not recorded: the first, the last, and one running on `day`."""
        starts = calendar.start_of(pd.Series([self.first, self.last]))
        before = pd.date_range(starts[0], self.first - _DAY)
        found = [starts[0]] if self.usual[before.dayofweek].any() else []
        end = calendar.end(starts[1])
        return [*found, starts[1]] if end > min(self.end(calendar), day) else found


def sum_to_periods(
    rows: pd.DataFrame, calendar: PeriodCalendar, *, partial: Collection[pd.Timestamp], gaps: str
) -> pd.DataFrame:
    """Daily rows of demand (sorted by unique_id and ds) summed to periods; their covariates are averaged.

    A period in which the SKU ran out of stock on a day is out of stock: its sum is a lower bound. A period is unknown
    (`y` NaN) where a day's demand is, where it is `partial`, and with `gaps` "missing" where the SKU has no row on a
    day on which others have.
    """
    starts = calendar.start_of(rows["ds"])
    sku, names = pd.factorize(rows["unique_id"])
    period, periods = pd.factorize(starts, sort=True)
    cell, place = np.unique(sku * len(periods) + period, return_inverse=True)
    y, out = rows["y"].to_numpy(float), (rows["in_stock"] == False).fillna(False).to_numpy(bool)  # noqa: E712
    unknown = np.bincount(place, np.isnan(y) & ~out) > 0
    unknown |= np.isin(periods, pd.DatetimeIndex(list(partial)))[cell % len(periods)]
    if gaps == "missing":
        days = rows["ds"].drop_duplicates()
        recorded = np.bincount(np.searchsorted(periods, calendar.start_of(days)), minlength=len(periods))
        unknown |= np.bincount(place) < recorded[cell % len(periods)]
    total = np.where(unknown, np.nan, np.bincount(place, np.nan_to_num(y)))
    stated = np.bincount(place, rows["in_stock"].notna().to_numpy(float)) > 0
    in_stock = pd.array(np.bincount(place, out) == 0, dtype="boolean")
    in_stock[~stated] = pd.NA
    columns = {
        "unique_id": np.asarray(names, object)[cell // len(periods)],
        "ds": np.asarray(periods, "datetime64[ns]")[cell % len(periods)],
        "y": total,
        "in_stock": in_stock,
    }
    for name in rows.columns.difference(list(columns), sort=False):
        columns[name] = _mean(rows[name].to_numpy(float, na_value=np.nan), place)
    return pd.DataFrame(columns)[list(rows.columns)]


def _mean(values: NDArray[np.float64], place: NDArray[np.int64]) -> NDArray[np.float64]:
    """Mean of the known values of each period, NaN where none is known."""
    count = np.bincount(place, ~np.isnan(values))
    return np.where(count > 0, np.bincount(place, np.nan_to_num(values)) / np.maximum(count, 1), np.nan)
