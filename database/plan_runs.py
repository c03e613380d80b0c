"""The state table `plan_runs`: what was planned with which model from which data; the last row is current."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Engine, func, select

from database.action_ledger.bookings import record_bookings
from database.audit.recorded_rows import record_row
from database.bulk_upsert import upsert_recommendations
from database.engine import write_transaction
from database.purchase_orders.sightings import record_sightings
from database.schema import plan_runs, utc_now
from planning.placed_orders import Sightings
from planning.realised.book_actions import Booking


@dataclass(frozen=True)
class PlanRun:
    """One row of the table `plan_runs`.

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


@dataclass(frozen=True)
class PlanRunEntry:
    """A plan run to be written: model, day, data source, the folder of its files, and its counts."""

    bundle_hash: str
    as_of: date
    source: str
    folder: str
    facts: Mapping[str, Any]


@contextmanager
def record_plan_run(
    engine: Engine,
    entry: PlanRunEntry,
    *,
    actions: pd.DataFrame,
    sightings: Sightings | None = None,
    bookings: Sequence[Booking] = (),
) -> Iterator[PlanRun]:
    """Make a plan run the current one when the block ends, together with the actions it proposes: all or nothing.

    The actions are sent first, so that the run's files can be written meanwhile; the block waits for these. When it
    raises, nothing is recorded. `actions` is the planner's frame (`action_id, kind, unique_id, …`). What people
    decided about an action that is proposed again stays. `sightings` are what the run found out about placed orders,
    `bookings` about approved actions: they are recorded last, with the run or not at all.
    """
    values = {
        "at": utc_now(),
        "bundle_hash": entry.bundle_hash,
        "as_of": entry.as_of,
        "source": entry.source,
        "folder": entry.folder,
        "facts": dict(entry.facts),
    }
    with write_transaction(engine) as connection:
        before = connection.execute(select(func.max(plan_runs.c.id))).scalar()
        row = connection.execute(plan_runs.insert().values(values).returning(plan_runs)).mappings().one()
        upsert_recommendations(connection, actions, run=row["id"], run_before=before or 0)
        yield PlanRun(**row)
        record_sightings(connection, row["id"], sightings or Sightings())
        record_bookings(connection, row["id"], bookings)
        said = {
            "as_of": entry.as_of,
            "bundle": entry.bundle_hash,
            "source": entry.source,
            "folder": entry.folder,
        }
        record_row(connection, plan_runs, row["id"], who="purvey plan", what="plan.run", detail=said)


def latest(engine: Engine) -> PlanRun | None:
    """Return the current plan run, none before the first one."""
    with engine.connect() as connection:
        found = connection.execute(select(plan_runs).order_by(plan_runs.c.id.desc()).limit(1))
        row = found.mappings().one_or_none()
    return None if row is None else PlanRun(**row)


def last_runs(engine: Engine, count: int) -> list[PlanRun]:
    """Return the last `count` plan runs, the newest first."""
    query = select(plan_runs).order_by(plan_runs.c.id.desc()).limit(count)
    with engine.connect() as connection:
        return [PlanRun(**row) for row in connection.execute(query).mappings()]


def runs_of_bundle(engine: Engine, bundle_hash: str) -> list[PlanRun]:
    """Return the plan runs that used a model bundle, the oldest first."""
    query = select(plan_runs).where(plan_runs.c.bundle_hash == bundle_hash).order_by(plan_runs.c.id)
    with engine.connect() as connection:
        return [PlanRun(**row) for row in connection.execute(query).mappings()]
