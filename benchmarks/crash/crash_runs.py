"""Crash runs: a worker or a server is started and killed, again and again, and what must hold is checked each time."""

import random
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field

from benchmarks.crash.acknowledged import lost_and_doubled
from benchmarks.crash.journal import Journal
from benchmarks.crash.model_invariants import broken_models
from benchmarks.crash.nursery import Nursery
from benchmarks.crash.order_invariants import broken_invariants
from benchmarks.crash.server import free_port, seconds_until_ready
from benchmarks.crash.sites import Site, import_into_erp, sell
from benchmarks.crash.worker import Order
from database.audit.verify import verify
from database.engine import open_state
from database.plan_runs import latest
from database.purchase_orders.order_list import order_book

ROLES = {"planner": 0.65, "modeller": 0.2, "server": 0.15}
"""Who is killed → how often."""

_MOST_STATEMENTS = {"planner": 400, "modeller": 900}
_MOST_SECONDS = {"planner": 6.0, "modeller": 10.0, "server": 4.0}
_PATIENCE = 300.0
"""Seconds after which a worker that never got to its statement is killed from here."""
_TELL_AFTER = 20
"""Kills after which it is said how many there were."""


@dataclass
class CrashReport:
    """What the kills came to: how many of whom and how, what was acknowledged, seconds to readiness, and what broke."""

    kills: Counter[str] = field(default_factory=Counter)
    acknowledged: Counter[str] = field(default_factory=Counter)
    ready_after: list[float] = field(default_factory=list)
    plans: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    trouble: list[str] = field(default_factory=list)


def crash_runs(site: Site, roles: list[str], *, seed: int = 0) -> CrashReport:
    """Kill one process for each of `roles`, half of the workers at a random moment, half at a random statement.

    Between kills the ERP system imports some of what was handed over, and stock is sold, so that there is more to
    order. Nothing else is done to the home: each start has to make do with what the kill before left.
    """
    chance, report, journal = random.Random(seed), CrashReport(), Journal()  # noqa: S311
    with Nursery() as nursery:
        for number, role in enumerate(roles):
            before = len(journal.acknowledged)
            if role == "server":
                _kill_server(site, chance, report)
            else:
                how = _kill_worker(nursery, site, role, number=number, chance=chance, journal=journal)
                report.kills[f"{role} at a {how}"] += 1
            new = journal.acknowledged[before:]
            report.acknowledged.update(entry["what"] for entry in new)
            report.trouble += [f"kill {number + 1} ({role}): {sentence}" for sentence in _broken(site, new)]
            if (number + 1) % _TELL_AFTER == 0:
                print(f"{number + 1} kills, {len(report.trouble)} troubles", file=sys.stderr, flush=True)
            if role == "planner":
                if chance.random() < 0.5:
                    import_into_erp(site, chance)
                sell(site, chance)
    report.trouble += _broken(site, journal.acknowledged)
    _count_orders(site, report)
    return report


def _broken(site: Site, entries: list[dict[str, object]]) -> list[str]:
    """What does not hold of the site: acknowledged entries, orders, models and plans."""
    engine = open_state(site.settings)
    try:
        trouble = lost_and_doubled(engine, entries)
        trouble += [f"audit log: {sentence}" for sentence in verify(engine).problems]
    finally:
        engine.dispose()
    return trouble + broken_invariants(site.settings) + broken_models(site)


def _kill_server(site: Site, chance: random.Random, report: CrashReport) -> None:
    """Kill a server while it starts, then start another, which has to become ready without a hand."""
    port = free_port()
    seconds_until_ready(site, port, kill_after=chance.uniform(0.0, _MOST_SECONDS["server"]))
    report.kills["server at its start"] += 1
    seconds = seconds_until_ready(site, port)
    if seconds is None:
        report.trouble.append("a server did not become ready; its log is server.log in the home")
    else:
        report.ready_after.append(seconds)


def _kill_worker(
    nursery: Nursery, site: Site, role: str, *, number: int, chance: random.Random, journal: Journal
) -> str:
    """Let a worker start and kill it: by itself at a statement, or from here at a moment. Returns which."""
    point = chance.randint(1, _MOST_STATEMENTS[role]) if number % 2 else 0
    wait = _PATIENCE if point else chance.uniform(0.0, _MOST_SECONDS[role])
    places = [str(place) for place in (site.home, site.source, site.out, site.config)]
    written, log = site.home / "journal.txt", site.home / "worker.log"
    written.write_bytes(b"")
    log.write_bytes(b"")
    unanswered = journal.unanswered
    order = Order(role, places, number, point, str(written), str(log), unanswered)
    if nursery.kill_one(order, wait) != -signal.SIGKILL:
        raise RuntimeError(f"the worker ended before it was killed: {log.read_text().strip()[-2000:]}")
    with written.open(encoding="utf-8", newline="\n") as lines:
        journal.read(lines)
    if role != "planner":  # what the planner tried stays to be tried again
        journal.unanswered = unanswered
    return "statement" if point else "moment"


def _count_orders(site: Site, report: CrashReport) -> None:
    """Count the site's plans, and its orders by status."""
    engine = open_state(site.settings)
    run = latest(engine)
    assert run is not None
    report.plans = run.id
    report.orders = Counter(order.status for order in order_book(engine, run.id).orders)
    engine.dispose()


def who_is_killed(kills: int, seed: int) -> list[str]:
    """Roles of so many kills, drawn by `ROLES`."""
    chance = random.Random(seed)  # noqa: S311
    return chance.choices(list(ROLES), list(ROLES.values()), k=kills)
