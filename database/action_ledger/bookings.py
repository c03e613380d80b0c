"""The state table `action_ledger`: of every approved action its state, what it promised so far and what it brought."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, func, select

from database.schema import action_ledger, decisions, recommendations
from planning.realised.book_actions import Booking

LEDGER_COLUMNS = tuple(str(column.name) for column in action_ledger.columns)
_OPEN = ("agreed",)


def record_bookings(connection: Connection, run_id: int, bookings: Sequence[Booking]) -> None:
    """Write what plan run `run_id` found out about approved actions.

    What is approved no longer and showed nothing goes; an action that took effect stays, as it was booked last, also
    when somebody takes its approval back.
    """
    newest = select(func.max(decisions.c.id)).group_by(decisions.c.action_id)
    stands = select(decisions.c.id).where(decisions.c.id.in_(newest), decisions.c.verdict == "approve")
    gone = action_ledger.c.state.in_(_OPEN) & action_ledger.c.decision_id.not_in(stands)
    connection.execute(action_ledger.delete().where(gone))
    if not bookings:
        return
    rows = [_row(booking, run_id) for booking in bookings]
    ids = [row["decision_id"] for row in rows]
    connection.execute(action_ledger.delete().where(action_ledger.c.decision_id.in_(ids)))
    connection.execute(action_ledger.insert(), rows)


def ledger_frame(engine: Engine) -> pd.DataFrame:
    """The ledger of actions, `LEDGER_COLUMNS` and `assignee`, the newest approval first; days as datetimes."""
    query = (
        select(action_ledger, recommendations.c.assignee)
        .select_from(
            action_ledger.join(recommendations, recommendations.c.action_id == action_ledger.c.action_id)
        )
        .order_by(action_ledger.c.decision_id.desc())
    )
    with engine.connect() as connection:
        rows = [
            {str(name): value for name, value in row.items()} for row in connection.execute(query).mappings()
        ]
    frame = pd.DataFrame(rows, columns=[*LEDGER_COLUMNS, "assignee"])
    for column in action_ledger.columns:
        if column.type.python_type is date:
            frame[column.name] = pd.to_datetime(frame[column.name])
        elif column.type.python_type is float:
            frame[column.name] = frame[column.name].astype(float)
    return frame


def ledger_entry(engine: Engine, action_id: str) -> dict[str, Any] | None:
    """The last booking of an action as its row; none where it was never booked."""
    query = select(action_ledger).where(action_ledger.c.action_id == action_id)
    with engine.connect() as connection:
        row = (
            connection.execute(query.order_by(action_ledger.c.decision_id.desc()).limit(1))
            .mappings()
            .one_or_none()
        )
    return None if row is None else dict(row)


def _row(booking: Booking, run_id: int) -> dict[str, Any]:
    """A booking as a row of the table."""
    promise, state = booking.promise, booking.state
    days = {
        "agreed_on": state.agreed_on,
        "in_effect_on": state.in_effect_on,
        "ended_on": state.ended_on,
        "lapse_by": state.lapse_by,
        "measured_from": booking.measured_from,
        "measured_until": booking.measured_until,
    }
    money = ("promised", "promised_low", "promised_high", "realised", "low", "high")
    copied = (
        "decision_id", "action_id", "kind", "unique_id", "supplier_id", "alternative_supplier_id", "title", "who",
        "worth", "worth_period", "effort",
    )  # fmt: skip
    return {
        **{name: getattr(promise, name) for name in copied},
        **{name: None if day is None or pd.isna(day) else day.date() for name, day in days.items()},
        **{name: _number(getattr(booking, name)) for name in money},
        "run_id": run_id,
        "agreed": promise.agreed or None,
        "state": state.state,
        "why": state.why,
        "evidence": state.evidence,
        "parts": booking.parts,
        "skus": booking.skus,
        "not_measured": booking.not_measured,
    }


def _number(value: float) -> float | None:
    """Money as the table has it: none where it is not known."""
    return round(float(value), 2) if np.isfinite(value) else None
