"""Sales since the stock was counted: which demand periods lie after the count, wholly or in part, and are over."""

import pandas as pd

from features.contract.period_calendar import PeriodCalendar

_DAY = pd.Timedelta(days=1)


def periods_since(
    demand: pd.DataFrame, counted_at: pd.Series, as_of: pd.Timestamp, calendar: PeriodCalendar
) -> pd.DataFrame:
    """Demand periods of counted SKUs that are over on `as_of` and end after the day of the count.

    The count is taken at the end of its day, so that a day's own sales are in it; a longer period that begins on that
    day lies after it, as the last period of demand ends where the next begins.

    Parameters
    ----------
    counted_at : day of the last count, by unique_id

    Returns
    -------
    DataFrame
        unique_id, ds, y (NaN where unknown) and `whole`: all of the period lies after the count
    """
    starts = pd.DatetimeIndex(demand["ds"].unique()).sort_values()
    starts = starts[starts <= as_of]
    ends = pd.DatetimeIndex([calendar.end(start) for start in starts])
    recent = (ends > counted_at.min() + _DAY) & (ends <= as_of)
    end_of = pd.Series(ends[recent], index=starts[recent])
    rows = demand.loc[demand["ds"].isin(end_of.index), ["unique_id", "ds", "y"]]
    counted, end = rows["unique_id"].map(counted_at), rows["ds"].map(end_of)
    after = end > counted + _DAY  # not for SKUs without a count
    return rows.assign(whole=rows["ds"] >= counted)[after].reset_index(drop=True)


def days_not_over(
    demand: pd.DataFrame, counted_at: pd.Series, as_of: pd.Timestamp, calendar: PeriodCalendar
) -> pd.Series:
    """Days between the count, or the end of the last period that is over, and `as_of`: their sales are not known yet.

    By unique_id; 0 where the count is of that day.
    """
    known = demand.loc[demand["y"].notna(), "ds"].max()
    last_end = counted_at.min() if pd.isna(known) else calendar.end(known)
    return ((as_of - counted_at.clip(lower=last_end)) / _DAY).clip(lower=0.0)
