"""Soak: minutes of a mixed load at 70 % of what the server can do, and the memory it holds meanwhile."""

import asyncio
import itertools
from dataclasses import dataclass

from benchmarks.service.asks import Ask
from benchmarks.service.load import Answers, ask_at_rate, ask_in_turn
from benchmarks.service.served_home import Server

SHARE = 0.7
CONNECTIONS = 64
SETTLED = 0.1
"""Share of the minutes after which memory is taken for settled: caches are filled, timers run."""


@dataclass(frozen=True)
class Soak:
    """What was measured: answers, and the server's memory, bytes, at even steps."""

    answers: Answers
    memory: list[int]

    @property
    def growth(self) -> float:
        """Growth of memory from when it had settled to the end, as a share."""
        settled = self.memory[int(len(self.memory) * SETTLED)]
        return self.memory[-1] / settled - 1

    @property
    def row(self) -> list[str]:
        """The table's row."""
        first, last = (f"{size / 2**20:,.0f}" for size in (self.memory[0], self.memory[-1]))
        statuses = ", ".join(f"{status}: {count}" for status, count in self.answers.counts().items())
        rate, late = f"{self.answers.rate:,.0f}", f"{1_000 * self.answers.percentile(99):.0f}"
        return [
            rate,
            late,
            first,
            last,
            f"{self.growth:+.1%}",
            statuses,
            "" if self.growth < 0.05 else "missed",
        ]


HEAD = ["answered a second", "p99 ms", "memory first MB", "last MB", "growth after settling", "status", ""]


def measure_soak(server: Server, asks: list[Ask], *, seconds: float) -> Soak:
    """Load a server at 70 % of its peak for some seconds with a mix of all kinds."""
    return asyncio.run(_soak(server, asks, seconds))


async def _soak(server: Server, asks: list[Ask], seconds: float) -> Soak:
    mixed = [
        request
        for some in itertools.zip_longest(*(ask.requests for ask in asks))
        for request in some
        if request
    ]
    peak = await ask_in_turn(server.port, mixed, connections=4, seconds=min(20.0, seconds))
    memory = [server.bytes_in_memory]

    async def watch() -> None:
        while True:
            await asyncio.sleep(seconds / 60)
            memory.append(server.bytes_in_memory)

    watching = asyncio.create_task(watch())
    answers = await ask_at_rate(
        server.port, mixed, rate=SHARE * peak.rate, connections=CONNECTIONS, seconds=seconds
    )
    watching.cancel()
    memory.append(server.bytes_in_memory)
    return Soak(answers, memory)
