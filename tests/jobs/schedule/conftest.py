"""Schedulers on a clock that the test moves, with jobs that do what the test says."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from configs.schedule import ScheduleConfig
from database.engine import open_engine
from database.migrate import upgrade
from database.schedule.job_runs import last_run
from database.schedule.lease import Lease
from jobs.schedule.scheduler import Scheduler

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PLAN_ONLY = {"check": [], "train": [], "monitor": [], "prune": [], "alerts": []}


class FakeJob:
    """A job that ends when the test says so."""

    def __init__(self, name):
        self.name, self.status, self.stopped, self.closed = name, None, False, False
        self.document, self.said = {}, ""

    def poll(self):
        return self.status

    def stop(self):
        self.stopped = True

    def facts(self):
        return self.document

    def why(self):
        return self.said

    def close(self):
        self.closed = True


class Hours:
    """A clock on the wall and a monotonic one, moved together, or the one on the wall alone."""

    def __init__(self):
        self.now, self.seconds = MONDAY, 0.0

    def pass_by(self, **time):
        self.now += timedelta(**time)
        self.seconds += timedelta(**time).total_seconds()

    def set_back(self, **time):
        self.now -= timedelta(**time)


class Desk:
    """A scheduler, the jobs it started, and its clock."""

    def __init__(self, engine, hours, config, name):
        self.hours, self.started, self.engine = hours, [], engine
        lease = Lease(engine, name, clock=lambda: hours.seconds)
        self.scheduler = Scheduler(engine, config, lease, self.start, clock=lambda: hours.now)

    def start(self, name):
        self.started.append(FakeJob(name))
        return self.started[-1]

    @property
    def names(self):
        return [job.name for job in self.started]

    def tick(self, times=1):
        for _ in range(times):
            self.scheduler.step()

    def pass_by(self, **time):
        """Look what is due before and after some time, of which the lease, on its own clock, notices little."""
        self.tick()
        self.hours.now += timedelta(**time)
        self.hours.seconds += 15.0
        self.tick()

    def finish(self, status=0, said="", **document):
        job = self.started[-1]
        job.status, job.said, job.document = status, said, document
        self.tick(2)  # one to see it end, one to see what is due next

    def last(self, job):
        return last_run(self.engine, job)


@pytest.fixture
def hours():
    return Hours()


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An empty state database. Not to be written to: copy it."""
    path = tmp_path_factory.mktemp("state") / "purvey.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def make_desk(migrated, tmp_path, hours):
    """Makes schedulers on one state database and one clock; by default they only plan, at 05:30."""
    shutil.copytree(migrated.parent, tmp_path / "state")
    url, engines = f"sqlite:///{tmp_path / 'state' / 'purvey.db'}", []

    def make(name="one", **config):
        engines.append(open_engine(url))
        return Desk(engines[-1], hours, ScheduleConfig(**(config or PLAN_ONLY)), name)

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def desk(make_desk):
    return make_desk()
