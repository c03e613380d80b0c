"""The as-of date: which day the data describe, and which rows and dates were not known yet on it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from configs.schema import DataConfig
from features.contract.lead_time_clock import ARRIVED
from features.contract.period_calendar import PeriodCalendar
from features.quality.periods.daily_rows import RecordedDays
from features.quality.periods.partial_period import hold_partial_period
from features.quality.table_check import Mask, TableCheck

_HAPPENED = {
    "purchase_orders": ("ordered_at", "received_at", "closed_at"),
    "receipts": ("received_at",),
    "stock": ("as_of",),
}
"""Table → dates that cannot lie in the future."""
_OF_PROCUREMENT = {
    "approvals": "at",
    "invoices": "at",
    "inventory_lots": "received_at",
    "usage": "ds",
    "bins": "counted_at",
}
"""Procurement table → date of a row; these move no as-of date, and what comes after it is unseen."""


@dataclass(frozen=True)
class AsOf:
    """The as-of date, and what was unknown on it for want of time.

    Attributes
    ----------
    day : the as-of date
    partial : starts of periods whose demand has not all come in: it is unknown
    """

    day: pd.Timestamp
    partial: tuple[pd.Timestamp, ...]


def settle_as_of(
    checks: dict[str, TableCheck],
    data: DataConfig,
    calendar: PeriodCalendar,
    *,
    as_of: pd.Timestamp | None,
    today: pd.Timestamp | None,
) -> AsOf:
    """Settle the as-of date, and mark in the checked tables what was not known on it.

    With an explicit `as_of`, what came later is unseen: periods not over, orders not placed, stock not counted;
    an order received later is open. Otherwise a date ahead is an error of the row. Orders and receipts may run on
    for up to a period after the last demand period (demand is often summed up later than orders are booked): the
    as-of date follows them, since an order just placed must not be proposed again. Approvals, invoices, lots, usage and
    counted bins move it nowhere: what comes after it is unseen, and only a date after `today` is an error of the row.
    """
    demand = checks["demand"]
    ahead = any(covariate.known_in_advance for covariate in data.covariates.values())
    row_end = calendar.end if data.aggregate is None else _next_day
    if as_of is not None:
        day = pd.Timestamp(as_of).normalize()
        _leave_out_later(checks, day)
        _leave_out_of_procurement(checks, day)
        _leave_out_periods(demand, data, day, row_end, keep=ahead)
        return AsOf(day, _partial_periods(demand, data, calendar, day))
    if today is not None:
        after = f"after today ({today:%Y-%m-%d})"
        _refuse_later(demand, "ds", today, after, demand.frame["y"].notna().to_numpy())
        _leave_out_periods(demand, data, today, row_end, keep=ahead)
        for name in _OF_PROCUREMENT.keys() & checks.keys():
            _refuse_later(checks[name], _OF_PROCUREMENT[name], today, after)
    judged = () if data.aggregate else _partial_periods(demand, data, calendar, today)
    day = _last_day(checks, data, calendar, today)
    latest = calendar.end(day)
    what = f"more than a period after demand and stock counts end ({day:%Y-%m-%d})"
    if today is not None and today <= latest:
        latest, what = today, f"after today ({today:%Y-%m-%d})"
    for name, column in _dates(checks):
        _refuse_later(checks[name], column, latest, what)
    day = max([day, *_latest(checks, _dates(checks))])
    _leave_out_of_procurement(checks, day, until=today)
    return AsOf(day, judged if data.aggregate is None else _partial_periods(demand, data, calendar, day))


def _next_day(day: pd.Timestamp) -> pd.Timestamp:
    return pd.Timestamp(day) + pd.Timedelta(days=1)


def _partial_periods(
    demand: TableCheck, data: DataConfig, calendar: PeriodCalendar, day: pd.Timestamp | None
) -> tuple[pd.Timestamp, ...]:
    """Starts of the periods that were not all recorded by `day`; of periods given as such, the last one at most."""
    if data.aggregate is None:
        held = hold_partial_period(demand, calendar, data)
        return () if held is None else (held,)
    days = _known_days(demand)
    return tuple(RecordedDays.of(days).partial(calendar, day)) if day is not None and len(days) else ()


def _known_days(demand: TableCheck) -> pd.Series:
    """Dates of the good rows of demand with a quantity, those not known on the as-of date left out."""
    return demand.frame["ds"][demand.good & demand.frame["y"].notna().to_numpy()]


def _leave_out_later(checks: dict[str, TableCheck], day: pd.Timestamp) -> None:
    """Mark what happened after the as-of date as unseen, and an order line received later as open again."""
    for name, columns in (_HAPPENED | {"overrides": ("created",)}).items():
        if name not in checks:
            continue
        check = checks[name]
        check.unseen |= (check.frame[columns[0]] > day).to_numpy()
        if name == "purchase_orders":
            later = check.frame["received_at"] > day
            for column in ("received_at", "quantity_received", "quantity_rejected"):
                check.frame[column] = check.frame[column].mask(later)
            closed_later = check.frame["closed_at"] > day
            check.frame["closed_at"] = check.frame["closed_at"].mask(closed_later)
            check.frame["status"] = check.frame["status"].mask(later | closed_later)
            for column in {"shipped_at", "put_away_at", ARRIVED} & set(check.frame.columns):
                check.frame[column] = check.frame[column].mask(check.frame[column] > day)


def _leave_out_of_procurement(
    checks: dict[str, TableCheck], day: pd.Timestamp, until: pd.Timestamp | None = None
) -> None:
    """Mark rows of procurement tables after the as-of date as unseen, and usage of that day, which is not over.

    Those after `until`, where it is given, are errors of the rows.
    """
    for name in _OF_PROCUREMENT.keys() & checks.keys():
        dates = checks[name].frame[_OF_PROCUREMENT[name]]
        later = dates >= day if name == "usage" else dates > day
        checks[name].unseen |= (later if until is None else later & (dates <= until)).to_numpy()


def _leave_out_periods(
    demand: TableCheck,
    data: DataConfig,
    day: pd.Timestamp,
    row_end: Callable[[pd.Timestamp], pd.Timestamp],
    *,
    keep: bool,
) -> None:
    """Mark demand not over on `day` as unseen; with `keep` it stays as rows of covariates known in advance."""
    frame = demand.frame
    codes, starts = pd.factorize(frame["ds"])
    ends = np.array([row_end(start) > day for start in starts] + [False], bool)
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
    """Reject rows whose date lies after `latest`, which is `what` for a reader, among those of `where` (rows,)."""
    dates = check.frame[column]
    late = (dates > latest).to_numpy()
    check.reject(
        late if where is None else late & where,
        f"{column} is not in the future",
        lambda row: (
            f"{column} is {dates.iloc[row]:%Y-%m-%d}, {what}; "
            "correct it, or give the as-of date the data were taken on"
        ),
    )


def _last_day(
    checks: dict[str, TableCheck], data: DataConfig, calendar: PeriodCalendar, today: pd.Timestamp | None
) -> pd.Timestamp:
    """The day the data describe: end of the last demand period, or the last stock count if that is later."""
    known = _known_days(checks["demand"])
    days = _latest(checks, [("stock", "as_of")] if "stock" in checks else [])
    if not len(known):
        return max(days, default=pd.NaT)
    if data.aggregate is None:
        end = calendar.end(known.max())
    else:
        end = RecordedDays.of(known).end(calendar)
        end = end if today is None else min(end, max(today, _next_day(known.max())))
    return max([end, *days])


def _dates(checks: dict[str, TableCheck]) -> list[tuple[str, str]]:
    """Table and column of each date of orders and receipts that cannot lie in the future."""
    happened = [(name, column) for name, columns in _HAPPENED.items() for column in columns if name in checks]
    return [pair for pair in happened if pair[0] != "stock"]


def _latest(checks: dict[str, TableCheck], dates: list[tuple[str, str]]) -> list[pd.Timestamp]:
    """Latest date in the good rows of each table and column, those without any left out."""
    latest = [checks[name].frame[column][checks[name].good].max() for name, column in dates]
    return [date for date in latest if not pd.isna(date)]
