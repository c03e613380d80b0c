"""The state table `entered_overrides`: what people set in place of the model's numbers, rows ended but never changed.

It is named unlike the contract's table, which may lie in the same database.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, select

from configs.errors import DomainError
from database.audit.recorded_rows import record_row
from database.engine import write_transaction
from database.schema import entered_overrides, override_ends, utc_now
from features.contract.tables import TABLES, empty_table

ENTERED = tuple(name for name in TABLES["overrides"] if name != "override_id")
"""Columns of an override that whoever enters it fills: those of the contract's table, but for its id."""

Values = Mapping[str, Any]
"""Column of `ENTERED` → value, None where empty."""


class UnknownOverrideError(DomainError):
    """Nobody ever entered this override."""


class OverrideConflictError(DomainError):
    """An override that cannot be ended, or was ended by somebody else in the meantime: says who and why."""


@dataclass(frozen=True)
class Override:
    """One row of the table `entered_overrides`, and its end: who ended it and why, none where it goes on.

    `values` has the columns of `ENTERED`; times are in UTC.
    """

    id: int
    at: datetime
    values: Values
    ended_at: datetime | None
    ended_by: str | None
    end_reason: str | None


def add_override(engine: Engine, values: Values) -> tuple[Override, bool]:
    """Add a row to the table `entered_overrides`; returns it and whether it is new.

    The same again while it goes on (a double click, a retried request) is the row that stands already.
    """
    with _alone(engine) as connection:
        standing = _find(connection, *_same(values), override_ends.c.override_id.is_(None))
        if standing:
            return standing[-1], False
        row = {name: values[name] for name in ENTERED} | {"at": utc_now()}
        added = connection.execute(
            entered_overrides.insert().values(row).returning(entered_overrides.c.id)
        ).scalar_one()
        said = {name: value for name, value in row.items() if value is not None}
        author = str(values["author"])
        record_row(connection, entered_overrides, added, who=author, what="override.add", detail=said)
        return _find(connection, entered_overrides.c.id == added)[0], True


def end_override(engine: Engine, override_id: int, *, who: str, reason: str) -> tuple[Override, bool]:
    """End one of the `entered_overrides`; returns it and whether this ended it, or the same person had before.

    Raises
    ------
    UnknownOverrideError
        When there is no such override.
    OverrideConflictError
        When somebody else has ended it.
    """
    with _alone(engine) as connection:
        found = _find(connection, entered_overrides.c.id == override_id)
        if not found:
            raise UnknownOverrideError(str(override_id))
        if found[0].ended_by is not None:
            if found[0].ended_by == who:
                return found[0], False
            raise OverrideConflictError(f"{found[0].ended_by} has ended this override in the meantime")
        row = {"override_id": override_id, "at": utc_now(), "who": who, "reason": reason}
        connection.execute(override_ends.insert().values(row))
        said = {"reason": reason}
        record_row(connection, override_ends, override_id, who=who, what="override.end", detail=said)
        return _find(connection, entered_overrides.c.id == override_id)[0], True


def list_overrides(engine: Engine, *, unique_id: str | None = None, ended: bool = True) -> list[Override]:
    """List `entered_overrides`, the newest first: of one SKU or of all, with those that were `ended` or without."""
    where = [] if unique_id is None else [entered_overrides.c.unique_id == unique_id]
    if not ended:
        where.append(override_ends.c.override_id.is_(None))
    with engine.connect() as connection:
        return _find(connection, *where)[::-1]


def standing_overrides(engine: Engine) -> pd.DataFrame:
    """The `entered_overrides` that nobody ended, in the columns of the contract's table, the oldest first."""
    rows = list_overrides(engine, ended=False)[::-1]
    if not rows:
        return empty_table("overrides")
    frame = pd.DataFrame([{"override_id": str(row.id), **row.values} for row in rows])
    kinds = empty_table("overrides").dtypes
    return frame[list(TABLES["overrides"])].astype(kinds)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A write transaction on the table `entered_overrides` that no other one runs beside."""
    with write_transaction(engine) as connection:
        if engine.dialect.name != "sqlite":  # which writes one at a time anyway
            connection.exec_driver_sql("LOCK TABLE entered_overrides IN SHARE ROW EXCLUSIVE MODE")
        yield connection


def _same(values: Values) -> list[ColumnElement[bool]]:
    """Conditions on the table `entered_overrides` that hold for rows with these values, whenever they were entered."""
    columns = [(entered_overrides.c[name], values[name]) for name in ENTERED if name != "created"]
    return [column.is_(None) if value is None else column == value for column, value in columns]


def _find(connection: Connection, *where: ColumnElement[bool]) -> list[Override]:
    """Rows of the table `entered_overrides` with their ends, where all conditions hold, the oldest first."""
    rows = connection.execute(_query().where(and_(True, *where))).mappings()
    return [
        Override(
            id=row["id"],
            at=row["at"],
            values={name: row[name] for name in ENTERED},
            ended_at=row["ended_at"],
            ended_by=row["ended_by"],
            end_reason=row["end_reason"],
        )
        for row in rows
    ]


def _query() -> Select[Any]:
    """Select from the table `entered_overrides` with the end of each."""
    end = override_ends.c
    return (
        select(
            entered_overrides,
            end.at.label("ended_at"),
            end.who.label("ended_by"),
            end.reason.label("end_reason"),
        )
        .outerjoin(override_ends, entered_overrides.c.id == end.override_id)
        .order_by(entered_overrides.c.id)
    )
