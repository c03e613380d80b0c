"""People, API keys and exceptions in the audit log: digests of their rows after each change, by which others are found.

Whoever writes into the database could otherwise give themselves a role, a limit or another's password, or have an alert
vanish.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, func, inspect, select

from database.access.tables import api_keys, users
from database.alerts.alert_tables import exceptions
from database.audit.chain import row_digest
from database.audit.table import audit_log

ACCESS = (users, api_keys, exceptions)
"""Tables whose rows change; the log holds what each was after its last change."""

_NOT_RECORDED = {"last_used_at", "value", "text", "money", "link", "plan_run"}
"""Columns that change without being asked to, or that every plan run renews."""

STATES = "states"
"""Key of a log row's detail: id of a row, as text → its digest."""


def states(connection: Connection, table: Table, ids: Sequence[int]) -> dict[str, Any]:
    """Detail of a log row about rows of one of the `ACCESS` tables: what they hold now."""
    rows = connection.execute(select(table).where(table.c.id.in_(ids))).mappings()
    return {STATES: {str(row["id"]): _digest(row) for row in rows}}


def last_ids(connection: Connection) -> dict[str, int]:
    """Up to which row each of the `ACCESS` tables is filled."""
    there = inspect(connection)
    return {
        table.name: connection.execute(select(func.max(table.c.id))).scalar() or 0
        for table in ACCESS
        if there.has_table(table.name)
    }


def access_problems(connection: Connection, filled: dict[str, int]) -> Iterator[str]:
    """What the `ACCESS` tables hold other than the log says, a sentence each.

    `filled`: up to which row each was when the log was begun; one that is missing came later, and is checked from its
    first recorded row on.
    """
    for table in ACCESS:
        expected = _recorded(connection, table)
        first = filled.get(table.name, min(expected, default=0) - 1)
        for row in connection.execute(select(table).order_by(table.c.id)).mappings():
            recorded = expected.pop(row["id"], None)
            if recorded is None and row["id"] > first and (expected or table.name in filled):
                yield f"{table.name} row {row['id']}, {_name(row)!r}: was put in past the audit log"
            elif recorded is not None and recorded[1] != _digest(row):
                yield (
                    f"{table.name} row {row['id']}, {_name(row)!r}: was changed after row {recorded[0]} of the audit "
                    "log recorded it"
                )
        for key, (sequence, _) in sorted(expected.items()):
            yield f"{table.name} row {key}: is missing, row {sequence} of the audit log recorded it"


def _recorded(connection: Connection, table: Table) -> dict[int, tuple[int, str]]:
    """Id of each row of the table that the log recorded → the log's last row about it and the digest."""
    about = audit_log.c.subject.startswith(f"{table.name}/")
    query = select(audit_log.c.sequence, audit_log.c.detail).where(about).order_by(audit_log.c.sequence)
    return {
        int(key): (sequence, digest)
        for sequence, detail in connection.execute(query)
        for key, digest in json.loads(detail).get(STATES, {}).items()
    }


def _name(row: RowMapping) -> str:
    """What people know a row by."""
    return str(row["name"] if "name" in row else row["subject"])


def _digest(row: RowMapping) -> str:
    """SHA-256 of all that a row holds, but for what changes by itself."""
    return row_digest({name: value for name, value in row.items() if name not in _NOT_RECORDED})
