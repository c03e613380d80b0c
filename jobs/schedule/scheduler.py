"""The scheduler's loop: hold the lease, see what is due, run it, and write down how it ended."""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from configs.schedule import ScheduleConfig
from database.schedule.job_runs import (
    JobRun,
    begin_schedule,
    end_lost_runs,
    end_run,
    last_run,
    newest_id,
    start_run,
)
from database.schedule.lease import Lease
from jobs.schedule.due import JOBS, Due, Past, first_due, is_unscheduled
from jobs.schedule.job_process import Job

log = logging.getLogger("purvey.schedule")


def utc_clock() -> datetime:
    """Return this moment in UTC, by the machine's clock."""
    return datetime.now(UTC)


class Scheduler:
    """One process of the scheduler; of all that run on one state database, the one that holds the lease works.

    Parameters
    ----------
    start : starts a job by name
    clock : this moment in UTC
    """

    def __init__(
        self,
        engine: Engine,
        config: ScheduleConfig,
        lease: Lease,
        start: Callable[[str], Job],
        *,
        clock: Callable[[], datetime] = utc_clock,
    ) -> None:
        self.engine, self.config, self.lease = engine, config, lease
        self.start, self.clock = start, clock
        self.leads = False
        self._running: tuple[JobRun, Job] | None = None

    def step(self) -> None:
        """Do what is to be done now; a state database that cannot be used is waited for."""
        try:
            if self._keep_lease():
                self._work()
        except SQLAlchemyError as error:
            log.error("state database: %s", getattr(error, "orig", None) or error)  # noqa: TRY400 -- one line
            if self.leads and not self.lease.is_held:
                self._lead_no_longer()

    def close(self) -> None:
        """End what runs, write that down, and give the lease back."""
        if self._running is not None:
            run, job = self._running
            job.stop()
            job.close()
            self._running = None
            end_run(self.engine, run, "stopped", now=self.clock(), why="the scheduler was ended")
            log.info("%s: stopped", run.job)
        self.lease.release()
        self.leads = False

    def pasts(self) -> dict[str, Past]:
        """What the past of each job says about what is due."""
        return {job: past_of(self.engine, job) for job in JOBS}

    def _keep_lease(self) -> bool:
        """Take or renew the lease; returns whether this scheduler leads."""
        held = self.lease.hold()
        if held and not self.leads:
            self.leads = True
            lost = end_lost_runs(self.engine, self.clock())
            log.info("%s leads; %d runs of the leader before were lost", self.lease.holder, lost)
        if self.leads and not held:
            self._lead_no_longer()
        return held

    def _lead_no_longer(self) -> None:
        """End what runs: another scheduler may have begun the same. Its row is the other's to end."""
        log.warning("%s leads no longer", self.lease.holder)
        self.leads = False
        if self._running is not None:
            self._running[1].stop()
            self._running[1].close()
            self._running = None

    def _work(self) -> None:
        """See to what runs, or run what is due."""
        if self._running is not None:
            self._see_to(*self._running)
            return
        now, pasts = self.clock(), self.pasts()
        for job in JOBS:
            if is_unscheduled(self.config, job, pasts[job], now):
                begin_schedule(self.engine, job, now)
        due = first_due(self.config, pasts, now)
        if due is not None:
            self._begin(due, now)

    def _begin(self, due: Due, now: datetime) -> None:
        """Start a job that is due; its row is there first, so that nothing runs unseen."""
        run = start_run(
            self.engine, due.job, due_at=due.due_at, cause=due.cause, attempt=due.attempt, now=now
        )
        log.info("%s: attempt %d, due since %s (%s)", due.job, due.attempt, due.due_at, due.cause)
        try:
            self._running = (run, self.start(due.job))
        except OSError as error:
            self._end(run, "could not be started: " + (error.strerror or str(error)))

    def _see_to(self, run: JobRun, job: Job) -> None:
        """Write down how a job ended that has, and end one that takes too long."""
        status, now = job.poll(), self.clock()
        if status is None:
            if now - run.started_at > timedelta(hours=self.config.most_hours):
                job.stop()
                job.close()
                self._end(run, f"took longer than {self.config.most_hours:g} hours (schedule.most_hours)")
            return
        self._running = None
        if status == 0:
            end_run(self.engine, run, "done", now=now, facts=job.facts())
            log.info("%s: done", run.job)
        else:
            self._end(run, job.why() or f"exit status {status}")
        job.close()

    def _end(self, run: JobRun, why: str) -> None:
        """Write down that a run failed, and say so."""
        self._running = None
        end_run(self.engine, run, "failed", now=self.clock(), why=why)
        left = max(self.config.retries + 1 - run.attempt, 0)
        log.error("%s: attempt %d failed, %d left: %s", run.job, run.attempt, left, why)


def past_of(engine: Engine, job: str) -> Past:
    """What the past of a scheduled job says about what is due."""
    return Past(
        last=last_run(engine, job, by_hand=False),
        newest=newest_id(engine, job),
        done=last_run(engine, job, outcome="done"),
    )
