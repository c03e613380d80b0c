"""One scheduled job, run now by hand."""

import time
from collections.abc import Callable

from sqlalchemy import Engine

from database.schedule.job_runs import BY_HAND, JobRun, end_run, last_run, start_run
from jobs.schedule.job_process import Job
from jobs.schedule.scheduler import utc_clock

_LOOK_SECONDS = 0.2


def run_once(engine: Engine, job: str, start: Callable[[str], Job]) -> JobRun:
    """Run a scheduled job now, whoever leads the scheduler; returns the run with its outcome."""
    now = utc_clock()
    run = start_run(engine, job, due_at=now, cause=BY_HAND, attempt=1, now=now)
    process = start(job)
    try:
        while (status := process.poll()) is None:
            time.sleep(_LOOK_SECONDS)
    except BaseException:
        process.stop()
        end_run(engine, run, "stopped", now=utc_clock(), why="ended by hand")
        raise
    finally:
        facts, why = process.facts(), process.why()
        process.close()
    if status == 0:
        end_run(engine, run, "done", now=utc_clock(), facts=facts)
    else:
        end_run(engine, run, "failed", now=utc_clock(), why=why or f"exit status {status}")
    ended = last_run(engine, job)
    assert ended is not None
    return ended
