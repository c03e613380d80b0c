"""What was acknowledged is there after a kill, once, and what says the same in two places says the same."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import pairwise

from sqlalchemy import Column, Connection, Engine, func, select, text

from benchmarks.crash.journal import Entry
from database.decisions import STATUS
from database.schema import (
    decisions,
    model_ledger,
    plan_runs,
    purchase_order_events,
    purchase_order_files,
    recommendations,
)

_WHERE: Mapping[str, Mapping[str, Column[object]]] = {
    "decision": {
        "id": decisions.c.id,
        "action_id": decisions.c.action_id,
        "verdict": decisions.c.verdict,
        "reason": decisions.c.reason,
    },
    "plan": {"run_id": plan_runs.c.id, "folder": plan_runs.c.folder},
    "step": {"order_id": purchase_order_events.c.order_id, "request": purchase_order_events.c.request},
    "export": {"sha256": purchase_order_files.c.sha256},
    "train": {"version": model_ledger.c.version, "bundle_hash": model_ledger.c.bundle_hash},
    "champion": {
        "row": model_ledger.c.id,
        "why": model_ledger.c.why,
        "bundle_hash": model_ledger.c.bundle_hash,
    },
}
"""Kind of acknowledged entry → its facts and the columns in which they stand."""


def lost_and_doubled(engine: Engine, entries: Iterable[Entry]) -> list[str]:
    """Sentences about acknowledged entries that the state database has not, and about what stands there twice."""
    with engine.connect() as connection:
        found = [f"lost: {entry}" for entry in entries if not _is_there(connection, entry)]
        return found + _doubled(connection) + _torn(connection)


def _is_there(connection: Connection, entry: Entry) -> bool:
    """Whether the database holds an acknowledged entry."""
    columns = _WHERE[entry["what"]]
    query = select(func.count()).where(*(column == entry[name] for name, column in columns.items()))
    return bool(connection.execute(query).scalar_one())


def _doubled(connection: Connection) -> list[str]:
    """Decisions that say the same twice in a row, training runs registered and orders numbered twice."""
    rows = connection.execute(
        select(decisions.c.action_id, decisions.c.verdict, decisions.c.reason).order_by(
            decisions.c.action_id, decisions.c.id
        )
    ).all()
    trouble = [f"decided twice: {tuple(row)}" for row, after in pairwise(rows) if tuple(row) == tuple(after)]
    registered = select(model_ledger.c.version).where(model_ledger.c.action == "register")
    counted = Counter(connection.execute(registered).scalars())
    return trouble + [f"version {name} registered twice" for name, times in counted.items() if times > 1]


def _torn(connection: Connection) -> list[str]:
    """Actions whose status is not what was last decided about them, and pages of SQLite that do not fit together.

    An approved action that went away and was proposed again by a later plan is open once more.
    """
    last = select(func.max(decisions.c.id)).group_by(decisions.c.action_id)
    query = (
        select(recommendations.c.action_id, recommendations.c.status, decisions.c.verdict)
        .join(decisions, decisions.c.action_id == recommendations.c.action_id)
        .where(decisions.c.id.in_(last))
        .where(
            (recommendations.c.status != "open")
            | (decisions.c.verdict != "approve")
            | (recommendations.c.last_run <= decisions.c.run_id)
        )
    )
    trouble = [
        f"torn: {action_id} is {status}, decided was {verdict}"
        for action_id, status, verdict in connection.execute(query)
        if status != STATUS[verdict]
    ]
    if connection.dialect.name == "sqlite":
        checked = connection.execute(text("PRAGMA integrity_check")).scalars().all()
        trouble += [f"torn: {sentence}" for sentence in checked if sentence != "ok"]
    return trouble
