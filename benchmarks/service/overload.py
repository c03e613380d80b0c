"""Overload: ten times as much asked as the server can answer; what it still answers, how soon, and whether it lives."""

import asyncio
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from benchmarks.service.asks import Ask
from benchmarks.service.load import Answers, Connection, ask_at_rate, ask_in_turn, get

TIMES = 10
PEAK_CONNECTIONS = 4
"""Connections at which the peak is measured: enough to keep the core busy, without a queue of any length."""
CONNECTIONS = 300
PROBE_SECONDS = 0.1


@dataclass(frozen=True)
class Overload:
    """What was measured: at the peak, and at ten times its rate, with seconds of `/livez` meanwhile."""

    name: str
    peak: Answers
    flooded: Answers
    probes: np.ndarray

    @property
    def row(self) -> list[str]:
        """The table's row."""
        peak, flood = self.peak, self.flooded
        return [
            self.name,
            f"{peak.rate:,.0f}",
            f"{1_000 * peak.percentile(99):.0f}",
            f"{flood.offered:,.0f} ({flood.offered / peak.rate:.1f}×)",
            f"{len(flood.status) / flood.elapsed:,.0f}",
            f"{flood.rate:,.0f} ({flood.rate / peak.rate:.0%})",
            f"{1_000 * flood.percentile(99):.0f} ({flood.percentile(99) / peak.percentile(99):.1f}×)",
            f"{1_000 * float(self.probes.max()):.0f}",
            ", ".join(f"{status}: {count}" for status, count in flood.counts().items()),
            "" if self.kept else "missed",
        ]

    @property
    def kept(self) -> bool:
        """Whether goodput is at least 90 % of the peak, its p99 at most twice, and `/livez` within 50 ms throughout."""
        quick = self.flooded.percentile(99) <= 2 * self.peak.percentile(99)
        return self.flooded.rate >= 0.9 * self.peak.rate and quick and bool(self.probes.max() <= 0.05)


HEAD = [
    "asked",
    "peak a second",
    "p99 ms",
    "offered a second",
    "sent",
    "answered a second",
    "p99 ms",
    "/livez max ms",
    "status",
    "",
]


def measure_overload(port: int, ask: Ask, *, seconds: float) -> Overload:
    """Measure the peak, then offer ten times of it for some seconds."""
    return asyncio.run(_measure(port, ask, seconds))


async def _measure(port: int, ask: Ask, seconds: float) -> Overload:
    for request in ask.requests:
        await Connection(port).ask(request)
    peak = await ask_in_turn(port, ask.requests, connections=PEAK_CONNECTIONS, seconds=min(seconds, 10.0))
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        await loop.run_in_executor(process, _probes, port, PROBE_SECONDS)  # it has begun
        probing = loop.run_in_executor(process, _probes, port, seconds)
        flooded = await ask_at_rate(
            port, ask.requests, rate=TIMES * peak.rate, connections=CONNECTIONS, seconds=seconds
        )
        return Overload(ask.name, peak, flooded, np.array(await probing))


def _probes(port: int, seconds: float) -> list[float]:
    """Probe from a process of its own: the one that floods is late itself."""
    return asyncio.run(_probe(port, seconds))


async def _probe(port: int, seconds: float) -> list[float]:
    """Seconds that `/livez` took, asked ten times a second; a probe without an answer took for ever."""
    connection, found, end = Connection(port), [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        reply = await connection.ask(get("/livez"))
        found.append(reply.seconds if reply.status == 200 else float("inf"))
        await asyncio.sleep(PROBE_SECONDS)
    connection.close()
    return found
