"""The thread that works on jobs, one at a time: claims the oldest, works it out chunk by chunk, keeps its result."""

import logging
import os
import shutil
import socket
import time
import uuid
from pathlib import Path
from threading import Event, Thread

from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from configs.errors import DomainError
from database.requests.idempotency_keys import sweep_keys
from database.requests.service_jobs import (
    ServiceJob,
    claim_job,
    end_job,
    find_job,
    give_back,
    kept_results,
    report_chunk,
    sweep_jobs,
)
from database.settings import Settings
from serving.http.problems import Problem
from serving.service_jobs.job_requests import JOB_REQUEST
from serving.service_jobs.job_rows import JobRows, job_rows
from serving.service_jobs.result_files import remove_result, remove_strays, result_writer
from serving.state.follower import Follower

log = logging.getLogger("purvey.serving")

POLL_SECONDS = 0.5
"""How often a worker without work looks for a job; another process may have queued it."""

SWEEP_SECONDS = 60.0
_STRAY_SECONDS = 300.0
"""Age from which a file of no result is taken to be left over; one in work is written to every few seconds."""

LEAST_FREE = 2**30
"""Bytes of the home's disk that results leave free: the state database is there as well."""


class JobWorker:
    """Works on the jobs of the state database that a follower follows.

    Attributes
    ----------
    at_once : jobs that all workers together work on at a time
    name : of this worker, in the table
    """

    def __init__(self, follower: Follower, *, at_once: int = 1) -> None:
        self.follower, self.at_once = follower, at_once
        self.name = f"{socket.gethostname()[:50]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._stopping = Event()
        self._thread: Thread | None = None
        self._swept = 0.0

    def start(self) -> None:
        """Start the thread."""
        self._stopping.clear()
        self._thread = Thread(target=self._run, name="purvey-jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop after the present chunk; the job is queued again."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
            self._thread = None

    def _run(self) -> None:
        while not self._stopping.is_set():
            worked = False
            try:
                worked = self.run_next()
                self._sweep_now_and_then()
            except (
                Problem,
                SQLAlchemyError,
                OSError,
            ) as error:  # the state database or disk is not usable just now
                log.warning("jobs: %s", error)
            except Exception:
                log.exception("jobs: unexpected error")
            if not worked:
                self._stopping.wait(POLL_SECONDS)

    def run_next(self) -> bool:
        """Work on the oldest job that waits; false where there is none."""
        if self.follower.served is None:
            return False
        job = claim_job(self.follower.engine, self.name, at_once=self.at_once)
        if job is None:
            return False
        engine = self.follower.engine
        try:
            name = self._work(job)
        except (Problem, DomainError) as error:
            end_job(engine, job, "failed", reason=str(error))
        except ValidationError as error:  # asked of an earlier version
            end_job(engine, job, "failed", reason=f"not readable any more: {error.errors()[0]['msg']}")
        except OSError as error:
            end_job(engine, job, "failed", reason=f"its result cannot be written: {error}")
        except SQLAlchemyError:
            raise  # it stays claimed, and is claimed again when it counts as lost
        except Exception:
            log.exception("job %s", job.job_id)
            end_job(engine, job, "failed", reason="an unexpected error; the server's log has it")
        else:
            if name is not None and not end_job(engine, job, "done", result=name):
                remove_result(results_folder(self.follower.settings), name)
        return True

    def _work(self, job: ServiceJob) -> str | None:
        """Work a job out and return the name of its result; none where it was left off before its end."""
        rows = job_rows(self.follower.current(), JOB_REQUEST.validate_python(job.request))
        name = f"{job.job_id}-{job.starts}"
        folder = results_folder(self.follower.settings)
        try:
            with result_writer(folder, name, rows.schema, rows.header) as writer:
                done = 0
                self._report(job, rows, done)
                for count, chunk in rows.chunks:
                    _check_disk(folder)
                    writer.write(chunk())
                    done += count
                    self._report(job, rows, done)
        except _LeftOffError:
            return None
        return name

    def _report(self, job: ServiceJob, rows: JobRows, done: int) -> None:
        """Report a job's progress.

        Raises
        ------
        _LeftOffError
            When it was cancelled, is another worker's now, or this one is to stop.
        """
        engine = self.follower.engine
        if self._stopping.is_set() and done < rows.total:
            give_back(engine, job)
            raise _LeftOffError
        if not report_chunk(engine, job, done=done, total=rows.total, header=rows.header):
            now = find_job(engine, job.job_id)
            if now is not None and now.cancel_requested:
                end_job(engine, job, "cancelled", reason=f"cancelled after {done:,} of {rows.total:,}")
            raise _LeftOffError

    def _sweep_now_and_then(self) -> None:
        if time.monotonic() - self._swept >= SWEEP_SECONDS or not self._swept:
            self._swept = time.monotonic()
            self.sweep()

    def sweep(self) -> None:
        """Sweep jobs, results and idempotency keys that are kept no longer, and files that a crash left behind."""
        engine, folder = self.follower.engine, results_folder(self.follower.settings)
        for name in sweep_jobs(engine):
            remove_result(folder, name)
        sweep_keys(engine)
        remove_strays(folder, kept_results(engine), older_than=time.time() - _STRAY_SECONDS)


def _check_disk(folder: Path) -> None:
    """Refuse to write more of a result while the disk is all but full.

    Raises
    ------
    OSError
        With how much is free.
    """
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise OSError(
            f"{free / 2**20:,.0f} MiB of the disk are free, {LEAST_FREE / 2**20:,.0f} are left to others"
        )


class _LeftOffError(Exception):
    """A job that is not worked on any further."""


def results_folder(settings: Settings) -> Path:
    """Return the folder of the home that holds the results of jobs."""
    return settings.home / "job_results"
