"""The state table `model_ledger`: which model is champion, and who promoted it, when and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Engine, select

from database.audit.recorded_rows import record_row
from database.engine import write_transaction
from database.schema import model_ledger, utc_now

LedgerAction = Literal["register", "promote", "rollback"]

CHAMPION_ACTIONS = ("promote", "rollback")
"""Ledger actions after which the row's bundle is the champion."""


@dataclass(frozen=True)
class LedgerRow:
    """One row of the ledger; rows are only ever added, and the last promotion or rollback names the champion."""

    id: int
    at: datetime
    bundle_hash: str
    version: str
    action: str
    who: str
    why: str
    metrics: dict[str, Any]


@dataclass(frozen=True)
class LedgerEntry:
    """What is to be written into the ledger: which model version, what was done with it, by whom, why, its metrics."""

    bundle_hash: str
    version: str
    action: LedgerAction
    who: str
    why: str
    metrics: Mapping[str, Any]


def append(engine: Engine, entry: LedgerEntry) -> LedgerRow:
    """Add an entry to the ledger; for `promote` and `rollback` this is the moment the champion changes."""
    values = {
        "at": utc_now(),
        "bundle_hash": entry.bundle_hash,
        "version": str(entry.version),
        "action": entry.action,
        "who": entry.who,
        "why": entry.why,
        "metrics": dict(entry.metrics),
    }
    with write_transaction(engine) as connection:
        added = connection.execute(model_ledger.insert().values(values).returning(model_ledger))
        row = LedgerRow(**added.mappings().one())
        said = {"version": row.version, "bundle": row.bundle_hash, "why": row.why}
        record_row(connection, model_ledger, row.id, who=row.who, what=f"model.{row.action}", detail=said)
        return row


def champion(engine: Engine) -> LedgerRow | None:
    """Return the ledger row that made the current champion, none before the first promotion."""
    query = (
        select(model_ledger)
        .where(model_ledger.c.action.in_(CHAMPION_ACTIONS))
        .order_by(model_ledger.c.id.desc())
    )
    with engine.connect() as connection:
        row = connection.execute(query.limit(1)).mappings().one_or_none()
    return None if row is None else LedgerRow(**row)


def history(engine: Engine) -> list[LedgerRow]:
    """Return all rows of the model ledger, the newest first."""
    with engine.connect() as connection:
        rows = connection.execute(select(model_ledger).order_by(model_ledger.c.id.desc()))
        return [LedgerRow(**row) for row in rows.mappings()]
