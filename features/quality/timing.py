"""Which day the data describe, and what was not known yet on it."""

import numpy as np
import pandas as pd

from configs.schema import DataConfig
from features.contract import calendar
from features.contract.clock import ARRIVED
from features.quality.rules import Draft, Mask

_HAPPENED = {
    "purchase_orders": ("ordered_at", "received_at"),
    "receipts": ("received_at",),
    "stock": ("as_of",),
}
"""Table → dates that cannot lie ahead."""


def see_as_of(
    drafts: dict[str, Draft],
    data: DataConfig,
    freq: str,
    *,
    as_of: pd.Timestamp | None,
    today: pd.Timestamp | None,
) -> pd.Timestamp:
    """Settle the as-of date and look at the tables from it; the drafts are marked in place.

    With an explicit `as_of`, what came later is unseen: periods not over, orders not placed, stock not counted;
    an order received later is open. Otherwise a date ahead is an error of the row. Orders and receipts may run on
    for up to a period after the last demand period (demand is often summed up later than orders are booked): the
    as-of date follows them, since an order just placed must not be proposed again.
    """
    demand = drafts["demand"]
    ahead = any(covariate.known_in_advance for covariate in data.covariates.values())
    _refuse_empty(demand, ahead=ahead)
    if as_of is not None:
        day = pd.Timestamp(as_of).normalize()
        _leave_out_later(drafts, day)
        _leave_out_periods(demand, data, freq, day, keep=ahead)
        return day
    if today is not None:
        _refuse_later(demand, "ds", today, "today", demand.frame["y"].notna().to_numpy())
        _leave_out_periods(demand, data, freq, today, keep=ahead)
    day = _last_day(drafts, freq)
    latest = calendar.period_end(day, freq)
    for name, column in _dates(drafts):
        _refuse_later(
            drafts[name], column, latest if today is None else min(latest, today), "the last demand"
        )
    return max([day, *_latest(drafts, _dates(drafts))])


def _refuse_empty(demand: Draft, *, ahead: bool) -> None:
    """An empty `y` is allowed out of stock, and for periods ahead that carry covariates known in advance."""
    y, ds = demand.frame["y"], demand.frame["ds"]
    already = np.zeros(len(y), bool)
    for finding in demand.findings:
        already[finding.rows] = True
    out = (demand.frame["in_stock"] == False).fillna(False).to_numpy(bool)  # noqa: E712 - three-valued
    later = (ds > ds[y.notna()].max()).to_numpy() if ahead else np.zeros(len(y), bool)
    demand.add(
        y.isna().to_numpy() & ~out & ~later & ~already,
        "y is not empty",
        lambda _: "y is empty, expected a number ≥ 0 (0 where nothing was asked for)",
    )


def _leave_out_later(drafts: dict[str, Draft], day: pd.Timestamp) -> None:
    for name, columns in _HAPPENED.items():
        if name not in drafts:
            continue
        draft = drafts[name]
        draft.unseen |= (draft.frame[columns[0]] > day).to_numpy()
        if name == "purchase_orders":
            later = draft.frame["received_at"] > day
            for column in ("received_at", "quantity_received", "quantity_rejected"):
                draft.frame[column] = draft.frame[column].mask(later)
            for column in {"shipped_at", "put_away_at", ARRIVED} & set(draft.frame.columns):
                draft.frame[column] = draft.frame[column].mask(draft.frame[column] > day)


def _leave_out_periods(demand: Draft, data: DataConfig, freq: str, day: pd.Timestamp, *, keep: bool) -> None:
    """Periods not over on `day` are unseen; with `keep` they stay as rows of covariates known in advance."""
    frame = demand.frame
    codes, starts = pd.factorize(frame["ds"])
    ends = np.array([calendar.period_end(start, freq) > day for start in starts] + [False], bool)
    running = ends[codes] & demand.good
    if not keep:
        demand.unseen |= running
        return
    unknown = [name for name, covariate in data.covariates.items() if not covariate.known_in_advance]
    for column in ("y", "in_stock", *unknown):
        frame[column] = frame[column].mask(running)


def _refuse_later(
    draft: Draft, column: str, latest: pd.Timestamp, what: str, where: Mask | None = None
) -> None:
    dates = draft.frame[column]
    late = (dates > latest).to_numpy()
    draft.add(
        late if where is None else late & where,
        f"{column} is not in the future",
        lambda row: (
            f"{column} is {dates.iloc[row]:%Y-%m-%d}, after {what} ({latest:%Y-%m-%d}); "
            "correct it, or give the as-of date the data were taken on"
        ),
    )


def _last_day(drafts: dict[str, Draft], freq: str) -> pd.Timestamp:
    demand = drafts["demand"]
    seen = demand.good & demand.frame["y"].notna().to_numpy()
    last = demand.frame["ds"][seen].max()
    days = _latest(drafts, [("stock", "as_of")] if "stock" in drafts else [])
    return max([calendar.period_end(last, freq), *days] if not pd.isna(last) else days, default=pd.NaT)


def _dates(drafts: dict[str, Draft]) -> list[tuple[str, str]]:
    happened = [(name, column) for name, columns in _HAPPENED.items() for column in columns if name in drafts]
    return [pair for pair in happened if pair[0] != "stock"]


def _latest(drafts: dict[str, Draft], dates: list[tuple[str, str]]) -> list[pd.Timestamp]:
    latest = [drafts[name].frame[column][drafts[name].good].max() for name, column in dates]
    return [date for date in latest if not pd.isna(date)]
