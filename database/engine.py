"""Connections to the state database: SQLite by default, PostgreSQL by URL, and transactions that write."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from configs.errors import DomainError

BUSY_MILLISECONDS = 15_000
"""How long a write transaction waits for another one before SQLite gives up."""


class StateError(DomainError):
    """A state database that cannot be used as it is: says why and which command mends it."""


def open_engine(url: str) -> Engine:
    """Return a SQLAlchemy engine for the state database at `url`; a SQLite file's folder is made.

    Raises
    ------
    StateError
        When `url` is no SQLAlchemy URL or its driver is not installed.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise StateError(f"PURVEY_DATABASE_URL is not usable: {error}") from None
    return _open_sqlite(parsed)


def _open_sqlite(url: URL) -> Engine:
    """Return a SQLite engine whose connections write ahead (WAL), sync fully and begin transactions themselves."""
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


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
    """One database transaction that writes: its reads already hold the write lock (SQLite: BEGIN IMMEDIATE)."""
    with engine.connect() as raw:
        connection = raw.execution_options(purvey_write=True)
        with connection.begin():
            yield connection
