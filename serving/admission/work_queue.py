"""The work queue of a process: how many requests work at once, who waits in which order, who is sent away."""

import asyncio
import math
from dataclasses import dataclass, field

from serving.admission.work_cost import LARGE

AT_ONCE = 2
"""Requests in work at once: more would only take turns on the same core. One of them may be large."""

MAX_WAIT = 1.0
"""Seconds of work that may lie ahead of a request; with more it is sent away, rather than answered late."""

MAX_WAITING = 256
"""Requests that may wait, however small."""


class Overloaded(Exception):  # noqa: N818 -- no error of the process, but an answer
    """A request is not worked on: `code` says why, `retry_after` in how many seconds to ask again."""

    def __init__(self, code: str, retry_after: int) -> None:
        super().__init__(code)
        self.code, self.retry_after = code, retry_after


@dataclass(eq=False)
class Ticket:
    """A request's place.

    Attributes
    ----------
    cost : work it is expected to be, ms of a core
    caller : who asks; of those who wait, who has least in work comes first
    turn : done when its turn has come; with `Overloaded` when it is sent away
    """

    cost: float
    caller: str
    turn: asyncio.Future[None] = field(repr=False)
    started: bool = False


class WorkQueue:
    """Lets `at_once` requests work, one of them a large one; others wait, up to `max_wait` seconds of work ahead.

    Attributes
    ----------
    speed : seconds that a millisecond of cost takes, times 1,000: learned from what was worked
    """

    def __init__(self, at_once: int = AT_ONCE, max_wait: float = MAX_WAIT, speed: float = 1.0) -> None:
        self.at_once, self.max_wait, self.speed = at_once, max_wait, speed
        self.running: list[Ticket] = []
        self.waiting: list[Ticket] = []

    def enter(self, cost: float, caller: str) -> Ticket:
        """Take a place for a request of `cost`; its turn may have come already.

        Where too much lies ahead, the caller with most in the queue gives way: the last of its requests, or this one.

        Raises
        ------
        Overloaded
            When the request itself is sent away.
        """
        ticket = Ticket(cost, caller, asyncio.get_running_loop().create_future())
        while self._is_full(cost):
            heaviest = self._last_of_heaviest(ticket)
            if heaviest is ticket:
                raise self._overloaded()
            self.waiting.remove(heaviest)
            heaviest.turn.set_exception(self._overloaded())
        self.waiting.append(ticket)
        self._start()
        return ticket

    def check(self, cost: float, caller: str) -> None:
        """Say whether a request of at least `cost` would be sent away if it came now, before more is done for it.

        Raises
        ------
        Overloaded
            When it would.
        """
        if self._is_full(cost):
            waiting = self._waiting_by_caller(caller, cost)
            if waiting[caller] >= max(waiting.values()):
                raise self._overloaded()

    def leave(self, ticket: Ticket, seconds: float | None = None) -> None:
        """Give a place back: work that ended after `seconds`, or that will not begin."""
        if ticket.started:
            self.running.remove(ticket)
            if seconds is not None:
                share = 0.05 * min(1.0, ticket.cost / 50.0)  # a small request says little about the speed
                measured = 1_000.0 * seconds / max(ticket.cost, 1.0)
                self.speed += share * (min(max(measured, 0.1), 10.0) - self.speed)
        elif ticket in self.waiting:
            self.waiting.remove(ticket)
        self._start()

    def seconds_ahead(self, cost: float) -> float:
        """Seconds of work until a request of `cost` that comes now would begin."""
        large = cost > LARGE
        ahead = sum(ticket.cost for ticket in self.waiting if large or ticket.cost <= LARGE)
        ahead += sum(min(ticket.cost, LARGE) for ticket in self.running) / 2
        return ahead * self.speed / 1_000.0

    @property
    def retry_after(self) -> int:
        """Whole seconds after which to ask again: when what waits now is expected to be done."""
        return max(1, math.ceil(self.seconds_ahead(0.0)))

    def _is_full(self, cost: float) -> bool:
        """Whether somebody has to give way for a request of `cost`; a request alone never has to."""
        too_late = self.seconds_ahead(cost) > self.max_wait or len(self.waiting) >= MAX_WAITING
        return bool(self.waiting) and too_late

    def _overloaded(self) -> Overloaded:
        return Overloaded("overloaded", self.retry_after)

    def _last_of_heaviest(self, newcomer: Ticket) -> Ticket:
        """The request that gives way: the last one of the caller who has most waiting, the newcomer's counted in."""
        waiting = self._waiting_by_caller(newcomer.caller, newcomer.cost)
        most = max(waiting.values())
        if waiting[newcomer.caller] >= most:
            return newcomer
        return next(ticket for ticket in reversed(self.waiting) if waiting[ticket.caller] == most)

    def _waiting_by_caller(self, caller: str, cost: float) -> dict[str, float]:
        """Cost of what waits by caller, with that of one more request."""
        waiting = {caller: cost}
        for ticket in self.waiting:
            waiting[ticket.caller] = waiting.get(ticket.caller, 0.0) + ticket.cost
        return waiting

    def _start(self) -> None:
        """Let those work whose turn has come: of the callers with least in work, who came first."""
        while len(self.running) < self.at_once:
            ticket = self._next()
            if ticket is None:
                return
            self.waiting.remove(ticket)
            ticket.started = True
            self.running.append(ticket)
            ticket.turn.set_result(None)

    def _next(self) -> Ticket | None:
        """Who works next, none where nobody waits or only large requests beside a large one."""
        large_runs = any(ticket.cost > LARGE for ticket in self.running)
        able = [ticket for ticket in self.waiting if not (large_runs and ticket.cost > LARGE)]
        in_work: dict[str, float] = {}
        for ticket in self.running:
            in_work[ticket.caller] = in_work.get(ticket.caller, 0.0) + ticket.cost
        return min(able, key=lambda ticket: in_work.get(ticket.caller, 0.0), default=None)
