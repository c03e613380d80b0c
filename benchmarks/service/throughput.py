"""Throughput: answers a second and how long they took, by kind of request, and bare Starlette with the same bytes."""

import asyncio
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.service.asks import Ask
from benchmarks.service.load import Answers, Connection, ask_in_turn
from benchmarks.service.served_home import Server, started

WARM_UP = 2.0
"""Seconds of each kind that are asked and not counted, at least; every different request is asked once."""


@dataclass(frozen=True)
class Throughput:
    """What was measured of one kind of request; `bare` a second by Starlette and orjson, 0 where not measured."""

    ask: Ask
    answers: Answers
    bare: float = 0.0

    @property
    def row(self) -> list[str]:
        """The table's row."""
        rate, answers = self.answers.rate, self.answers
        p50, p95, p99 = (f"{1_000 * answers.percentile(q):.1f}" for q in (50, 95, 99))
        ratio = f"{rate / self.bare:.2f}" if self.bare else ""
        goal = f"{self.ask.goal:,.0f}" if self.ask.goal else ""
        return [self.ask.name, f"{rate:,.0f}", p50, p95, p99, ratio, goal, "" if self.kept else "missed"]

    @property
    def kept(self) -> bool:
        """Whether goal and limit are met, and every answer was given."""
        page = not self.ask.requests[0].startswith(b"POST")
        late = self.ask.limit and self.answers.percentile(95 if page else 99) > self.ask.limit
        all_given = set(self.answers.status) <= {200}
        return all_given and self.answers.rate >= self.ask.goal and not late


HEAD = ["asked", "a second", "p50 ms", "p95 ms", "p99 ms", "of bare Starlette", "goal", ""]


def measure_throughput(
    server: Server, asks: list[Ask], *, seconds: float, core: int | None, bare: bool
) -> list[Throughput]:
    """Ask for each kind for some seconds after a warm-up, and with `bare` from Starlette on the same core, too."""
    found = []
    for ask in asks:
        answers = asyncio.run(_asked(server.port, ask, seconds))
        alone = (
            _bare_rate(server, ask, core, seconds) if bare and ask.requests[0].startswith(b"POST") else 0.0
        )
        found.append(Throughput(ask, answers, alone))
        print("  ".join(found[-1].row), flush=True)
    return found


async def _asked(port: int, ask: Ask, seconds: float) -> Answers:
    connection = Connection(port)
    for request in ask.requests:
        await connection.ask(request)
    connection.close()
    await ask_in_turn(port, ask.requests, connections=ask.connections, seconds=min(WARM_UP, seconds))
    return await ask_in_turn(port, ask.requests, connections=ask.connections, seconds=seconds)


def _bare_rate(server: Server, ask: Ask, core: int | None, seconds: float) -> float:
    """Answers a second of bare Starlette with the bytes that the server gave to the first request of a kind."""
    body = asyncio.run(Connection(server.port).ask(ask.requests[0])).body
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        answer.write_bytes(body)
        arguments = ["-m", "benchmarks.service.bare", str(answer)]
        with started(arguments, dict(os.environ), core, "/ready") as other:
            return asyncio.run(_asked(other.port, ask, seconds)).rate
