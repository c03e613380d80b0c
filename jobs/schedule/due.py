"""What is due now and why: a job's time has come, it is asked for by a signal, or its last attempt failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from configs.schedule import ScheduleConfig, Times
from database.schedule.job_runs import JobRun
from jobs.schedule.times import last_time, next_time

JOBS = ("check", "train", "plan", "alerts", "monitor", "prune")
"""The scheduled jobs, in the order in which those that are due at once are run."""

BACK_IN_TIME = timedelta(hours=1)
"""Lead of a due time over now from which on the clock was set back, and is not just being adjusted."""

_ASKED_BY = {
    "train": ("monitor", "retrain"),
    "plan": ("train", "champion"),
    "alerts": ("plan", "alerts_queued"),
}
"""Job → the job that asks for it, by a fact of its last run."""

_AGAIN = ("failed", "lost", "stopped")


@dataclass(frozen=True)
class Past:
    """What a scheduled job's past says about what is due.

    Attributes
    ----------
    last : its last run that was not started by hand, or the row since when it is scheduled
    newest : the id of its last run of any kind, 0 for none
    done : its last run that was done, of any kind
    """

    last: JobRun | None
    newest: int
    done: JobRun | None


@dataclass(frozen=True)
class Due:
    """A job that is due: since when, why (`time` or `signal`), and which attempt it is."""

    job: str
    due_at: datetime
    cause: str
    attempt: int


def times_of(config: ScheduleConfig, job: str) -> Times:
    """Times of a scheduled job; none where it is off."""
    times: Times = getattr(config, job)
    return times


def first_due(config: ScheduleConfig, pasts: Mapping[str, Past], now: datetime) -> Due | None:
    """The job to run now; none where nothing is due."""
    return next((due for job in JOBS if (due := _due(config, job, pasts, now))), None)


def is_unscheduled(config: ScheduleConfig, job: str, past: Past, now: datetime) -> bool:
    """Whether a job's times have to be counted from now on: it is new, or the clock was set back since its last one."""
    if not times_of(config, job):
        return False
    return past.last is None or past.last.due_at > now + BACK_IN_TIME


def next_due(config: ScheduleConfig, job: str, past: Past, now: datetime) -> datetime | None:
    """When a job is due next, for people: another attempt of what failed, or its next time; none where it is off."""
    times, last = times_of(config, job), past.last
    again = None if last is None else _again_at(config, last)
    later = next_time(times, config.timezone, now)
    return min((moment for moment in (again, later) if moment is not None), default=None)


def _due(config: ScheduleConfig, job: str, pasts: Mapping[str, Past], now: datetime) -> Due | None:
    """Why a job is due now; none where it is not, or is off."""
    times, last = times_of(config, job), pasts[job].last
    if not times or last is None:
        return None
    missed = last_time(times, config.timezone, after=last.due_at, until=now)
    if missed is not None:
        return Due(job, missed, "time", 1)
    if _signalled(config, job, pasts):
        return Due(job, now, "signal", 1)
    again = _again_at(config, last)
    if again is not None and (now >= again or last.ended_at is None or now < last.ended_at):
        return Due(job, last.due_at, last.cause, last.attempt + 1)
    return None


def _signalled(config: ScheduleConfig, job: str, pasts: Mapping[str, Past]) -> bool:
    """Whether another job's last run asks for this one, as `_ASKED_BY` says.

    Runs are compared by number, not by time, so that no clock has a say.
    """
    asking, fact = _ASKED_BY.get(job, ("", ""))
    if not asking or (job == "train" and not config.train_on_signal):
        return False
    done = pasts[asking].done
    return done is not None and bool(done.facts.get(fact)) and done.id > pasts[job].newest


def _again_at(config: ScheduleConfig, last: JobRun) -> datetime | None:
    """When what failed is tried again; none where it did not, or was tried often enough."""
    if last.outcome not in _AGAIN or last.attempt > config.retries or last.ended_at is None:
        return None
    if last.outcome == "stopped":
        return last.ended_at
    return last.ended_at + timedelta(minutes=config.retry_minutes * 2 ** (last.attempt - 1))
