"""An exclusive lock between processes, for what must not be done twice at once in one home."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from configs.errors import DomainError

PATIENCE_SECONDS = 1800.0
"""Seconds to wait for another training; longer than any is expected to hold the lock."""


class BusyError(DomainError):
    """Another process holds the lock: says which file and what to do."""


@contextmanager
def exclusive_lock(
    home: Path, what: str = "training", *, patience: float = PATIENCE_SECONDS
) -> Iterator[None]:
    """Hold the exclusive lock of `home` for `what`; it is released when the process ends, however it ends.

    SQLite's own lock is used because it works on every platform we run on, without another dependency.

    Raises
    ------
    BusyError
        When it is still held after `patience` seconds.
    """
    home.mkdir(parents=True, exist_ok=True)
    path = home / f".{what}.lock"
    with closing(sqlite3.connect(path, timeout=patience, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise BusyError(f"{path}: another process holds it for its {what}; try again later") from None
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
