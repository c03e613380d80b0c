"""Connections to the state database: SQLite by default, PostgreSQL by URL, and transactions that write."""

import logging
import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from configs.errors import DomainError
from database.audit.chain import AuditRow
from database.audit.files import AuditFileError, AuditFiles
from database.audit.record import FILES_OPTION, LOG_OPTION
from database.settings import Settings

log = logging.getLogger("purvey.state")

BUSY_MILLISECONDS = 15_000
"""How long a write transaction waits for another one before SQLite gives up."""


RESTORE = "put a backup back (`purvey restore`)"
"""What to do about a damaged state database, in its error messages."""


class StateError(DomainError):
    """A state database that cannot be used as it is: says why and which command mends it."""


def open_state(settings: Settings) -> Engine:
    """Return a SQLAlchemy engine for the state database of the settings, whose audit log has its key and head there.

    Raises
    ------
    StateError
        As `open_engine`.
    """
    return open_engine(settings.state_url, settings.audit_files)


def open_engine(url: str, audit: AuditFiles | None = None) -> Engine:
    """Return a SQLAlchemy engine for the state database at `url`; a SQLite file's folder is made.

    `audit`: where the audit log has its key and head; none: beside a SQLite file, else in the home of the environment.

    Raises
    ------
    StateError
        When `url` is no SQLAlchemy URL or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            options = {FILES_OPTION: audit or Settings().audit_files}
            return create_engine(parsed, pool_pre_ping=True, execution_options=options)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StateError(f"PURVEY_DATABASE_URL is not usable: {error}") from None
    beside = Path(str(parsed.database)).parent if _is_file(parsed) else Settings().home
    return _open_sqlite(parsed, audit or AuditFiles.of_home(beside))


def _is_file(url: URL) -> bool:
    return bool(url.database) and url.database != ":memory:"


def _open_sqlite(url: URL, audit: AuditFiles) -> Engine:
    """Return a SQLite engine whose connections write ahead (WAL), sync fully and begin transactions themselves."""
    file = Path(str(url.database)) if _is_file(url) else None
    if file is not None:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _refuse_empty(file)
    engine = create_engine(url, execution_options={FILES_OPTION: audit})
    if file is not None:
        event.listen(engine, "do_connect", lambda *_: _make_private(file))
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _refuse_empty(file: Path) -> None:
    """Refuse a file that is cut off to nothing, which SQLite would take for a new database."""
    if file.exists() and file.stat().st_size == 0:
        raise StateError(
            f"state database {file} is empty (0 bytes): {RESTORE}, or delete it to begin with none"
        )


def _make_private(file: Path) -> None:
    """Make a database's file where there is none, for its owner only, never empty; SQLite's other files follow it."""
    _refuse_empty(file)
    if file.exists():
        return
    incoming = file.with_name(f".{file.name}-{uuid.uuid4().hex}")
    try:
        incoming.touch(mode=0o600)
        with closing(sqlite3.connect(incoming)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        os.link(incoming, file)
    except OSError:
        pass  # another process was quicker, or nothing can be made here, which SQLite itself says
    finally:
        incoming.unlink(missing_ok=True)


def _lower(text: str | None) -> str | None:
    """The function `python_lower` of a SQLite connection: lower case of all letters; its own knows ASCII only."""
    return None if text is None else text.lower()


def _set_pragmas(connection: Any, _: Any) -> None:
    """Set a new SQLite connection to write ahead (WAL), sync fully, wait for locks and check foreign keys."""
    # The driver's own BEGIN comes too late for a read that decides a write; ours is issued in `_begin`.
    connection.isolation_level = None
    connection.create_function("python_lower", 1, _lower, deterministic=True)
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("purvey_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def write_transaction(engine: Engine) -> Iterator[Connection]:
    """One database transaction that writes: its reads already hold the write lock (SQLite: BEGIN IMMEDIATE).

    What it adds to the audit log is written into the log's head file once the transaction is kept.
    """
    recorded: list[AuditRow] = []
    with engine.connect() as raw:
        connection = raw.execution_options(**{"purvey_write": True, LOG_OPTION: recorded})
        with connection.begin():
            yield connection
    if recorded:
        _write_head(engine, recorded[-1])


def _write_head(engine: Engine, last: AuditRow) -> None:
    files: AuditFiles = engine.get_execution_options()[FILES_OPTION]
    try:
        files.append_head(last)
    except (OSError, AuditFileError) as error:
        # What was recorded is kept; the next head covers it, or `purvey audit verify` does.
        log.error("audit log: the head of row %d was not written: %s", last.sequence, error)  # noqa: TRY400
