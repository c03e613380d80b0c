"""Which model is champion, and who made it so, when and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Engine, select

from database.engine import writing
from database.schema import model_ledger, now

LedgerAction = Literal["register", "promote", "rollback"]

CROWNING = ("promote", "rollback")
"""Actions after which the row's bundle is the champion."""


@dataclass(frozen=True)
class LedgerRow:
    """One entry: rows are only ever added, and the last crowning one names the champion."""

    id: int
    at: datetime
    bundle_hash: str
    version: str
    action: str
    who: str
    why: str
    metrics: dict[str, Any]


def append(
    engine: Engine,
    *,
    bundle_hash: str,
    version: str,
    action: LedgerAction,
    who: str,
    why: str,
    metrics: Mapping[str, Any],
) -> LedgerRow:
    """Add a row; for `promote` and `rollback` this is the moment the champion changes."""
    values = {
        "at": now(),
        "bundle_hash": bundle_hash,
        "version": str(version),
        "action": action,
        "who": who,
        "why": why,
        "metrics": dict(metrics),
    }
    with writing(engine) as connection:
        added = connection.execute(model_ledger.insert().values(values).returning(model_ledger))
        return LedgerRow(**added.mappings().one())


def champion(engine: Engine) -> LedgerRow | None:
    """Return the row that made the current champion, none before the first promotion."""
    query = select(model_ledger).where(model_ledger.c.action.in_(CROWNING)).order_by(model_ledger.c.id.desc())
    with engine.connect() as connection:
        row = connection.execute(query.limit(1)).mappings().one_or_none()
    return None if row is None else LedgerRow(**row)


def history(engine: Engine) -> list[LedgerRow]:
    """Return all rows, the newest first."""
    with engine.connect() as connection:
        rows = connection.execute(select(model_ledger).order_by(model_ledger.c.id.desc()))
        return [LedgerRow(**row) for row in rows.mappings()]
