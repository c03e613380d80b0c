"""A planner's Mondays in a loop, until it is killed: `python -m benchmarks.kills.monday HOME SOURCE OUT SEED [POINT]`.

With POINT the process kills itself (SIGKILL, as a power cut would) at that many statements and commits from its start;
a part of these points lies within transactions, right before and right after they are committed.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from configs.errors import DomainError
from database.purchase_orders.change_order import OrderRequest
from database.settings import Settings
from jobs.plan import run_plan
from serving.http.problems import Problem
from serving.orders.order_view import open_proposal, orders_now
from serving.orders.steps import export_orders, take_step
from serving.state.follower import Follower


def kill_at(point: int) -> None:
    """Kill this process at its `point`-th statement or commit."""
    left = point

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, count)


def work(home: Path, source: Path, out: Path, seed: int) -> None:
    """Approve, export and plan again, without end; what was handed over is a file of its own in `out`."""
    chance = random.Random(seed)  # noqa: S311 -- no secret
    settings, follower = Settings(home=home), Follower()
    follower.open(settings)
    while True:
        steps: list[Callable[[], None]] = [
            lambda: approve_some(follower, chance),
            lambda: export_all(follower, out, together=chance.random() < 0.5),
        ]
        for step in steps if chance.random() < 0.8 else steps[:1]:
            step()
        run_plan(settings, source=str(source), out=home / "out")
        follower.refresh()


def approve_some(follower: Follower, chance: random.Random) -> None:
    """Approve the proposals of the planner's Monday, some first edited or commented on, some reopened."""
    for row in orders_now(follower).orders:
        if row.status == "proposed" and chance.random() < 0.7:
            _try_step(follower, row.supplier_id, None, "comment" if chance.random() < 0.2 else "approve")
        if row.status == "draft":
            _try_step(follower, row.supplier_id, row.order, "approve")
        if row.status == "approved" and chance.random() < 0.1:
            _try_step(follower, row.supplier_id, row.order, "reopen")


def _try_step(follower: Follower, supplier_id: str, order: Any, verb: Any) -> None:
    """Take a step of the planner's Monday; what has changed meanwhile is left as it is."""
    about = open_proposal(follower, supplier_id) if order is None else None
    request = OrderRequest(
        None if order is None else order.order_id,
        about,
        0 if order is None else order.version,
        "ada",
        {"what": verb},
    )
    try:
        take_step(follower, request, verb, reason="call first")
    except (DomainError, Problem):
        return


def export_all(follower: Follower, out: Path, *, together: bool) -> None:
    """Export what the planner approved, each order by itself or all in one file, and hand the files over."""
    approved = [
        row.order_id for row in orders_now(follower).orders if row.status == "approved" and row.order_id
    ]
    for order_ids in [approved] if together and approved else [[order_id] for order_id in approved]:
        file = export_orders(follower, order_ids, "csv", who="ada")
        (out / file.name).write_bytes(file.content)


if __name__ == "__main__":
    if len(sys.argv) > 5:
        kill_at(int(sys.argv[5]))
    print("ready", flush=True)
    home, source, out = map(Path, sys.argv[1:4])
    work(home, source, out, int(sys.argv[4]))
