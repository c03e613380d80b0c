"""Bulk upsert of a plan run's recommendations: hundreds of thousands of rows, by column and in few statements."""

from collections.abc import Iterator
from itertools import repeat
from typing import Any

import orjson
import pandas as pd
from sqlalchemy import (
    ARRAY,
    JSON,
    Connection,
    Date,
    Float,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from database.recommendations import PROPOSED_COLUMNS
from database.schema import recommendations

_RUNS = ("first_run", "last_run")
_SENT = (*PROPOSED_COLUMNS, "basis")
_OBJECTS = ("facts", "basis")
_BLOCK_ROWS = 20_000
"""Rows that one statement carries to PostgreSQL."""
_CACHE_KIB = 256 * 1024
"""Most memory for SQLite's pages during the write: with its usual 2 MB nearly every row writes index pages anew."""


def upsert_recommendations(
    connection: Connection, actions: pd.DataFrame, *, run: int, run_before: int
) -> None:
    """Bulk upsert of the actions that plan run `run` proposes; `run_before` is the run before it, 0 for none.

    An approved action that went away and comes back is a new occasion, and open again. Of an action that is
    proposed twice the last row counts.
    """
    if actions.empty:
        return
    columns = _driver_columns(actions)
    if connection.dialect.name == "postgresql":
        _upsert_postgresql(connection, columns, run=run, run_before=run_before)
    else:
        _upsert_sqlite(connection, columns, run=run, run_before=run_before)


def _upsert_postgresql(
    connection: Connection, columns: dict[str, list[Any]], *, run: int, run_before: int
) -> None:
    """Upsert recommendations in PostgreSQL: blocks of rows, each column sent as one array."""
    for block in _blocks(columns):
        rows = select(*(_unnested(block, name) for name in _SENT), literal(run), literal(run))
        insert = postgresql.insert(recommendations).from_select([*_SENT, *_RUNS], rows)
        connection.execute(_on_conflict_update(insert, run_before))


def _upsert_sqlite(
    connection: Connection, columns: dict[str, list[Any]], *, run: int, run_before: int
) -> None:
    """Upsert recommendations in SQLite: one statement executed by the driver for all rows."""
    connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KIB}")
    values: dict[str, Any] = {name: bindparam(name) for name in _SENT} | {
        name: literal(run) for name in _RUNS
    }
    compiled: Any = _on_conflict_update(sqlite.insert(recommendations).values(values), run_before).compile(
        connection
    )
    fixed = compiled.params
    parameters = (columns[name] if name in columns else repeat(fixed[name]) for name in compiled.positiontup)
    connection.exec_driver_sql(str(compiled), list(zip(*parameters, strict=False)))


def _driver_columns(actions: pd.DataFrame) -> dict[str, list[Any]]:
    """Columns to upsert as database drivers take them, by action: NaN and NaT None, days ISO, facts JSON text."""
    frame = actions.reindex(columns=list(_SENT)).drop_duplicates("action_id", keep="last")
    frame = frame.sort_values("action_id", ignore_index=True)  # an index is filled quickest in its own order
    frame["act_by"] = pd.to_datetime(frame["act_by"]).dt.strftime("%Y-%m-%d")
    for name in _OBJECTS:
        frame[name] = [_json_text(value) for value in frame[name]]
    frame = frame.astype({"quantity": float, "worth": float}).astype(object)
    return {name: column.where(column.notna(), None).tolist() for name, column in frame.items()}


def _json_text(facts: Any) -> str:
    return (
        facts if isinstance(facts, str) else orjson.dumps(facts if isinstance(facts, dict) else {}).decode()
    )


def _on_conflict_update(insert: Any, run_before: int) -> Any:
    """Make the bulk insert an upsert: ON CONFLICT it updates actions that exist; their status, people's, stays.

    Only an approved action that went away before `run_before` and comes back is open again, and not done any more.
    """
    table = recommendations.c
    returns = (table.status == "approved") & (table.last_run < run_before)
    update = {name: insert.excluded[name] for name in (*_SENT[1:], "last_run")}
    update["status"] = case((returns, "open"), else_=table.status)
    for name in ("done_by", "done_at"):
        update[name] = case((returns, null()), else_=table[name])
    return insert.on_conflict_do_update(index_elements=["action_id"], set_=update)


def _blocks(columns: dict[str, list[Any]]) -> Iterator[dict[str, list[Any]]]:
    """Split the columns to upsert into blocks of rows, one a statement."""
    for first in range(0, len(columns["action_id"]), _BLOCK_ROWS):
        yield {name: values[first : first + _BLOCK_ROWS] for name, values in columns.items()}


def _unnested(block: dict[str, list[Any]], name: str) -> Any:
    """One column of an upsert's block as SQL, sent to PostgreSQL as one array."""
    kind = recommendations.c[name].type
    values = func.unnest(literal(block[name], ARRAY(Float if isinstance(kind, Float) else Text)))
    return cast(values, kind) if isinstance(kind, JSON | Date) else values
