"""The forecast horizon in periods: the config's, else one that covers the longest protection interval."""

import math

import numpy as np
import pandas as pd

from configs.schema import Config
from features.contract.frequency import days_per_period
from features.contract.tables import Tables
from features.demand.panel import Panel

_LEAD_TIME_LEVEL = 0.99
_DAY = pd.Timedelta(days=1)
_LEAST_DAYS = 56.0
"""Below eight weeks a plan shows too little of what is to come."""

_MOST_DAYS = 366.0
"""Beyond a year the demand forecast is stretched instead of learned."""


def demand_horizon(tables: Tables, config: Config, panel: Panel) -> int:
    """Forecast horizon in periods: the config's, else the one that covers the longest protection interval."""
    return config.demand.horizon or choose_horizon(
        tables, config.policy.review_period_days, panel.freq, panel.periods
    )


def choose_horizon(tables: Tables, review_period_days: float, freq: str, periods: int) -> int:
    """Forecast horizon in periods that covers the longest protection interval.

    The interval is the review period and the greater of the 0.99 quantiles of past lead times and of contract lead
    times; at least eight weeks, at most a year, and at most a third of the history (there must be cutoffs left to
    test at), but always one period.

    Parameters
    ----------
    periods : length of the demand history
    """
    orders = tables.purchase_orders
    past = ((orders["received_at"] - orders["ordered_at"]) / _DAY).to_numpy(float)
    longest = max(_long_lead_time(past), _long_lead_time(tables.offers["lead_time_days"].to_numpy(float)))
    days = min(max(longest + review_period_days, _LEAST_DAYS), _MOST_DAYS)
    return max(1, min(math.ceil(days / days_per_period(freq)), periods // 3))


def _long_lead_time(days: np.ndarray) -> float:
    """The 0.99 quantile of lead times in days, unknown ones left out; 0 without any."""
    known = days[np.isfinite(days)]
    return float(np.quantile(known, _LEAD_TIME_LEVEL)) if len(known) else 0.0
