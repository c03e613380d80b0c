"""A partial last period: demand that was exported before its last period was over, told by its total."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import DataConfig
from features.contract.frequency import season_length
from features.contract.period_calendar import PeriodCalendar
from features.quality.table_check import TableCheck

Array = NDArray[np.float64]

BEFORE, LEAST = 13, 8
"""Periods before the last one that it is compared with, and how many there must be."""

LOW, LOWEST, DEVIATIONS = 0.75, 0.8, 4.0
"""A total is partial at three quarters of the usual, at .8 of the least of those before, and 4 deviations below."""

LEAST_DEVIATION = 0.02
_MOST = 3.0
"""One SKU's sales count up to three times its usual ones, so that a promotion hides nothing."""


def hold_partial_period(
    demand: TableCheck, calendar: PeriodCalendar, data: DataConfig
) -> pd.Timestamp | None:
    """Make the demand of a partial last period unknown, and return its start; None where it is whole.

    As `data.last_period` says, or judged: the total of all SKUs, each in units of its own usual demand, is far below
    what it ever was in the 13 periods before, and no such drop happened at this time of the year before.
    """
    if data.last_period == "whole" or data.aggregate is not None:
        return None
    known = demand.good & demand.frame["y"].notna().to_numpy()
    if not known.any():
        return None
    last = demand.frame["ds"][known].max()
    if data.last_period == "judge" and not _looks_partial(demand.frame[known], calendar, data):
        return None
    rows = known & (demand.frame["ds"] == last).to_numpy()
    for column in ("y", "in_stock"):
        demand.frame[column] = demand.frame[column].mask(rows)
    return last


def _looks_partial(rows: pd.DataFrame, calendar: PeriodCalendar, data: DataConfig) -> bool:
    """Whether the last period's total is out of the usual for a partial one, and was not so a year before."""
    last = rows["ds"].max()
    periods = calendar.between(rows["ds"].min(), last)
    if len(periods) <= LEAST:
        return False
    totals = relative_totals(_layout(rows, periods[-BEFORE - 1 :], data))
    if not _is_drop(totals):
        return False
    back = season_length(calendar.freq)
    if back < BEFORE or len(periods) < back + LEAST + 1:
        return True
    year_before = relative_totals(
        _layout(rows, periods[max(len(periods) - back - BEFORE - 1, 0) : -back], data)
    )
    return bool(totals[-1] < LOWEST * year_before[-1])


def _layout(rows: pd.DataFrame, periods: pd.DatetimeIndex, data: DataConfig) -> Array:
    """Demand of each SKU (n, T) in the last periods; no row is zero or unknown as `data.gaps` says."""
    inside = rows[(rows["ds"] >= periods[0]) & (rows["ds"] <= periods[-1])]
    codes, names = pd.factorize(inside["unique_id"])
    y = np.full((len(names), len(periods)), 0.0 if data.gaps == "zero" else np.nan)
    in_stock = (inside["in_stock"] != False).fillna(True).to_numpy(bool)  # noqa: E712 - three-valued
    y[codes, periods.get_indexer(inside["ds"])] = np.where(in_stock, inside["y"], np.nan)
    return y


def relative_totals(y: Array) -> Array:
    """Total demand of each period (T,) over SKUs (n, T), each in units of its own mean before the last period.

    Free of units: SKUs weigh by how many of their periods have sales, whatever they count in.
    """
    before = y[:, :-1]
    count = (~np.isnan(before)).sum(axis=1)
    mean = np.nansum(before, axis=1) / np.maximum(count, 1)
    used = (mean > 0) & (count >= LEAST)
    if not used.any():
        return np.ones(y.shape[1])
    relative = np.minimum(y[used] / mean[used, None], _MOST)
    weight = (before[used] > 0).sum(axis=1)[:, None] * ~np.isnan(relative)
    return np.asarray((np.nan_to_num(relative) * weight).sum(axis=0) / np.maximum(weight.sum(axis=0), 1e-12))


def _is_drop(totals: Array) -> bool:
    """Whether the last of the totals is far below all before it, as that of a partial period is."""
    before, last = totals[:-1], totals[-1]
    middle = float(np.median(before))
    deviation = max(1.4826 * float(np.median(np.abs(before - middle))), LEAST_DEVIATION)
    return bool(
        last <= LOW * middle and last <= middle - DEVIATIONS * deviation and last <= LOWEST * before.min()
    )
