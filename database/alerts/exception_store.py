"""What a plan run opens, keeps and closes in the table `exceptions`, in one transaction with the deliveries of it."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, bindparam, case, select

from database.alerts.alert_tables import exceptions, outbox, pending_findings
from database.audit.access_rows import STATES, states
from database.audit.record import record
from database.engine import write_transaction

_CHUNK = 5_000


@dataclass(frozen=True)
class StandingFrames:
    """What stood before a plan run: `standing` (id, rule, subject) and `pending` (rule, subject, since)."""

    standing: pd.DataFrame
    pending: pd.DataFrame


@dataclass(frozen=True)
class Changes:
    """What a plan run changes.

    Attributes
    ----------
    opened : rule, kind, subject, value, text, money, link, severity, owner
    kept : id, value, text, money, link
    closed : id, reason
    pending : rule, subject, since
    """

    opened: pd.DataFrame
    kept: pd.DataFrame
    closed: pd.DataFrame
    pending: pd.DataFrame


@dataclass(frozen=True)
class Evaluation:
    """A plan run that is judged: its number and day, and the moment."""

    plan_run: int
    as_of: date
    at: datetime


Letters = Callable[[str, Mapping[str, Any]], Sequence[tuple[str, str]]]
"""Event (`opened`, `closed`) and row of an exception → (channel, payload) of what is sent about it."""


def store_changes(
    engine: Engine,
    evaluation: Evaluation,
    settle: Callable[[StandingFrames], Changes],
    letters: Letters,
) -> dict[str, int]:
    """Open, keep and close exceptions as `settle` says of those that stand, and fill the outbox.

    All of it is kept, or nothing. Returns how many were `opened`, `kept`, `closed`, and how many letters `queued`.
    """
    with _alone(engine) as connection:
        changes = settle(_standing(connection))
        opened = _open(connection, changes.opened, evaluation)
        _keep(connection, changes.kept, evaluation)
        closed = _close(connection, changes.closed, evaluation)
        connection.execute(pending_findings.delete())
        waiting = changes.pending.assign(since=changes.pending["since"].dt.date).to_dict("records")
        if waiting:
            connection.execute(pending_findings.insert(), waiting)
        queued = _queue(connection, (("opened", opened), ("closed", closed)), letters, evaluation.at)
        counts = {
            "opened": len(opened), "kept": len(changes.kept), "closed": len(closed), "queued": queued,
        }  # fmt: skip
        ids = [int(row["id"]) for row in (*opened, *closed)]
        detail = {**counts, STATES: _states(connection, ids)}
        subject = f"{exceptions.name}/plan_run {evaluation.plan_run}"
        record(connection, who="purvey plan", what="exception.evaluate", subject=subject, detail=detail)
    return counts


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A write transaction on the table `exceptions` that no other one runs beside."""
    with write_transaction(engine) as connection:
        if engine.dialect.name != "sqlite":  # which writes one at a time anyway
            connection.exec_driver_sql("LOCK TABLE exceptions IN SHARE ROW EXCLUSIVE MODE")
        yield connection


def _standing(connection: Connection) -> StandingFrames:
    """Exceptions that have not closed, and findings that wait."""
    columns = exceptions.c
    rows = connection.execute(
        select(columns.id, columns.rule, columns.subject)
        .where(columns.closed_at.is_(None))
        .order_by(columns.id)
    ).all()
    waiting = connection.execute(select(pending_findings)).all()
    standing = pd.DataFrame(rows, columns=["id", "rule", "subject"], dtype=object).astype({"id": "int64"})
    pending = pd.DataFrame(waiting, columns=["rule", "subject", "since"], dtype=object)
    return StandingFrames(standing, pending.astype({"since": "datetime64[ns]"}))


def _open(connection: Connection, opened: pd.DataFrame, evaluation: Evaluation) -> list[dict[str, Any]]:
    """Add rows of exceptions; returns them."""
    same = {
        "opened_at": evaluation.at, "opened_on": evaluation.as_of, "state": "open", "reason": "",
        "closed_because": "", "plan_run": evaluation.plan_run, "version": 1,
    }  # fmt: skip
    rows = [row | same for row in _records(opened)]
    if not rows:
        return []
    insert = exceptions.insert().returning(exceptions, sort_by_parameter_order=True)
    return [dict(row) for row in connection.execute(insert, rows).mappings()]


def _keep(connection: Connection, kept: pd.DataFrame, evaluation: Evaluation) -> None:
    """Renew what exceptions say that stay."""
    names = ("value", "text", "money", "link")
    rows = [{"kept_id": row["id"], **{f"new_{name}": row[name] for name in names}} for row in _records(kept)]
    if rows:
        update = exceptions.update().where(exceptions.c.id == bindparam("kept_id"))
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        connection.execute(update.values(**values, plan_run=evaluation.plan_run), rows)


def _close(connection: Connection, closed: pd.DataFrame, evaluation: Evaluation) -> list[dict[str, Any]]:
    """Close exceptions whose cause has gone; one that was dismissed stays so. Returns their rows."""
    rows = [{"closed_id": row["id"], "because": row["reason"]} for row in _records(closed)]
    if not rows:
        return []
    columns = exceptions.c
    values: dict[str, Any] = {
        "state": case((columns.state == "dismissed", columns.state), else_="closed"),
        "closed_at": evaluation.at,
        "closed_because": bindparam("because"),
        "version": columns.version + 1,
    }
    connection.execute(exceptions.update().where(columns.id == bindparam("closed_id")).values(values), rows)
    ids = [row["closed_id"] for row in rows]
    found = (
        connection.execute(select(exceptions).where(columns.id.in_(ids[start : start + _CHUNK]))).mappings()
        for start in range(0, len(ids), _CHUNK)
    )
    return sorted((dict(row) for part in found for row in part), key=lambda row: int(row["id"]))


def _queue(
    connection: Connection,
    events: Sequence[tuple[str, Sequence[Mapping[str, Any]]]],
    letters: Letters,
    now: datetime,
) -> int:
    """Put what is to be sent about exceptions into the outbox; returns how many deliveries that is."""
    rows = [
        {
            "delivery_id": str(uuid.uuid4()), "exception_id": row["id"], "channel": channel, "payload": payload,
            "created_at": now, "attempts": 0, "next_attempt_at": now, "last_error": "",
        }
        for event, changed in events
        for row in changed
        for channel, payload in letters(event, row)
    ]  # fmt: skip
    if rows:
        connection.execute(outbox.insert(), rows)
    return len(rows)


def _states(connection: Connection, ids: Sequence[int]) -> dict[str, str]:
    """Digests of rows of exceptions, by id."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), _CHUNK):
        found |= states(connection, exceptions, ids[start : start + _CHUNK])[STATES]
    return found


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as a database takes them: missing numbers are None."""
    plain = frame.astype(object)
    rows: list[dict[str, Any]] = plain.where(plain.notna(), None).to_dict("records")
    return rows
