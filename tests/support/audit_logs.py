"""Rows of an audit log about things that nobody else knows."""

from sqlalchemy import Engine

from database.audit.record import record
from database.engine import write_transaction


def add(engine: Engine, subject: str, **detail: object) -> None:
    """Record that a thing was made."""
    with write_transaction(engine) as connection:
        record(connection, who="ada", what="thing.made", subject=subject, detail=detail)
