"""The state table `schedule_runs`: each run of a scheduled job, from its start to its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Engine, func, select

from database.engine import write_transaction
from database.schedule.schedule_tables import schedule_runs

Outcome = Literal["running", "done", "failed", "stopped", "lost", "since"]
"""`stopped`: ended with the scheduler; `lost`: the scheduler died; `since`: no run, but since when it is scheduled."""

BY_HAND = "hand"
"""Cause of a run that a person started (`purvey schedule --once`)."""


@dataclass(frozen=True)
class JobRun:
    """One row of the table `schedule_runs`.

    Attributes
    ----------
    due_at : the time that the run was due at
    cause : `time`, `signal`, or `hand`
    attempt : 1, 2, … at that due time
    why : what went wrong, or nothing
    facts : what the job printed as JSON
    """

    id: int
    job: str
    due_at: datetime
    cause: str
    attempt: int
    started_at: datetime
    ended_at: datetime | None
    outcome: Outcome
    why: str
    facts: dict[str, Any]


def start_run(
    engine: Engine, job: str, *, due_at: datetime, cause: str, attempt: int, now: datetime
) -> JobRun:
    """Add the row of a job's run that starts now, and return it."""
    return _add(engine, job, {"due_at": due_at, "cause": cause, "attempt": attempt}, "running", now)


def begin_schedule(engine: Engine, job: str, now: datetime) -> JobRun:
    """Add the row that says from when on a job is scheduled, so that its first time is one after that."""
    return _add(engine, job, {"due_at": now, "cause": "time", "attempt": 0}, "since", now)


def _add(engine: Engine, job: str, facts: Mapping[str, Any], outcome: Outcome, now: datetime) -> JobRun:
    """Add a row to the table of job runs."""
    ended = None if outcome == "running" else now
    values = {"job": job, **facts, "started_at": now, "ended_at": ended, "outcome": outcome}
    values |= {"why": "", "facts": {}}
    with write_transaction(engine) as connection:
        added = connection.execute(schedule_runs.insert().values(values).returning(schedule_runs))
        return JobRun(**added.mappings().one())


def end_run(
    engine: Engine, run: JobRun, outcome: Outcome, *, now: datetime, why: str = "", facts: Any = None
) -> None:
    """Write down how a job's run ended."""
    values = {"ended_at": now, "outcome": outcome, "why": why, "facts": facts or {}}
    with write_transaction(engine) as connection:
        connection.execute(schedule_runs.update().where(schedule_runs.c.id == run.id).values(values))


def end_lost_runs(engine: Engine, now: datetime) -> int:
    """Write down that the runs which a scheduler before left running are lost; returns how many.

    Runs started by hand are not the scheduler's: they may still go on.
    """
    values = {"ended_at": now, "outcome": "lost", "why": "the scheduler died while it ran"}
    running = (schedule_runs.c.outcome == "running", schedule_runs.c.cause != BY_HAND)
    with write_transaction(engine) as connection:
        return connection.execute(schedule_runs.update().where(*running).values(values)).rowcount


def last_run(
    engine: Engine, job: str, *, outcome: Outcome | None = None, by_hand: bool = True
) -> JobRun | None:
    """Return a job's last run, or its last with an outcome; none before the first. `by_hand` false: but those."""
    query = select(schedule_runs).where(schedule_runs.c.job == job).order_by(schedule_runs.c.id.desc())
    if outcome is not None:
        query = query.where(schedule_runs.c.outcome == outcome)
    if not by_hand:
        query = query.where(schedule_runs.c.cause != BY_HAND)
    with engine.connect() as connection:
        row = connection.execute(query.limit(1)).mappings().one_or_none()
    return None if row is None else JobRun(**row)


def newest_id(engine: Engine, job: str) -> int:
    """Return the id of a job's last run of any kind, 0 where there is none; later runs have higher ones."""
    runs = schedule_runs.c
    query = select(func.max(runs.id)).where(runs.job == job, runs.outcome != "since")
    with engine.connect() as connection:
        return connection.execute(query).scalar() or 0


def old_runs(engine: Engine, before: datetime, *, remove: bool) -> int:
    """Count the job runs that ended before a time, each job's last two left out; `remove`: and remove them."""
    newest = select(func.max(schedule_runs.c.id)).group_by(schedule_runs.c.job)
    done = newest.where(schedule_runs.c.outcome == "done")
    old = (
        schedule_runs.c.ended_at < before,
        schedule_runs.c.id.not_in(newest),
        schedule_runs.c.id.not_in(done),
    )
    with write_transaction(engine) as connection:
        count = connection.execute(select(func.count()).select_from(schedule_runs).where(*old)).scalar_one()
        if remove and count:
            connection.execute(schedule_runs.delete().where(*old))
    return count
