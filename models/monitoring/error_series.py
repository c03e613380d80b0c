"""Demand scores as a series of errors, one a period: whole weeks, the latest forecast of each, classes summed."""

import numpy as np
import pandas as pd

from features.contract.frequency import freq_unit
from models.monitoring.demand_scores import SUM_COLUMNS

_DAYS_PER_WEEK = 7


def weekly_scores(scores: pd.DataFrame, freq: str) -> pd.DataFrame:
    """Make a series of daily demand scores one of whole weeks; those of other frequencies are returned as they are.

    Days of one week differ by weekday and rise and fall together. A week counts for a cutoff that forecast all its
    days, as many as a week of `scores` ever has; `k` is then the step ahead in weeks.
    """
    if freq_unit(freq) not in ("D", "B"):
        return scores
    monday = scores["ds"] - pd.to_timedelta(scores["ds"].dt.dayofweek, unit="D")
    rows = scores.assign(week=monday)
    days = rows.groupby(["cutoff", "week"])["ds"].transform("nunique")
    rows = rows[days == days.max()]
    grouped = rows.groupby(["cutoff", "week", "demand_class"], as_index=False)
    weeks = grouped.agg({"k": "max", **dict.fromkeys(SUM_COLUMNS, "sum")}).rename(columns={"week": "ds"})
    return weeks.assign(k=-(-weeks["k"] // _DAYS_PER_WEEK))


def latest_forecasts(scores: pd.DataFrame) -> pd.DataFrame:
    """Make demand scores a series with one error a period, of its latest forecast: one row per period and class."""
    latest = scores.groupby("ds")["cutoff"].transform("max")
    return scores[scores["cutoff"] == latest].sort_values(["ds", "demand_class"], ignore_index=True)


def period_errors(scores: pd.DataFrame) -> pd.DataFrame:
    """Error series of demand scores, classes summed: cutoff, ds, k, `SUM_COLUMNS`, log_demand_ratio and log_loss.

    In order of cutoff and period. log_demand_ratio: log of demand over forecast; log_loss: log of the mean scaled
    pinball loss. NaN where not defined.
    """
    rows = scores.groupby(["cutoff", "ds", "k"], as_index=False)[SUM_COLUMNS].sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.log(rows["demand"].to_numpy() / rows["forecast"].to_numpy())
        loss = np.log(rows["scaled_pinball"].to_numpy() / rows["scaled_n"].to_numpy())
    return rows.assign(
        log_demand_ratio=np.where(np.isfinite(ratio), ratio, np.nan),
        log_loss=np.where(np.isfinite(loss), loss, np.nan),
    )
