"""The state table `service_jobs`: large asks from queued to done, failed or cancelled, worked on one at a time.

A worker claims a job, reports each chunk, and ends it; a job whose worker has not been heard of for `LOST_AFTER` is
claimed again, and given up with the reason after `MOST_STARTS`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Engine, func, or_, select, text, update

from configs.errors import DomainError
from database.engine import write_transaction
from database.requests.request_tables import service_jobs
from database.schema import utc_now

JobState = Literal["queued", "running", "done", "failed", "cancelled"]

KEPT = timedelta(hours=24)
"""How long a job and its result are kept after it ended."""

LOST_AFTER = timedelta(seconds=60)
"""After so long without a word from its worker a job is taken to be lost, and may be claimed again."""

MOST_STARTS, MOST_QUEUED, MOST_OF_ONE = 3, 100, 10
"""Starts of one job; jobs that wait or run in all; of these of one caller."""

MOST_ENDED_OF_ONE = 20
"""Jobs of one caller that are kept after their end: requests and results take disk, and anybody may ask for more."""

_LOCK = 7_613_002
"""PostgreSQL's advisory lock of all that moves jobs; SQLite has but one writer anyway."""

_table = service_jobs.c
_OPEN = _table.state.in_(("queued", "running"))


class QueueFullError(DomainError):
    """So many jobs wait or run already that no other one is taken."""


class JobEndedError(DomainError):
    """A job that cannot be cancelled: it has ended."""


@dataclass(frozen=True)
class ServiceJob:
    """One row of the table: what is asked, how far it is, and where its result is.

    Attributes
    ----------
    number : counts jobs in the order in which they were asked for
    principal : who asked
    done, total : rows worked out, and in all; total is none before it began
    header : what holds for all rows of the result
    starts : how often a worker has begun with it
    result : name of the result's file, none unless it is done
    """

    job_id: str
    number: int
    principal: str
    kind: str
    request: dict[str, Any]
    state: JobState
    reason: str
    cancel_requested: bool
    done: int
    total: int | None
    header: dict[str, Any] | None
    worker: str | None
    starts: int
    result: str | None
    created_at: datetime
    started_at: datetime | None
    beat_at: datetime | None
    ended_at: datetime | None

    @property
    def kept_until(self) -> datetime | None:
        """When job and result are swept; none before it has ended."""
        return None if self.ended_at is None else self.ended_at + KEPT


def add_job(
    engine: Engine, job_id: str, *, principal: str, kind: str, request: Mapping[str, Any]
) -> ServiceJob:
    """Queue a job; where there is one of this id, return that one. The caller's last `MOST_ENDED_OF_ONE` are kept.

    Raises
    ------
    QueueFullError
        When as many jobs wait or run as may.
    """
    with _moving(engine) as connection:
        found = _one(connection, _table.job_id == job_id)
        if found is not None:
            return found
        waiting = connection.execute(select(_table.principal).where(_OPEN)).scalars().all()
        for count, most, whose in (
            (len(waiting), MOST_QUEUED, "all callers together"),
            (waiting.count(principal), MOST_OF_ONE, "you"),
        ):
            if count >= most:
                raise QueueFullError(
                    f"{count} jobs of {whose} wait or run, {most} is the most; cancel one or wait"
                )
        number = connection.execute(select(func.max(_table.number))).scalar() or 0
        ended = select(_table.job_id).where(_table.principal == principal, _table.ended_at.is_not(None))
        oldest = ended.order_by(_table.number.desc()).offset(MOST_ENDED_OF_ONE)
        connection.execute(service_jobs.delete().where(_table.job_id.in_(oldest)))
        values = {
            "job_id": job_id, "number": number + 1, "principal": principal, "kind": kind, "request": dict(request),
            "state": "queued", "reason": "", "cancel_requested": False, "done": 0, "starts": 0,
            "created_at": utc_now(),
        }  # fmt: skip
        row = connection.execute(service_jobs.insert().values(values).returning(service_jobs))
        return ServiceJob(**row.mappings().one())


def find_job(engine: Engine, job_id: str) -> ServiceJob | None:
    """Return the job of this id, none where there is none, or it was swept."""
    with engine.connect() as connection:
        return _one(connection, _table.job_id == job_id)


def list_jobs(
    engine: Engine, principal: str | None, *, before: int | None = None, limit: int
) -> list[ServiceJob]:
    """Return the jobs of a caller, or of all where it is none, the newest first, from below the number `before`."""
    query = select(service_jobs).order_by(_table.number.desc()).limit(limit)
    if principal is not None:
        query = query.where(_table.principal == principal)
    if before is not None:
        query = query.where(_table.number < before)
    with engine.connect() as connection:
        return [ServiceJob(**row) for row in connection.execute(query).mappings()]


def claim_job(engine: Engine, worker: str, *, at_once: int = 1) -> ServiceJob | None:
    """Claim the oldest job that waits or is lost for `worker`; none where there is none, or enough others run."""
    with _moving(engine) as connection:
        now = utc_now()
        lost = (_table.state == "running") & (_table.beat_at < now - LOST_AFTER)
        _give_up(connection, lost, now)
        running = select(func.count()).where(_table.state == "running", _table.beat_at >= now - LOST_AFTER)
        if connection.execute(running).scalar_one() >= at_once:
            return None
        job = _one(connection, or_(_table.state == "queued", lost))
        if job is None:
            return None
        values = {
            "state": "running", "worker": worker, "starts": job.starts + 1, "done": 0, "total": None, "header": None,
            "started_at": now, "beat_at": now, "reason": "",
        }  # fmt: skip
        return _set(connection, job.job_id, values)


def report_chunk(
    engine: Engine, job: ServiceJob, *, done: int, total: int, header: Mapping[str, Any]
) -> bool:
    """Report how far a job is; false when its worker is to leave off: it was cancelled, or is another worker's now."""
    with write_transaction(engine) as connection:
        changed = connection.execute(
            update(service_jobs)
            .where(_ours(job), _table.cancel_requested.is_(False))
            .values(done=done, total=total, header=dict(header), beat_at=utc_now())
        )
        return changed.rowcount == 1


def end_job(
    engine: Engine, job: ServiceJob, state: JobState, *, result: str | None = None, reason: str = ""
) -> bool:
    """End a job that this worker has claimed; false when it is another worker's now, whose result counts."""
    with write_transaction(engine) as connection:
        values = {"state": state, "result": result, "reason": reason, "ended_at": utc_now()}
        changed = connection.execute(update(service_jobs).where(_ours(job)).values(values))
        return changed.rowcount == 1


def give_back(engine: Engine, job: ServiceJob) -> None:
    """Queue a claimed job again, as its worker is about to stop: the next one begins it anew."""
    with write_transaction(engine) as connection:
        values = {"state": "queued", "worker": None, "starts": job.starts - 1, "done": 0}
        connection.execute(update(service_jobs).where(_ours(job)).values(values))


def cancel_job(engine: Engine, job_id: str) -> ServiceJob | None:
    """Cancel a job: at once where it waits, after its present chunk where it runs; none where there is none.

    Raises
    ------
    JobEndedError
        When it is done or has failed.
    """
    with _moving(engine) as connection:
        job = _one(connection, _table.job_id == job_id)
        if job is None or job.state == "cancelled":
            return job
        if job.ended_at is not None:
            raise JobEndedError(f"job {job_id} is {job.state}; there is nothing to cancel")
        values: dict[str, Any] = {"cancel_requested": True}
        if job.state == "queued":
            values |= {"state": "cancelled", "ended_at": utc_now()}
        return _set(connection, job_id, values)


def sweep_jobs(engine: Engine) -> list[str]:
    """Delete the jobs that ended longer than `KEPT` ago and return the names of their results' files."""
    with _moving(engine) as connection:
        old = _table.ended_at < utc_now() - KEPT
        gone = connection.execute(service_jobs.delete().where(old).returning(_table.result)).scalars().all()
        return [name for name in gone if name]


def kept_results(engine: Engine) -> frozenset[str]:
    """Names of the files of all results that are kept."""
    with engine.connect() as connection:
        return frozenset(
            connection.execute(select(_table.result).where(_table.result.is_not(None))).scalars()
        )


@contextmanager
def _moving(engine: Engine) -> Iterator[Connection]:
    """One transaction that moves jobs, alone among all that do."""
    with write_transaction(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        yield connection


def _give_up(connection: Connection, lost: ColumnElement[bool], now: datetime) -> None:
    """End the lost jobs that were started as often as they may be, and those whose cancelling nobody has seen."""
    often = lost & (_table.starts >= MOST_STARTS)
    reason = f"its worker went away {MOST_STARTS} times; ask for less at a time, and see the server's log"
    connection.execute(update(service_jobs).where(often).values(state="failed", reason=reason, ended_at=now))
    cancelled = lost & _table.cancel_requested
    connection.execute(update(service_jobs).where(cancelled).values(state="cancelled", ended_at=now))


def _ours(job: ServiceJob) -> ColumnElement[bool]:
    """Condition on the row of a job: that it still runs with the worker that has claimed it."""
    mine = (_table.worker == job.worker) & (_table.starts == job.starts)
    return (_table.job_id == job.job_id) & (_table.state == "running") & mine


def _one(connection: Connection, where: ColumnElement[bool]) -> ServiceJob | None:
    """The oldest job of a condition."""
    row = connection.execute(select(service_jobs).where(where).order_by(_table.number).limit(1))
    found = row.mappings().one_or_none()
    return None if found is None else ServiceJob(**found)


def _set(connection: Connection, job_id: str, values: Mapping[str, Any]) -> ServiceJob:
    """Change a job's row and return it."""
    changed = update(service_jobs).where(_table.job_id == job_id).values(values).returning(service_jobs)
    return ServiceJob(**connection.execute(changed).mappings().one())
