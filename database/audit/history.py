"""The history that the audit log holds, as people read it."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, select

from database.audit.table import audit_log


def audit_history(
    engine: Engine, *, limit: int, who: str = "", subject: str = ""
) -> Sequence[dict[str, Any]]:
    """The last rows of the audit log, the newest first: all, those of one person, or those about one thing.

    `subject`: `table/key`, or a table for all of its rows.
    """
    query = select(audit_log).order_by(audit_log.c.sequence.desc()).limit(limit)
    if who:
        query = query.where(audit_log.c.who == who)
    if subject:
        exact, below = (
            audit_log.c.subject == subject,
            audit_log.c.subject.startswith(f"{subject}/", autoescape=True),
        )
        query = query.where(exact | below)
    with engine.connect() as connection:
        return [_shown(dict(row)) for row in connection.execute(query).mappings()]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    names = ("sequence", "at", "who", "what", "subject")
    return {name: row[name] for name in names} | {"detail": json.loads(row["detail"])}
