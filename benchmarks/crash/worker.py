"""The processes that are killed: `python -m benchmarks.crash.worker` reads orders and forks a worker for each.

All libraries are imported once, before the first fork, since that takes longer than most workers live. An order is a
line of JSON (`Order`); the answers are the worker's process id, and its exit status once it has ended.
"""

import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from benchmarks.crash import modeller_day, planner_day
from benchmarks.crash.sites import Site


@dataclass(frozen=True)
class Order:
    """What a worker is to do, and when it dies.

    Attributes
    ----------
    role : planner or modeller
    site : the company's places, as `Site` has them
    seed : of what it does
    point : kills itself (SIGKILL, as a power cut would) at that many statements and commits; 0: it is killed from
        outside. A part of these points lies within transactions, right before and right after they are committed
    journal, log : files for its journal and its errors
    again : what the worker before tried without an answer, which is asked for again first
    """

    role: str
    site: list[str]
    seed: int
    point: int
    journal: str
    log: str
    again: dict[str, Any] | None = None

    def line(self) -> str:
        """Return the order as a line of JSON."""
        return json.dumps(asdict(self)) + "\n"


def kill_at(point: int) -> None:
    """Kill this process at its `point`-th statement or commit, of the state database or of MLflow's."""
    left = point

    def count(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, count)


def work(order: Order) -> None:
    """Work without end, as a planner or as a modeller, with the journal on standard output."""
    for path, descriptor in ((order.journal, 1), (order.log, 2)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), descriptor)
    if order.point:
        kill_at(order.point)
    day = planner_day if order.role == "planner" else modeller_day
    day.work(Site(*map(Path, order.site)), order.seed, order.again)


def main() -> None:
    """Fork a worker for each order, and say how it ended."""
    for line in sys.stdin:
        order = Order(**json.loads(line))
        worker = os.fork()
        if not worker:
            try:
                work(order)
            finally:
                sys.excepthook(*sys.exc_info())
                os._exit(1)
        sys.stdout.write(f"{worker}\n")
        sys.stdout.flush()
        status = os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
