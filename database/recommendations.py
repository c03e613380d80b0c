"""The proposed actions, and where each of them stands."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Engine, Select, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from database.schema import decisions, plan_runs, recommendations

Status = Literal["open", "approved", "rejected", "snoozed"]

PROPOSED = (
    "action_id",
    "kind",
    "unique_id",
    "supplier_id",
    "alternative_supplier_id",
    "quantity",
    "worth",
    "worth_period",
    "act_by",
    "title",
    "evidence",
    "facts",
    "confidence",
)
"""What a planning run says about an action; status and decisions belong to people."""


@dataclass(frozen=True)
class Recommendation:
    """An action, where it stands, and who decided last.

    `proposed` is false when the current planning run no longer proposes it; `status` is "open" again once
    `snooze_until` has come.
    """

    action_id: str
    kind: str
    unique_id: str
    supplier_id: str | None
    alternative_supplier_id: str | None
    quantity: float | None
    worth: float
    worth_period: str
    act_by: date | None
    title: str
    evidence: str
    facts: dict[str, Any]
    confidence: str | None
    status: Status
    snooze_until: date | None
    proposed: bool
    who: str | None
    reason: str | None
    decided_at: datetime | None


@dataclass(frozen=True)
class Wanted:
    """Which actions to list; none: all of them."""

    status: Status | None = None
    kind: str | None = None
    supplier_id: str | None = None
    unique_id: str | None = None


def upsert(connection: Connection, actions: pd.DataFrame, *, run: int, run_before: int) -> None:
    """Write what planning run `run` proposes; `run_before` is the run before it, 0 for none.

    An approved action that went away and comes back is a new occasion, and open again.
    """
    rows = [{**row, "first_run": run, "last_run": run} for row in _plain(actions)]
    if not rows:
        return
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(recommendations)
    table = recommendations.c
    comes_back = (table.status == "approved") & (table.last_run < run_before)
    update = {name: statement.excluded[name] for name in (*PROPOSED[1:], "last_run")}
    update["status"] = case((comes_back, "open"), else_=table.status)
    connection.execute(statement.on_conflict_do_update(index_elements=["action_id"], set_=update), rows)


def _plain(actions: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as the database takes them: NaN and NaT become NULL, days dates, facts JSON."""
    frame = actions.reindex(columns=list(PROPOSED)).astype(object)
    frame = frame.where(frame.notna(), None)
    rows: list[dict[str, Any]] = frame.to_dict("records")
    for row in rows:
        row["act_by"] = None if row["act_by"] is None else pd.Timestamp(row["act_by"]).date()
        row["facts"] = json.loads(row["facts"]) if isinstance(row["facts"], str) else row["facts"] or {}
        for name in ("quantity", "worth"):
            value = row[name]
            row[name] = float(value) if isinstance(value, int | float | np.number) else value
    return rows


def _query(today: date) -> Select[Any]:
    table = recommendations.c
    current = select(func.max(plan_runs.c.id)).scalar_subquery()
    newest = (
        select(decisions.c.action_id, func.max(decisions.c.id).label("id"))
        .group_by(decisions.c.action_id)
        .subquery()
    )
    woken = (table.status == "snoozed") & (table.snooze_until <= today)
    status = case((woken, "open"), else_=table.status)
    joined = recommendations.outerjoin(newest, newest.c.action_id == table.action_id).outerjoin(
        decisions, decisions.c.id == newest.c.id
    )
    return select(
        *(table[name] for name in PROPOSED),
        status.label("status"),
        table.snooze_until,
        (table.last_run == current).label("proposed"),
        decisions.c.who,
        decisions.c.reason,
        decisions.c.at.label("decided_at"),
    ).select_from(joined)


def listing(engine: Engine, wanted: Wanted, *, today: date, proposed: bool = True) -> list[Recommendation]:
    """Return the wanted actions, the most valuable first; `proposed` leaves out what no run proposes any more."""
    rows = _query(today).subquery()
    query = select(rows).order_by(rows.c.worth.desc(), rows.c.act_by, rows.c.action_id)
    for name in ("status", "kind", "supplier_id", "unique_id"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(rows.c[name] == value)
    if proposed:
        query = query.where(rows.c.proposed)
    with engine.connect() as connection:
        return [Recommendation(**row) for row in connection.execute(query).mappings()]


def find(engine: Engine, action_id: str, *, today: date) -> Recommendation | None:
    """Return one action, none when no run ever proposed it."""
    query = _query(today).where(recommendations.c.action_id == action_id)
    with engine.connect() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Recommendation(**row)
