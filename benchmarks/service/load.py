"""Load for a server: connections that ask one after another, or at a rate, and how long each answer took."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

_NOBODY = 0
"""Status of a request that got no answer: the connection was refused or closed."""


class Reply(NamedTuple):
    """One answer: its status, 0 where there was none, its body, and how many seconds it took."""

    status: int
    body: bytes
    seconds: float


@dataclass
class Answers:
    """Answers to a load.

    Attributes
    ----------
    status : HTTP status of each, 0 where there was none
    seconds : how long each took, from when it was asked to when its last byte was here
    unsent : requests that were due while every connection still waited for an answer
    elapsed : seconds of the whole load
    """

    status: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    unsent: int = 0
    elapsed: float = 0.0

    def add(self, reply: "Reply") -> None:
        """Add one answer."""
        self.status.append(reply.status)
        self.seconds.append(reply.seconds)

    @property
    def offered(self) -> float:
        """Requests that were due a second, sent or not."""
        return (len(self.status) + self.unsent) / self.elapsed if self.elapsed else 0.0

    @property
    def good(self) -> np.ndarray:
        """Seconds of the answers that were given."""
        return np.array([s for s, status in zip(self.seconds, self.status, strict=True) if status == 200])

    @property
    def rate(self) -> float:
        """Answers given a second."""
        return len(self.good) / self.elapsed if self.elapsed else 0.0

    def percentile(self, q: float) -> float:
        """Seconds within which q percent of the given answers came, NaN without any."""
        return float(np.percentile(self.good, q)) if len(self.good) else float("nan")

    def counts(self) -> dict[int, int]:
        """How often each status came."""
        return {status: self.status.count(status) for status in sorted(set(self.status))}


def post(path: str, body: bytes) -> bytes:
    """An HTTP request with a JSON body, as its bytes."""
    head = f"POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    return f"{head}content-length: {len(body)}\r\n\r\n".encode() + body


def get(path: str) -> bytes:
    """An HTTP request for a page, as its bytes."""
    return f"GET {path} HTTP/1.1\r\nhost: localhost\r\naccept: text/html\r\n\r\n".encode()


class _Wire(asyncio.Protocol):
    """The bytes of a connection: one answer at a time, with the moment at which its last byte came."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, bytes, float]] | None = None
        self._come = bytearray()
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take note of where to write."""
        assert isinstance(transport, asyncio.Transport)
        self._transport, self.open = transport, True

    def data_received(self, data: bytes) -> None:
        """Give out the answer when it is whole."""
        self._come += data
        end = self._come.find(b"\r\n\r\n") + 4
        if end < 4 or self._answer is None or self._answer.done():
            return
        head = bytes(self._come[:end]).lower()
        at = head.find(b"content-length:")
        size = int(head[at + 15 : head.index(b"\r\n", at)]) if at >= 0 else 0
        if len(self._come) < end + size:
            return
        if b"connection: close" in head:
            self.close()
        self._answer.set_result((int(head[9:12]), bytes(self._come[end : end + size]), time.perf_counter()))
        self._come.clear()

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that there will be no answer."""
        self.open = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError())

    async def ask(self, request: bytes) -> tuple[int, bytes, float]:
        """Status and body of the answer, and when its last byte was here."""
        assert self._transport is not None
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Close the connection."""
        self.open = False
        if self._transport is not None:
            self._transport.close()


class Connection:
    """One kept connection that asks and waits for the answer; opened anew where the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._wire: _Wire | None = None

    async def ask(self, request: bytes) -> Reply:
        """Ask, and wait for the answer."""
        asked = time.perf_counter()
        for _ in range(2):  # a kept connection may have been closed just now
            fresh = self._wire is None or not self._wire.open
            try:
                if self._wire is None or fresh:
                    _, self._wire = await asyncio.get_running_loop().create_connection(
                        _Wire, "127.0.0.1", self.port
                    )
                status, body, at = await self._wire.ask(request)
                return Reply(status, body, at - asked)
            except OSError:
                self.close()
                if fresh:
                    break
        return Reply(_NOBODY, b"", time.perf_counter() - asked)

    def close(self) -> None:
        """Close the connection."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None


async def ask_in_turn(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> Answers:
    """Ask on some connections, each one request after another, for some seconds."""
    answers, turns = Answers(), itertools.cycle(requests)
    started = time.perf_counter()
    end = started + seconds

    async def asker() -> None:
        connection = Connection(port)
        while time.perf_counter() < end:
            answers.add(await connection.ask(next(turns)))
        connection.close()

    await asyncio.gather(*(asker() for _ in range(connections)))
    answers.elapsed = time.perf_counter() - started
    return answers


async def ask_at_rate(
    port: int, requests: Sequence[bytes], *, rate: float, connections: int, seconds: float
) -> Answers:
    """Ask `rate` times a second for some seconds, whether or not the server keeps up, on at most some connections.

    A request that is due while all of them wait for answers is not sent: it is counted, as a client's own pool would
    refuse it. What is sent counts from when it is, so that lateness of the load itself is nobody's.
    """
    answers, turns = Answers(), itertools.cycle(requests)
    free = [Connection(port) for _ in range(connections)]
    started = time.perf_counter()

    async def one(connection: Connection, request: bytes) -> None:
        answers.add(await connection.ask(request))
        free.append(connection)

    async with asyncio.TaskGroup() as asking:
        for due in _due(started, rate, seconds):
            wait = due - time.perf_counter()
            if wait > 0.0:
                await asyncio.sleep(wait)
            if free:
                asking.create_task(one(free.pop(), next(turns)))
            else:
                answers.unsent += 1
    answers.elapsed = time.perf_counter() - started
    for connection in free:
        connection.close()
    return answers


def _due(started: float, rate: float, seconds: float) -> Iterator[float]:
    """Moments at which to ask."""
    return (started + k / rate for k in range(int(rate * seconds)))
