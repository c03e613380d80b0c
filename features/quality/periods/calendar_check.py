"""The calendar check: the periods that demand is given in, by start, end or day by day; and rows off the calendar."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import DataConfig
from features.contract.frequency import describe_start, freq_unit, infer_freq
from features.contract.period_calendar import PeriodCalendar, day_after, ends_of_months, listed_freq
from features.contract.tables import DataError
from features.quality.table_check import TableCheck

_FAR = pd.Timedelta(days=3 * 366)
"""A gap in the dates of all SKUs beyond which the few rows on its far side are typing errors."""

_AGREEING = 0.9
"""Share of rows that must lie on ends of months for all to be read as such."""

_MONTHLY = ("MS", "QS", "YS")
_DAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


def check_isolated_dates(demand: TableCheck) -> None:
    """Calendar check of years: reject one row in a hundred at most, years away from all others by a wrong year.

    Left in, one such row would stretch every series over the gap.
    """
    ds = demand.frame["ds"]
    codes, days = pd.factorize(ds, sort=True)
    if len(days) < 2:
        return
    below = np.cumsum(np.bincount(codes[codes >= 0], minlength=len(days)))
    few = 0.01 * below[-1]
    far = np.flatnonzero(np.diff(days) > _FAR.to_timedelta64())
    first = max((int(i) + 1 for i in far if below[i] <= few), default=0)
    last = min((int(i) for i in far if below[-1] - below[i] <= few), default=len(days) - 1)
    demand.reject(
        (codes >= 0) & ((codes < first) | (codes > last)),
        "ds lies near the other dates",
        lambda row: (
            f"ds is {ds.iloc[row]:%Y-%m-%d}, years away from all other rows "
            f"({days[first]:%Y-%m-%d} to {days[last]:%Y-%m-%d}); correct the year"
        ),
    )


def check_calendar(demand: TableCheck, listed: TableCheck | None, data: DataConfig) -> PeriodCalendar:
    """Calendar check of demand: settle the periods that its rows have in common, and reject rows off their calendar.

    Where `ds` is the last day of a period, it becomes the first. Daily rows that are to be summed stay days.

    Parameters
    ----------
    listed : the table `calendar` of period starts, where there is one

    Raises
    ------
    DataError
        When the dates follow no calendar, or the config names none to sum to.
    """
    check_isolated_dates(demand)
    ends = _are_ends(demand, listed, data)
    calendar = _settle(demand, listed, data, ends=ends)
    ds = demand.frame["ds"]
    if data.aggregate is None:
        starts = calendar.start_of_ended(ds) if ends else ds.where(calendar.is_start(ds))
    else:
        starts = calendar.start_of(ds)
    expected = _describe_end(calendar.freq) if ends else describe_start(calendar.freq)
    demand.reject(
        (starts.isna() & ds.notna()).to_numpy(),
        f"ds {'ends' if ends else 'starts'} a period of {calendar.freq}",
        lambda row: f"ds is {ds.iloc[row]:%Y-%m-%d}, a {ds.iloc[row]:%A}, expected {expected}",
    )
    if ends:
        demand.frame["ds"] = starts
    return calendar


def _are_ends(demand: TableCheck, listed: TableCheck | None, data: DataConfig) -> bool:
    """Whether `ds` is the last day of its period: the config says so, or the dates are all ends of months."""
    if data.aggregate is not None:
        return False
    if data.ds is not None or listed is not None:
        return data.ds == "end"
    monthly = data.freq is None or freq_unit(data.freq) in _MONTHLY
    known = _known_dates(demand)
    return monthly and known.nunique() > 1 and ends_of_months(known, _AGREEING)


def _settle(demand: TableCheck, listed: TableCheck | None, data: DataConfig, *, ends: bool) -> PeriodCalendar:
    """The calendar of demand: of the table `calendar`, of the config, or read off the dates."""
    if listed is not None:
        if data.freq is not None:
            raise DataError(
                f"{listed.raw.origin} lists the period starts, and data.freq is {data.freq}; give one of the two"
            )
        table = listed.frame[listed.good]
        return PeriodCalendar.of(listed_freq(table), table)
    if data.freq is not None:
        return PeriodCalendar(data.freq)
    if data.aggregate is not None:
        raise DataError(
            "data.aggregate needs the periods to sum to; set data.freq (W-MON, MS …) in the config"
        )
    known = _known_dates(demand)
    if ends:
        known = pd.Series(day_after(pd.DatetimeIndex(known), monthly=ends_of_months(known, _AGREEING)))
    try:
        return PeriodCalendar(infer_freq(known))
    except DataError as error:
        raise DataError(f"{error}{_odd_skus(demand)}") from error


def _known_dates(demand: TableCheck) -> pd.Series:
    return demand.frame["ds"][demand.good & demand.frame["y"].notna().to_numpy()]


def _describe_end(freq: str) -> str:
    """How the calendar check describes the last days of periods of a frequency."""
    names = {"MS": "month", "QS": "quarter", "YS": "year", "W": "week"}
    return f"the last day of a {names.get(freq_unit(freq), 'period')} ({freq})"


def _odd_skus(demand: TableCheck) -> str:
    """The SKUs whose dates keep another calendar than those of most, as the calendar check's error ends; or nothing."""
    frame = demand.frame[demand.good]
    codes, names = pd.factorize(frame["unique_id"])
    days = pd.DatetimeIndex(frame["ds"])
    patterns = np.array(_patterns(codes, days, len(names)), object)
    kinds, counts = np.unique(patterns, return_counts=True)
    usual = kinds[counts.argmax()]
    odd = np.flatnonzero(patterns != usual)
    if not len(odd) or counts.max() <= len(names) / 2:
        return ""
    shown = ", ".join(f"{names[i]} on {patterns[i]}" for i in odd[:5]) + (" …" if len(odd) > 5 else "")
    return f". Most SKUs lie on {usual}, but {len(odd):,} do not: {shown}"


def _patterns(codes: NDArray[np.int64], days: pd.DatetimeIndex, count: int) -> list[str]:
    """On which days each SKU's dates lie: firsts or ends of months, a weekday, or any."""
    total = np.maximum(np.bincount(codes, minlength=count), 1)
    shares = {
        "firsts of months": days.day == 1,
        "ends of months": day_after(days, monthly=True).day == 1,
        **{name: days.dayofweek == number for number, name in enumerate(_DAYS)},
    }
    found = [np.bincount(codes, on, count) / total >= _AGREEING for on in shares.values()]
    return [str(name) for name in np.select(found, list(shares), "various days")]
