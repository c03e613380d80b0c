"""Keeps what is served current: follows the ledger and the planning runs, and swaps only to what loads."""

import gc
import logging
import os
import time

from sqlalchemy import Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from artifacts.bundle import BundleError
from artifacts.plan_run import SnapshotError
from configs.errors import PlanningError
from database import ledger, plan_runs
from database.engine import StateError, open_engine
from database.ledger import CROWNING, LedgerRow
from database.migrate import check_current
from database.plan_runs import PlanRun
from database.settings import Settings
from serving.http.problems import Problem
from serving.state.served import Served, load_served

log = logging.getLogger("purvey.serving")

RETRY_SECONDS = 10.0
"""How long a bundle that did not load is left alone, since checking it reads all of it."""

Key = tuple[int, int]
FileId = tuple[int, int]

NO_MODEL = "no model has been promoted yet; run `purvey train --config FILE --data DIR --promote`"


class Follower:
    """Holds the current `Served`. One thread calls `refresh`, any may read.

    Attributes
    ----------
    served : what is served, none before the first champion loads
    trouble : why the newest champion or plan is not served, or why nothing can be; empty when all is well
    """

    def __init__(self) -> None:
        self.settings = Settings()
        self.served: Served | None = None
        self.trouble = NO_MODEL
        self._engine: Engine | None = None
        self._key: Key | None = None
        self._failed: tuple[Key, float] | None = None
        self._state_ok = False
        self._file: FileId | None = None

    def open(self, settings: Settings) -> None:
        """Serve what `settings` point to."""
        self.close()
        self.settings = settings
        self.refresh()

    @property
    def engine(self) -> Engine:
        """The state database.

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
        """Whether the file that is open is no longer the one at its path: what is written to it would be lost."""
        return self._file is not None and self._file != _file_of(self.settings.state_url)

    @property
    def ready(self) -> bool:
        """Whether requests can be answered and decisions stored."""
        return self.served is not None and self._state_ok

    def current(self) -> Served:
        """Return the served.

        Raises
        ------
        Problem
            503 when there is none yet.
        """
        if self.served is None:
            raise Problem(503, "no_model", self.trouble or NO_MODEL)
        return self.served

    def refresh(self) -> None:
        """Look whether champion or plan have changed, and load what is new. Never raises."""
        try:
            crowned, run = self._look()
            self._state_ok = True
        except Exception as error:  # noqa: BLE001 -- whoever follows the ledger must not stop for a bad second
            self._state_ok = False
            self.trouble = _sentence(error)
            return
        key = (crowned[0].id if crowned else 0, run.id if run else 0)
        if not crowned:
            self.trouble = NO_MODEL
        elif key == self._key:
            self.trouble = ""
        elif not self._failed_lately(key):
            self._swap(key, crowned, run)

    def _look(self) -> tuple[list[LedgerRow], PlanRun | None]:
        url = self.settings.state_url
        if self._replaced:
            self._let_go()
            if _file_of(url) is None:  # connecting would make an empty one
                raise StateError(f"state database {make_url(url).database} is gone; put it back")
        if self._engine is None:
            self._engine = open_engine(url)
        if not self._state_ok:
            check_current(self._engine)
        rows = [row for row in ledger.history(self._engine) if row.action in CROWNING]
        run = plan_runs.latest(self._engine)
        self._file = _file_of(url)
        return rows, run

    def _let_go(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
        self._engine, self._key, self._failed, self._state_ok = None, None, None, False

    def _failed_lately(self, key: Key) -> bool:
        return (
            self._failed is not None
            and self._failed[0] == key
            and time.monotonic() - self._failed[1] < RETRY_SECONDS
        )

    def _swap(self, key: Key, crowned: list[LedgerRow], run: PlanRun | None) -> None:
        """Load the newest champion; while it does not load keep what is served, else the last that does."""
        newest = crowned[0]
        try:
            self.served = load_served(newest, run, self.settings)
        except Exception as error:
            # Whatever keeps a bundle from loading, a file or a format, must not take down what is served.
            self._failed = (key, time.monotonic())
            self.trouble = f"champion {newest.bundle_hash[:12]} or its plan is not served: {_sentence(error)}"
            log.exception("not served: %s", self.trouble)
            if self.served is None:
                self._fall_back(crowned[1:], run)
            return
        self._key, self._failed, self.trouble = key, None, ""
        gc.collect()
        gc.freeze()
        log.info("serving bundle %s, plan %s", newest.bundle_hash[:12], run.id if run else "none")

    def _fall_back(self, crowned: list[LedgerRow], run: PlanRun | None) -> None:
        for row in crowned:
            try:
                self.served = load_served(row, run, self.settings)
            except Exception as error:  # noqa: BLE001 -- as above
                log.warning("bundle %s does not load either: %s", row.bundle_hash[:12], _sentence(error))
                continue
            log.warning("serving the earlier champion %s", row.bundle_hash[:12])
            return

    def close(self) -> None:
        """Let go of the database and of what was served."""
        self._let_go()
        self.served, self._file, self.trouble = None, None, NO_MODEL

    def readiness(self) -> dict[str, object]:
        """Return what `/readyz` says: ready or not, which model and plan, and what is wrong."""
        served = self.served
        return {
            "ready": self.ready,
            "model": None if served is None else served.version,
            "plan": None if served is None or served.run is None else served.run.id,
            "as_of": None if served is None else str(served.as_of.date()),
            "trouble": self.trouble,
        }


def _file_of(url: str) -> FileId | None:
    """Device and inode of a SQLite database's file; none when it is not there, or the database is no file."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database:
        return None
    try:
        found = os.stat(parsed.database)  # noqa: PTH116 -- a path that may have gone is no error here
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _sentence(error: Exception) -> str:
    if isinstance(error, SQLAlchemyError):
        return f"state database is not usable: {getattr(error, 'orig', None) or error}"
    known = isinstance(error, StateError | BundleError | SnapshotError | PlanningError | OSError)
    return str(error) if known else f"{type(error).__name__} {error}; promote a sound version or train again"
