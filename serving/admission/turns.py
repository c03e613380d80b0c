"""A request's turn: it waits for it, works, and is given up when its caller has gone or its time is over."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from starlette.types import Receive

from distributions.cancellation import CancelToken, cancellable
from serving.admission.work_queue import Overloaded, Ticket, WorkQueue

Answer = TypeVar("Answer")


class CallerGone(Exception):  # noqa: N818 -- nobody's error
    """The caller has closed the connection: nobody waits for an answer any more."""


@dataclass(frozen=True)
class Visit:
    """One request as its turn sees it.

    Attributes
    ----------
    caller : who asks
    receive : its ASGI channel, on which the caller's going is heard, after the body
    expires : moment of the event loop's clock at which the request is given up
    """

    caller: str
    receive: Receive
    expires: float


current_visit: ContextVar[Visit] = ContextVar("current_visit")
"""The request that is being answered."""


async def in_turn(queue: WorkQueue, cost: float, work: Callable[[], Awaitable[Answer]]) -> Answer:
    """Do the work of the current visit when its turn comes; its place is kept until the work has really ended.

    Raises
    ------
    Overloaded
        When the work has not begun: too much was ahead, or its turn did not come in time.
    CallerGone
        When nobody waits for it any more.
    TimeoutError
        When the request's time is over; the work is told to stop, and does at its next chunk.
    """
    visit, loop = current_visit.get(), asyncio.get_running_loop()
    ticket, token = queue.enter(cost, visit.caller), CancelToken()
    gone, task = loop.create_task(_caller_gone(visit.receive)), None
    try:
        await _wait_for_turn(queue, ticket, gone)
        with cancellable(token):
            task = loop.create_task(_timed(queue, ticket, work))
        task.add_done_callback(_heard)
        await asyncio.wait({task, gone}, timeout=visit.expires - loop.time(), return_when="FIRST_COMPLETED")
        if task.done():
            return task.result()
        raise CallerGone if gone.done() else TimeoutError
    finally:
        gone.cancel()
        if task is None:
            queue.leave(ticket)
        elif not task.done():
            token.cancel()
            task.cancel()


async def _wait_for_turn(queue: WorkQueue, ticket: Ticket, gone: asyncio.Task[None]) -> None:
    """Wait until it is the ticket's turn; work whose caller has gone, or that waited too long, never begins."""
    if ticket.turn.done():
        ticket.turn.result()
        return
    # Twice what was expected: the cost is an estimate, and others may have come before.
    await asyncio.wait({ticket.turn, gone}, timeout=2 * queue.max_wait, return_when="FIRST_COMPLETED")
    if ticket.turn.done():
        ticket.turn.result()
    elif gone.done():
        raise CallerGone
    else:
        raise Overloaded("expired", queue.retry_after)


async def _timed(queue: WorkQueue, ticket: Ticket, work: Callable[[], Awaitable[Answer]]) -> Answer:
    """Do a ticket's work and give its place back at the end, with what the work took."""
    started, seconds = time.monotonic(), None
    try:
        answer = await work()
        seconds = time.monotonic() - started
        return answer
    finally:
        queue.leave(ticket, seconds)


async def _caller_gone(receive: Receive) -> None:
    """Return when the caller has closed the connection; what it still sends is of no interest."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _heard(task: asyncio.Task[Answer]) -> None:
    """Take note of how work ended that nobody waited for: asyncio would log an error that nobody asked about."""
    if not task.cancelled():
        task.exception()
