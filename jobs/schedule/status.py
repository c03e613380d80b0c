"""The state of the schedule for people: of each job its last run, how it ended, and when it is due next."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from configs.schedule import ScheduleConfig
from database.schedule.job_runs import last_run
from jobs.schedule.due import JOBS, next_due, times_of
from jobs.schedule.scheduler import past_of, utc_clock


def schedule_status(
    engine: Engine, config: ScheduleConfig, clock: Callable[[], datetime] = utc_clock
) -> list[dict[str, Any]]:
    """Rows of the jobs: job, times, last run (its start), outcome, attempt, why, next; in the config's zone."""
    zone = ZoneInfo(config.timezone)

    def shown(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(zone).isoformat(" ", "minutes")

    rows = []
    for job in JOBS:
        last, past = last_run(engine, job), past_of(engine, job)
        ran = last is not None and last.outcome != "since"
        rows.append(
            {
                "job": job,
                "times": ", ".join(times_of(config, job)) or "off",
                "last": shown(last.started_at) if last is not None and ran else None,
                "outcome": last.outcome if last is not None and ran else None,
                "attempt": last.attempt if last is not None and ran else None,
                "why": (last.why or None) if last is not None else None,
                "next": shown(next_due(config, job, past, clock())),
            }
        )
    return rows
