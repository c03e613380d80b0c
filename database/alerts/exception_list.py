"""Rows of the table `exceptions` as people ask for them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

import pandas as pd
from sqlalchemy import Engine, RowMapping, func, select

from database.alerts.alert_tables import exceptions

ExceptionState = Literal["open", "acknowledged", "dismissed", "closed"]


@dataclass(frozen=True)
class ExceptionRow:
    """One row of the table.

    Attributes
    ----------
    opened_on : day of the plan run that opened it
    value : as the last plan run that saw it measured it; `text`, `money` and `link` likewise
    who, reason, changed_at : of the last step that a person took
    closed_at, closed_because : when and why it closed itself; a dismissed one keeps its state
    plan_run : the last one that saw it
    version : counts what happened to it
    """

    id: int
    rule: str
    kind: str
    subject: str
    opened_at: datetime
    opened_on: date
    value: float
    text: str
    money: float | None
    link: str
    severity: str
    owner: str
    state: ExceptionState
    who: str | None
    reason: str
    changed_at: datetime | None
    closed_at: datetime | None
    closed_because: str
    plan_run: int
    version: int


def list_exceptions(engine: Engine, *, standing: bool | None = True) -> list[ExceptionRow]:
    """Return the exceptions that stand, those that have closed (`standing` false), or all (none), the newest first."""
    query = select(exceptions).order_by(exceptions.c.id.desc())
    if standing is not None:
        closed_at = exceptions.c.closed_at
        query = query.where(closed_at.is_(None) if standing else closed_at.is_not(None))
    with engine.connect() as connection:
        return [row_of(row) for row in connection.execute(query).mappings()]


def open_count(engine: Engine) -> int:
    """Return how many exceptions stand that nobody has looked at yet."""
    stands = (exceptions.c.closed_at.is_(None), exceptions.c.state == "open")
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(exceptions).where(*stands)).scalar_one()


def exception_history(engine: Engine) -> pd.DataFrame:
    """Return `rule, state, opened_at, closed_at` of all exceptions, times without zone, UTC."""
    columns = exceptions.c
    query = select(columns.rule, columns.state, columns.opened_at, columns.closed_at).order_by(columns.id)
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    frame = pd.DataFrame(rows, columns=["rule", "state", "opened_at", "closed_at"], dtype=object)
    for name in ("opened_at", "closed_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True).dt.tz_localize(None)
    return frame


def row_of(row: RowMapping) -> ExceptionRow:
    """Return a row of the table as an object."""
    return ExceptionRow(**row)
