"""Seasons of a SKU: the year's profile as the model has it, the same periods a year before, and its classes."""

import numpy as np
import pandas as pd

from distributions.demand_forecast import DemandForecast

STEADY, VARYING = 0.5, 1.0
"""Coefficients of variation up to which demand is of class X and of class Y; beyond it is Z."""

_LEAST_PERIODS = 8
"""Periods in stock from which demand gets a class by how much it varies."""


def season_profile(forecast: DemandForecast) -> pd.DataFrame:
    """The year's season of the one SKU of a forecast, month by month; no rows where the model knows no year ahead.

    Returns
    -------
    DataFrame
        month (1 … 12), per_day (units expected a day), index (as a multiple of the year's average day)
    """
    none = pd.DataFrame({"month": [], "per_day": [], "index": []})
    if not forecast.knows_later:
        return none
    ends = np.concatenate([[forecast.ends_days[-1]], forecast.later_ends_days])
    lengths, middle = np.diff(ends), (ends[1:] + ends[:-1]) / 2
    days = pd.Timestamp(forecast.starts[0]) + pd.to_timedelta(middle, unit="D")
    table = pd.DataFrame({"month": days.month, "units": forecast.later_mean[0], "days": lengths})
    sums = table.groupby("month", as_index=False)[["units", "days"]].sum()
    average = table["units"].sum() / table["days"].sum()
    if not average > 0:
        return none
    per_day = sums["units"] / sums["days"]
    return pd.DataFrame({"month": sums["month"], "per_day": per_day, "index": per_day / average})


def year_before(past: pd.DataFrame, starts: pd.DatetimeIndex) -> pd.DataFrame:
    """Demand of the same season a year before periods that begin at `starts`, where the past has it: ds, y.

    `ds` is the day of the period to come. Up to a week long, periods are compared by weekday, 364 days before.
    """
    if len(starts) < 2 or past.empty:
        return pd.DataFrame({"ds": [], "y": []})
    by_weekday = (starts[1] - starts[0]).days <= 7
    before = starts - (pd.Timedelta(days=364) if by_weekday else pd.DateOffset(years=1))
    found = past.drop_duplicates("ds").set_index("ds")["y"].reindex(before).to_numpy(float)
    return pd.DataFrame({"ds": starts, "y": found}).dropna(ignore_index=True)


def variability_class(past: pd.DataFrame) -> tuple[str, float]:
    """Class X, Y or Z of a SKU's demand over the season's year, by its coefficient of variation, and that.

    Empty and NaN where too few periods were in stock, or nothing sold.
    """
    known = past["in_stock"].fillna(value=True).astype(bool) if "in_stock" in past else slice(None)
    demand = past["y"][known].dropna().tail(365).to_numpy(float)
    if len(demand) < _LEAST_PERIODS or not demand.mean() > 0:
        return "", np.nan
    variation = float(demand.std(ddof=1) / demand.mean())
    return ("X" if variation <= STEADY else "Y" if variation <= VARYING else "Z"), variation
