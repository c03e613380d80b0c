"""Rows of other tables in the audit log: their digests, by which a row edited or put in later is found."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Table, func, inspect, select

from database.audit.access_rows import access_problems, last_ids
from database.audit.chain import row_digest
from database.audit.files import AuditFileError, AuditFiles
from database.audit.record import FILES_OPTION, last_row, record
from database.audit.table import audit_log
from database.schema import (
    action_notes,
    decisions,
    entered_overrides,
    model_ledger,
    override_ends,
    plan_runs,
    purchase_order_events,
    purchase_order_files,
)

BEGIN = "audit.begin"
"""What the first row of the log records: up to which row each table was filled before."""

RECORDED = (
    decisions,
    model_ledger,
    entered_overrides,
    override_ends,
    purchase_order_events,
    plan_runs,
    action_notes,
)
"""Tables of which the log holds every row, each with one key that counts upwards."""


def begin(connection: Connection) -> None:
    """Begin the audit log of a state database that has none yet; nothing where it was begun, or is not migrated.

    Raises
    ------
    AuditFileError
        When the head file has rows: this is not the database that it was written for.
    """
    if not inspect(connection).has_table(audit_log.name) or last_row(connection) is not None:
        return
    files: AuditFiles = connection.get_execution_options()[FILES_OPTION]
    if files.head.exists() and files.head.stat().st_size:
        raise AuditFileError(
            f"{files.head} belongs to another state database than this one, whose audit log is empty: put a backup "
            "back (`purvey restore`), or move the file away to begin a new log"
        )
    filled = {
        table.name: connection.execute(select(func.max(_key(table)))).scalar() or 0 for table in RECORDED
    }
    filled |= last_ids(connection)
    record(connection, who="purvey", what=BEGIN, subject=audit_log.name, detail={"filled": filled})


def record_row(
    connection: Connection,
    table: Table,
    key: int,
    *,
    who: str,
    what: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Add a row to the audit log about row `key` of one of the `RECORDED` tables, with the digest of what it holds."""
    row = connection.execute(select(table).where(_key(table) == key)).mappings().one()
    facts = {**(detail or {}), "row": row_digest(row)}
    record(connection, who=who, what=what, subject=f"{table.name}/{key}", detail=facts)


def row_problems(connection: Connection) -> Iterator[str]:
    """What the `RECORDED` tables hold other than the log says, a sentence each, table by table in the order of keys."""
    first = connection.execute(select(audit_log.c.detail).where(audit_log.c.sequence == 1)).scalar()
    filled = json.loads(first or "{}").get("filled", {})
    for table in RECORDED:
        yield from _table_problems(connection, table, filled.get(table.name))
    yield from _file_problems(connection)
    yield from access_problems(connection, filled)


def _table_problems(connection: Connection, table: Table, filled: int | None) -> Iterator[str]:
    """What one table holds other than the log says, after row `filled`, the last before the log was begun.

    None: rows of this table came into a log that was begun already, and are checked from the first one on.
    """
    expected = _recorded_digests(connection, table)
    if filled is None:
        if not expected:
            return
        filled = min(expected) - 1
    query = select(table).where(_key(table) > filled).order_by(_key(table))
    for row in connection.execute(query.execution_options(yield_per=1000)).mappings():
        key = row[_key(table).name]
        recorded = expected.pop(key, None)
        if recorded is None:
            yield f"{table.name} row {key}: was put in past the audit log"
        elif recorded[1] != row_digest(row):
            yield f"{table.name} row {key}: was changed after row {recorded[0]} of the audit log recorded it"
    for key, (sequence, _) in sorted(expected.items()):
        yield f"{table.name} row {key}: is missing, row {sequence} of the audit log recorded it"


def _file_problems(connection: Connection) -> Iterator[str]:
    """What export files hold other than the events of their orders say, which are recorded with the file's SHA-256."""
    events, files = purchase_order_events.c, purchase_order_files.c
    exported = select(events.order_id, events.facts).where(events.kind == "exported")
    expected = {
        (order_id, facts["file"]): facts["sha256"]
        for order_id, facts in connection.execute(exported)
        if "file" in facts
    }
    stored = select(files.order_id, files.form, files.content).execution_options(yield_per=20)
    for order_id, form, content in connection.execute(stored):
        recorded = expected.pop((order_id, form), None)
        if recorded is not None and recorded != hashlib.sha256(content).hexdigest():
            yield f"purchase_order_files {order_id} {form}: is not the file that was exported"
    for order_id, form in sorted(expected):
        yield f"purchase_order_files {order_id} {form}: is missing"


def _recorded_digests(connection: Connection, table: Table) -> dict[int, tuple[int, str]]:
    """Key of each row of the table that the log recorded → the log's row and the digest."""
    query = select(audit_log.c.sequence, audit_log.c.subject, audit_log.c.detail)
    found = {}
    for sequence, subject, detail in connection.execute(
        query.where(audit_log.c.subject.startswith(f"{table.name}/"))
    ):
        row = json.loads(detail).get("row")
        if row is not None:
            found[int(subject.rpartition("/")[2])] = (sequence, row)
    return found


def _key(table: Table) -> Any:
    return next(iter(table.primary_key))
