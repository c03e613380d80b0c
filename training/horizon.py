"""How far ahead demand is forecast when the config does not say."""

import math

import numpy as np
import pandas as pd

from features.contract.tables import Tables

_LEVEL = 0.99
_DAY = pd.Timedelta(days=1)
_LEAST_DAYS = 56.0
"""Below eight weeks a plan shows too little of what is to come."""

_MOST_DAYS = 366.0
"""Beyond a year the demand forecast is stretched instead of learned."""


def choose_horizon(tables: Tables, review_period_days: float, freq: str, periods: int) -> int:
    """Return the periods that cover the longest protection interval.

    The interval is the review period and the greater of the 0.99 quantiles of past lead times and of contract lead
    times; at least eight weeks, at most a year, and at most a third of the history (there must be cutoffs left to
    test at), but always one period.

    Parameters
    ----------
    periods : length of the demand history
    """
    orders = tables.purchase_orders
    past = ((orders["received_at"] - orders["ordered_at"]) / _DAY).to_numpy(float)
    longest = max(_quantile(past), _quantile(tables.offers["lead_time_days"].to_numpy(float)))
    days = min(max(longest + review_period_days, _LEAST_DAYS), _MOST_DAYS)
    return max(1, min(math.ceil(days / period_days(freq)), periods // 3))


def period_days(freq: str) -> float:
    """Mean length in days of the periods of `freq`."""
    starts = pd.date_range("2020-01-01", periods=25, freq=freq)
    return float((starts[-1] - starts[0]) / _DAY / 24)


def _quantile(days: np.ndarray) -> float:
    known = days[np.isfinite(days)]
    return float(np.quantile(known, _LEVEL)) if len(known) else 0.0
