"""The follower: follows the model ledger and the plan runs, and swaps what is served, only to what loads."""

import logging
import os
import time
from datetime import timedelta

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from artifacts.manifest import BundleError
from artifacts.plan_manifest import SnapshotError
from configs.errors import PlanningError
from database import ledger, plan_runs
from database.engine import StateError, open_state
from database.ledger import CHAMPION_ACTIONS, LedgerRow
from database.migrate import check_current
from database.plan_runs import PlanRun
from database.schema import utc_now
from database.settings import Settings
from database.worklist_memory import WorklistMemory
from serving.http.problems import Problem
from serving.precomputed.precomputed import Precomputed
from serving.settled_memory import SettledMemory
from serving.state.served import Served, load_served

log = logging.getLogger("purvey.serving")

FALL_BACK_RUNS = 5
"""Plan runs that are looked at for one that loads; no more are kept."""

RETRY_SECONDS = 10.0
"""How long a bundle that did not load is left alone, since checking it reads all of it."""

Version = tuple[int, int]
"""Ids of the champion's ledger row and of the plan run, 0 for none."""

FileId = tuple[int, int]
"""Device and inode of a file."""

NO_MODEL = "no model has been promoted yet; run `purvey train --config FILE --data DIR --promote`"


class Follower:
    """Holds the current `Served`, the champion and plan in use. One thread calls `refresh`, any may read.

    Attributes
    ----------
    worklist : what was worked out of the worklist
    served : what is served, none before the first champion loads
    trouble : why the newest champion or plan is not served, or why nothing can be; empty when all is well
    """

    def __init__(self) -> None:
        self.settings = Settings()
        self.worklist = WorklistMemory()
        self.served: Served | None = None
        self.trouble = NO_MODEL
        self.memory = SettledMemory()
        self._precomputed: Precomputed | None = None
        self._engine: Engine | None = None
        self._version: Version | None = None
        self._failed: tuple[Version, float] | None = None
        self._state_ok = False
        self._file: FileId | None = None

    def open(self, settings: Settings) -> None:
        """Follow the ledger of the home that `settings` point to, and load its champion and plan."""
        self.close()
        self.settings = settings
        self.refresh()

    @property
    def engine(self) -> Engine:
        """Engine of the state database that is followed.

        Raises
        ------
        Problem
            503 when it cannot be used.
        """
        if self._engine is None or not self._state_ok:
            raise Problem(503, "state_not_ready", self.trouble)
        if self._replaced:
            raise Problem(503, "state_not_ready", "the state database is being replaced; try again shortly")
        return self._engine

    @property
    def _replaced(self) -> bool:
        """Whether the state database's open file is no longer the one at its path: what is written would be lost."""
        return self._file is not None and self._file != _file_of(self.settings.state_url)

    @property
    def ready(self) -> bool:
        """Whether requests can be answered and decisions stored."""
        return self.served is not None and self._state_ok

    def current(self) -> Served:
        """Return the champion and plan served now.

        Raises
        ------
        Problem
            503 when there is none yet.
        """
        if self.served is None:
            raise Problem(503, "no_model", self.trouble or NO_MODEL)
        return self.served

    def precomputed(self) -> Precomputed:
        """Return what is worked out once for the champion and plan served now; raises as `current`."""
        served, known = self.current(), self._precomputed
        if known is None or known.served is not served:
            known = self._precomputed = Precomputed(served)
        return known

    def refresh(self) -> None:
        """Check the ledger for a new champion and the plan runs for a new plan, and load them. Never raises."""
        try:
            champions, runs = self._read_ledger()
            self._state_ok = True
        except Exception as error:  # noqa: BLE001 -- whoever follows the ledger must not stop for a bad second
            self._state_ok = False
            self.trouble = _reason(error)
            return
        version = (champions[0].id if champions else 0, runs[0].id if runs else 0)
        if not champions:
            self.trouble = NO_MODEL
        elif version == self._version:
            self.trouble = ""
        elif not self._failed_lately(version):
            self._swap(version, champions, runs)

    def _read_ledger(self) -> tuple[list[LedgerRow], list[PlanRun]]:
        """Read the ledger's champions and the last plan runs, the newest first; reopens a replaced database."""
        url = self.settings.state_url
        if self._replaced:
            self._disconnect()
            if _file_of(url) is None:  # connecting would make an empty one
                raise StateError(f"state database {make_url(url).database} is gone; put it back")
        if self._engine is None:
            self._engine = open_state(self.settings)
        if not self._state_ok:
            check_current(self._engine)
        rows = [row for row in ledger.history(self._engine) if row.action in CHAMPION_ACTIONS]
        runs = plan_runs.last_runs(self._engine, FALL_BACK_RUNS)
        self._file = _file_of(url)
        return rows, runs

    def _disconnect(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
        self._engine, self._version, self._failed, self._state_ok = None, None, None, False

    def _failed_lately(self, version: Version) -> bool:
        """Whether this champion and plan failed to load within the last `RETRY_SECONDS`."""
        return (
            self._failed is not None
            and self._failed[0] == version
            and time.monotonic() - self._failed[1] < RETRY_SECONDS
        )

    def _swap(self, version: Version, champions: list[LedgerRow], runs: list[PlanRun]) -> None:
        """Serve the newest champion and plan; while they do not load keep those served, else the last that load."""
        newest, run = champions[0], runs[0] if runs else None
        try:
            served = load_served(newest, run, self.settings)
            known = Precomputed(served)  # now, and not while the first caller waits
        except Exception as error:
            # Whatever keeps a bundle from loading, a file or a format, must not take down what is served.
            self._failed = (version, time.monotonic())
            self.trouble = f"champion {newest.bundle_hash[:12]} or its plan is not served: {_reason(error)}"
            log.exception("not served: %s", self.trouble)
            if self.served is None:
                self._fall_back(champions, runs)
            return
        self.served, self._precomputed = served, known
        self._version, self._failed, self.trouble = version, None, ""
        self.memory.settle()
        log.info("serving bundle %s, plan %s", newest.bundle_hash[:12], run.id if run else "none")

    def _fall_back(self, champions: list[LedgerRow], runs: list[PlanRun]) -> None:
        """Serve the newest champion that loads with the newest plan run that does, or with none."""
        for row in champions:
            for run in (*runs, None):
                try:
                    served = load_served(row, run, self.settings)
                    self._precomputed = Precomputed(served)
                except BundleError as error:
                    log.warning("bundle %s does not load either: %s", row.bundle_hash[:12], _reason(error))
                    break  # nor does it with another plan run
                except Exception as error:  # noqa: BLE001 -- as above
                    log.warning("plan run %s does not load: %s", run.id if run else "none", _reason(error))
                    continue
                self.served = served
                log.warning("serving champion %s, plan %s", row.bundle_hash[:12], run.id if run else "none")
                return

    @property
    def stale(self) -> timedelta | None:
        """Age of the plan that answers come from while a newer one may be there that cannot be read; none: all is well.

        Before the first plan it is the age of the champion.
        """
        served = self.served
        if served is None or not self.trouble:
            return None
        made = served.champion.at if served.run is None else served.run.at
        return max(utc_now() - made, timedelta())  # a clock may have been set back

    def close(self) -> None:
        """Close the state database and drop what was served."""
        self._disconnect()
        self.served, self._precomputed, self._file, self.trouble = None, None, None, NO_MODEL

    def readiness(self) -> dict[str, object]:
        """Return what `/readyz` says: ready or not, which model and plan, and what is wrong."""
        served, stale = self.served, self.stale
        return {
            "ready": self.ready,
            "model": None if served is None else served.version,
            "plan": None if served is None or served.run is None else served.run.id,
            "as_of": None if served is None else str(served.as_of.date()),
            "stale": None
            if stale is None
            else {"age_seconds": int(stale.total_seconds()), "why": self.trouble},
            "trouble": self.trouble,
        }


def follower_of(request: Request) -> Follower:
    """Return the follower of the application that got the request."""
    follower: Follower = request.app.state.follower
    return follower


def _file_of(url: str) -> FileId | None:
    """Return device and inode of a SQLite database's file; none when it is not there, or the database is no file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    try:
        found = os.stat(parsed.database)  # noqa: PTH116 -- a path that may have gone is no error here
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _reason(error: Exception) -> str:
    """Say in a sentence why the state database, a bundle or a plan could not be loaded."""
    if isinstance(error, SQLAlchemyError):
        return f"state database is not usable: {getattr(error, 'orig', None) or error}"
    known = isinstance(error, StateError | BundleError | SnapshotError | PlanningError | OSError)
    return str(error) if known else f"{type(error).__name__} {error}; promote a sound version or train again"
