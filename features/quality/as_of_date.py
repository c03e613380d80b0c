"""The as-of date: which day the data describe, and which rows and dates were not known yet on it."""

import numpy as np
import pandas as pd

from configs.schema import DataConfig
from features.contract import frequency
from features.contract.lead_time_clock import ARRIVED
from features.quality.table_check import Mask, TableCheck

_HAPPENED = {
    "purchase_orders": ("ordered_at", "received_at"),
    "receipts": ("received_at",),
    "stock": ("as_of",),
}
"""Table → dates that cannot lie in the future."""


def settle_as_of(
    checks: dict[str, TableCheck],
    data: DataConfig,
    freq: str,
    *,
    as_of: pd.Timestamp | None,
    today: pd.Timestamp | None,
) -> pd.Timestamp:
    """Settle the as-of date, and mark in the checked tables what was not known on it.

    With an explicit `as_of`, what came later is unseen: periods not over, orders not placed, stock not counted;
    an order received later is open. Otherwise a date ahead is an error of the row. Orders and receipts may run on
    for up to a period after the last demand period (demand is often summed up later than orders are booked): the
    as-of date follows them, since an order just placed must not be proposed again.
    """
    demand = checks["demand"]
    ahead = any(covariate.known_in_advance for covariate in data.covariates.values())
    if as_of is not None:
        day = pd.Timestamp(as_of).normalize()
        _leave_out_later(checks, day)
        _leave_out_periods(demand, data, freq, day, keep=ahead)
        return day
    if today is not None:
        _refuse_later(demand, "ds", today, "today", demand.frame["y"].notna().to_numpy())
        _leave_out_periods(demand, data, freq, today, keep=ahead)
    day = _last_day(checks, freq)
    latest = frequency.period_end(day, freq)
    for name, column in _dates(checks):
        _refuse_later(
            checks[name], column, latest if today is None else min(latest, today), "the last demand"
        )
    return max([day, *_latest(checks, _dates(checks))])


def _leave_out_later(checks: dict[str, TableCheck], day: pd.Timestamp) -> None:
    """Mark orders, receipts and stock counts after the as-of date as unseen; what was received later is open again."""
    for name, columns in _HAPPENED.items():
        if name not in checks:
            continue
        check = checks[name]
        check.unseen |= (check.frame[columns[0]] > day).to_numpy()
        if name == "purchase_orders":
            later = check.frame["received_at"] > day
            for column in ("received_at", "quantity_received", "quantity_rejected"):
                check.frame[column] = check.frame[column].mask(later)
            for column in {"shipped_at", "put_away_at", ARRIVED} & set(check.frame.columns):
                check.frame[column] = check.frame[column].mask(check.frame[column] > day)


def _leave_out_periods(
    demand: TableCheck, data: DataConfig, freq: str, day: pd.Timestamp, *, keep: bool
) -> None:
    """Mark demand periods not over on `day` as unseen; with `keep` they stay as rows of covariates known in advance."""
    frame = demand.frame
    codes, starts = pd.factorize(frame["ds"])
    ends = np.array([frequency.period_end(start, freq) > day for start in starts] + [False], bool)
    running = ends[codes] & demand.good
    if not keep:
        demand.unseen |= running
        return
    unknown = [name for name, covariate in data.covariates.items() if not covariate.known_in_advance]
    for column in ("y", "in_stock", *unknown):
        frame[column] = frame[column].mask(running)


def _refuse_later(
    check: TableCheck, column: str, latest: pd.Timestamp, what: str, where: Mask | None = None
) -> None:
    """Reject rows whose date lies after `latest`, among those of `where` (rows,)."""
    dates = check.frame[column]
    late = (dates > latest).to_numpy()
    check.reject(
        late if where is None else late & where,
        f"{column} is not in the future",
        lambda row: (
            f"{column} is {dates.iloc[row]:%Y-%m-%d}, after {what} ({latest:%Y-%m-%d}); "
            "correct it, or give the as-of date the data were taken on"
        ),
    )


def _last_day(checks: dict[str, TableCheck], freq: str) -> pd.Timestamp:
    """The day the data describe: end of the last demand period, or the last stock count if that is later."""
    demand = checks["demand"]
    seen = demand.good & demand.frame["y"].notna().to_numpy()
    last = demand.frame["ds"][seen].max()
    days = _latest(checks, [("stock", "as_of")] if "stock" in checks else [])
    return max([frequency.period_end(last, freq), *days] if not pd.isna(last) else days, default=pd.NaT)


def _dates(checks: dict[str, TableCheck]) -> list[tuple[str, str]]:
    """Table and column of each date of orders and receipts that cannot lie in the future."""
    happened = [(name, column) for name, columns in _HAPPENED.items() for column in columns if name in checks]
    return [pair for pair in happened if pair[0] != "stock"]


def _latest(checks: dict[str, TableCheck], dates: list[tuple[str, str]]) -> list[pd.Timestamp]:
    """Latest date in the good rows of each table and column, those without any left out."""
    latest = [checks[name].frame[column][checks[name].good].max() for name, column in dates]
    return [date for date in latest if not pd.isna(date)]
