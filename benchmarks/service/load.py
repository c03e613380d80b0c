"""Load for a server: connections that ask one after another, or at a rate, and how long each answer took."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

_NOBODY = 0
"""Status of a request that got no answer: the connection was refused or closed."""


@dataclass
class Answers:
    """Answers to a load.

    Attributes
    ----------
    status : HTTP status of each, 0 where there was none
    seconds : how long each took, from the moment it was meant to be asked
    elapsed : seconds of the whole load
    """

    status: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    elapsed: float = 0.0

    def add(self, status: int, seconds: float) -> None:
        """Add one answer."""
        self.status.append(status)
        self.seconds.append(seconds)

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


class Connection:
    """One kept connection that asks and waits for the answer; opened anew where the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Status and body of the answer; status 0 where there was none."""
        for _ in range(2):  # a kept connection may have been closed just now
            fresh = self._streams is None
            try:
                reader, writer = self._streams or await asyncio.open_connection(
                    "127.0.0.1", self.port, limit=2**22
                )
                self._streams = reader, writer
                writer.write(request)
                return await self._answer(reader)
            except (OSError, asyncio.IncompleteReadError):
                self.close()
                if fresh:
                    break
        return _NOBODY, b""

    async def _answer(self, reader: asyncio.StreamReader) -> tuple[int, bytes]:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        at = head.find(b"content-length:")
        size = int(head[at + 15 : head.index(b"\r\n", at)]) if at >= 0 else 0
        body = await reader.readexactly(size) if size else b""
        if b"connection: close" in head:
            self.close()
        return status, body

    def close(self) -> None:
        """Close the connection."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def ask_in_turn(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> Answers:
    """Ask on some connections, each one request after another, for some seconds."""
    answers, turns = Answers(), itertools.cycle(requests)
    started = time.perf_counter()
    end = started + seconds

    async def asker() -> None:
        connection = Connection(port)
        while time.perf_counter() < end:
            asked = time.perf_counter()
            status, _ = await connection.ask(next(turns))
            answers.add(status, time.perf_counter() - asked)
        connection.close()

    await asyncio.gather(*(asker() for _ in range(connections)))
    answers.elapsed = time.perf_counter() - started
    return answers


async def ask_at_rate(
    port: int, requests: Sequence[bytes], *, rate: float, connections: int, seconds: float
) -> Answers:
    """Ask `rate` times a second for some seconds, whether or not the server keeps up, on at most some connections.

    A request that finds all of them busy waits for one; its seconds count from when it was meant to be asked.
    """
    answers, turns, free = (
        Answers(),
        itertools.cycle(requests),
        [Connection(port) for _ in range(connections)],
    )
    available = asyncio.Semaphore(connections)
    started = time.perf_counter()

    async def one(due: float, request: bytes) -> None:
        async with available:
            connection = free.pop()
            status, _ = await connection.ask(request)
            free.append(connection)
        answers.add(status, time.perf_counter() - due)

    async with asyncio.TaskGroup() as asking:
        for due in _due(started, rate, seconds):
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            asking.create_task(one(due, next(turns)))
    answers.elapsed = time.perf_counter() - started
    for connection in free:
        connection.close()
    return answers


def _due(started: float, rate: float, seconds: float) -> Iterator[float]:
    """Moments at which to ask."""
    return (started + k / rate for k in range(int(rate * seconds)))
