"""Writing the actions of a planning run: hundreds of thousands of rows, so column by column and in few statements."""

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
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from database.recommendations import PROPOSED
from database.schema import recommendations

_RUNS = ("first_run", "last_run")
_BLOCK = 20_000
"""Rows that one statement carries to PostgreSQL."""
_CACHE_KIB = 256 * 1024
"""Most memory for SQLite's pages during the write: with its usual 2 MB nearly every row writes index pages anew."""


def upsert(connection: Connection, actions: pd.DataFrame, *, run: int, run_before: int) -> None:
    """Write what planning run `run` proposes; `run_before` is the run before it, 0 for none.

    An approved action that went away and comes back is a new occasion, and open again. Of an action that is
    proposed twice the last row counts.
    """
    if actions.empty:
        return
    columns = _columns(actions)
    if connection.dialect.name == "postgresql":
        for block in _blocks(columns):
            rows = select(*(_unnested(block, name) for name in PROPOSED), literal(run), literal(run))
            insert = postgresql.insert(recommendations).from_select([*PROPOSED, *_RUNS], rows)
            connection.execute(_replacing(insert, run_before))
        return
    connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KIB}")
    given: dict[str, Any] = {name: bindparam(name) for name in PROPOSED} | {
        name: literal(run) for name in _RUNS
    }
    compiled: Any = _replacing(sqlite.insert(recommendations).values(given), run_before).compile(connection)
    fixed = compiled.params
    places = (columns[name] if name in columns else repeat(fixed[name]) for name in compiled.positiontup)
    connection.exec_driver_sql(str(compiled), list(zip(*places, strict=False)))


def _columns(actions: pd.DataFrame) -> dict[str, list[Any]]:
    """Values of each column as drivers take them, by action: NaN and NaT become None, days ISO, facts JSON text."""
    frame = actions.reindex(columns=list(PROPOSED)).drop_duplicates("action_id", keep="last")
    frame = frame.sort_values("action_id", ignore_index=True)  # an index is filled quickest in its own order
    frame["act_by"] = pd.to_datetime(frame["act_by"]).dt.strftime("%Y-%m-%d")
    frame["facts"] = [_text(facts) for facts in frame["facts"]]
    frame = frame.astype({"quantity": float, "worth": float}).astype(object)
    return {name: column.where(column.notna(), None).tolist() for name, column in frame.items()}


def _text(facts: Any) -> str:
    return (
        facts if isinstance(facts, str) else orjson.dumps(facts if isinstance(facts, dict) else {}).decode()
    )


def _replacing(insert: Any, run_before: int) -> Any:
    """The insert, which brings up to date the actions that are there; where they stand belongs to people."""
    table = recommendations.c
    comes_back = (table.status == "approved") & (table.last_run < run_before)
    update = {name: insert.excluded[name] for name in (*PROPOSED[1:], "last_run")}
    update["status"] = case((comes_back, "open"), else_=table.status)
    return insert.on_conflict_do_update(index_elements=["action_id"], set_=update)


def _blocks(columns: dict[str, list[Any]]) -> Iterator[dict[str, list[Any]]]:
    for first in range(0, len(columns["action_id"]), _BLOCK):
        yield {name: values[first : first + _BLOCK] for name, values in columns.items()}


def _unnested(block: dict[str, list[Any]], name: str) -> Any:
    """One column of a block, sent as one array."""
    kind = recommendations.c[name].type
    values = func.unnest(literal(block[name], ARRAY(Float if isinstance(kind, Float) else Text)))
    return cast(values, kind) if isinstance(kind, JSON | Date) else values
