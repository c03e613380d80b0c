"""The scheduler's lease: one leader at a time, whatever the clocks of its machines say.

Who leads counts a beat up in the database. Who waits watches that count, and takes over when it has not moved for
`LEASE_SECONDS` of its own monotonic clock: no clock of another machine, and none that is set back, has a say. Who led
and could not count up for so long no longer leads, by its own clock as well.
"""

import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Engine, RowMapping, select
from sqlalchemy.exc import IntegrityError

from database.engine import write_transaction
from database.schedule.schedule_tables import scheduler_lease
from database.schema import utc_now

LEASE_SECONDS = 60.0
"""Silence of a leader after which another takes over."""

BEAT_SECONDS = 10.0
"""Time between two beats of a leader."""

_NAME = "scheduler"


@dataclass
class Lease:
    """One process's claim to the scheduler's lease.

    Attributes
    ----------
    holder : who claims it, for people: host and process
    clock : seconds of a monotonic clock
    """

    engine: Engine
    holder: str
    clock: Callable[[], float] = time.monotonic
    _term: int | None = None
    _beaten: float = 0.0
    _seen: tuple[int, int, float] | None = field(default=None, repr=False)

    def hold(self) -> bool:
        """Take or renew the lease where that is due; returns whether this process leads."""
        if self._term is None:
            return self._take()
        if self.clock() - self._beaten >= BEAT_SECONDS:
            self._renew()
        return self._term is not None

    @property
    def is_held(self) -> bool:
        """Whether this process still leads by its own clock, without asking the database."""
        return self._term is not None and self.clock() - self._beaten < LEASE_SECONDS

    def release(self) -> None:
        """Give the lease back, so that another can take it at once."""
        if self._term is None:
            return
        lease = scheduler_lease
        with write_transaction(self.engine) as connection:
            ours = (lease.c.name == _NAME, lease.c.term == self._term)
            connection.execute(lease.update().where(*ours).values(holder=None, beat=lease.c.beat + 1))
        self._term = None

    def _take(self) -> bool:
        """Take the lease where nobody holds it, or its holder has been silent for too long."""
        lease, now = scheduler_lease, self.clock()
        with write_transaction(self.engine) as connection:
            query = select(lease).where(lease.c.name == _NAME).with_for_update()
            found = connection.execute(query).mappings().one_or_none()
            if found is None:
                values = {"name": _NAME, "holder": self.holder, "term": 1, "beat": 0, "since": utc_now()}
                try:
                    connection.execute(lease.insert().values(values))
                except IntegrityError:  # another was quicker
                    return False
                return self._took(1, now)
            if found["holder"] is not None and not self._silent(found, now):
                return False
            term = found["term"] + 1
            values = {"holder": self.holder, "term": term, "beat": 0, "since": utc_now()}
            connection.execute(lease.update().where(lease.c.name == _NAME).values(values))
        return self._took(term, now)

    def _took(self, term: int, now: float) -> bool:
        """Remember that the lease was taken."""
        self._term, self._beaten, self._seen = term, now, None
        return True

    def _silent(self, found: RowMapping, now: float) -> bool:
        """Whether the lease's holder has not counted up for `LEASE_SECONDS` of our own clock."""
        if self._seen is None or self._seen[:2] != (found["term"], found["beat"]):
            self._seen = (found["term"], found["beat"], now)
        return now - self._seen[2] >= LEASE_SECONDS

    def _renew(self) -> None:
        """Count the lease's beat up; where another has taken it, or our time is over, it is lost."""
        lease, now = scheduler_lease, self.clock()
        if now - self._beaten >= LEASE_SECONDS:
            self._term = None
            return
        ours = (lease.c.name == _NAME, lease.c.term == self._term)
        with write_transaction(self.engine) as connection:
            renewed = connection.execute(lease.update().where(*ours).values(beat=lease.c.beat + 1)).rowcount
        if renewed:
            self._beaten = now
        else:
            self._term = None


def holder_name() -> str:
    """Name of this process as a holder of the lease, for people: its host and number."""
    return f"{socket.gethostname()}, process {os.getpid()}"


def current_holder(engine: Engine) -> str | None:
    """Who holds the scheduler's lease, or held it last without giving it back; none where nobody does."""
    query = select(scheduler_lease.c.holder).where(scheduler_lease.c.name == _NAME)
    with engine.connect() as connection:
        return connection.execute(query).scalar()
