"""Adding rows to the audit log, within the transaction of what they record: both are kept, or neither is."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from database.audit.chain import START, AuditRow, canonical_json
from database.audit.files import AuditFiles
from database.audit.table import audit_log
from database.schema import utc_now

LOG_OPTION, FILES_OPTION = "purvey_audit_rows", "purvey_audit_files"
"""Execution options of a write transaction: the rows it has recorded, and the log's key and head."""


def record(
    connection: Connection, *, who: str, what: str, subject: str, detail: Mapping[str, Any] | None = None
) -> None:
    """Add a row to the audit log. Call it last in a transaction: from here on all other writers wait.

    Parameters
    ----------
    connection : of `database.engine.write_transaction`
    who : name or id of the person, key or process
    what : what was done, as `noun.verb`: `decision.approve`, `login.failed`
    subject : what it was done to, as `table/key`: `decisions/17`, `users/ada`
    detail : more facts, JSON-able; no secrets, for the row can never be removed

    Raises
    ------
    AuditFileError
        When the log has rows and its key is missing.
    """
    options = connection.get_execution_options()
    if LOG_OPTION not in options:
        raise RuntimeError(
            "record: the connection is none of write_transaction, so the head would not be signed"
        )
    files: AuditFiles = options[FILES_OPTION]
    if connection.dialect.name != "sqlite":  # which writes one at a time anyway
        connection.exec_driver_sql("LOCK TABLE audit_log IN EXCLUSIVE MODE")
    last = last_row(connection)
    if last is None:
        files.make()
    facts, at = dict(detail or {}), utc_now()
    if last is not None and at < last.at:  # the clock was set back: time never runs backwards in the log
        facts, at = facts | {"clock": at}, last.at
    row = AuditRow(
        sequence=1 if last is None else last.sequence + 1,
        at=at,
        who=_storable(who),
        what=_storable(what),
        subject=_storable(subject),
        detail=canonical_json(facts),
        previous=START if last is None else last.hash,
    ).signed(files.read_key())
    connection.execute(audit_log.insert().values(vars(row)))
    options[LOG_OPTION].append(row)


def last_row(connection: Connection) -> AuditRow | None:
    """The newest row of the audit log."""
    query = select(audit_log).order_by(audit_log.c.sequence.desc()).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else AuditRow(**row)


def _storable(text: str) -> str:
    """Text without what PostgreSQL or UTF-8 cannot hold."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
