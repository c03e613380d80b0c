"""The planning runs: what was planned with which model from which data, and the actions it proposed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, func, select

from database.engine import writing
from database.proposals import upsert
from database.schema import now, plan_runs


@dataclass(frozen=True)
class PlanRun:
    """One planning run.

    `folder` names the one under the home's `plans` that holds its files; `facts` are its counts, as `purvey plan`
    prints them.
    """

    id: int
    at: datetime
    bundle_hash: str
    as_of: date
    source: str
    folder: str
    facts: dict[str, Any]


@contextmanager
def recording(
    engine: Engine,
    *,
    bundle_hash: str,
    as_of: date,
    source: str,
    folder: str,
    facts: Mapping[str, Any],
    actions: pd.DataFrame,
) -> Iterator[PlanRun]:
    """Make a run the current one when the block ends, together with the actions it proposes: all of it or nothing.

    The actions are sent first, so that the run's files can be written meanwhile; the block waits for these. When it
    raises, nothing is recorded. `actions` is the planner's frame (`action_id, kind, unique_id, …`). What people
    decided about an action that is proposed again stays.
    """
    values = {
        "at": now(),
        "bundle_hash": bundle_hash,
        "as_of": as_of,
        "source": source,
        "folder": folder,
        "facts": dict(facts),
    }
    with writing(engine) as connection:
        before = connection.execute(select(func.max(plan_runs.c.id))).scalar()
        row = connection.execute(plan_runs.insert().values(values).returning(plan_runs)).mappings().one()
        upsert(connection, actions, run=row["id"], run_before=before or 0)
        yield PlanRun(**row)


def latest(engine: Engine) -> PlanRun | None:
    """Return the current run, none before the first one."""
    with engine.connect() as connection:
        return _latest(connection)


def made_with(engine: Engine, bundle_hash: str) -> list[PlanRun]:
    """Return the runs that planned with a bundle, the oldest first."""
    wanted = select(plan_runs).where(plan_runs.c.bundle_hash == bundle_hash).order_by(plan_runs.c.id)
    with engine.connect() as connection:
        return [PlanRun(**row) for row in connection.execute(wanted).mappings()]


def _latest(connection: Connection) -> PlanRun | None:
    found = connection.execute(select(plan_runs).order_by(plan_runs.c.id.desc()).limit(1))
    row = found.mappings().one_or_none()
    return None if row is None else PlanRun(**row)
