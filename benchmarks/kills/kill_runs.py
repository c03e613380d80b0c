"""Kill runs: a worker is started on a company and killed, again and again, and what must hold is checked each time."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from benchmarks.kills.invariants import broken_invariants
from benchmarks.raw_data import ROOT
from database.engine import open_engine
from database.plan_runs import latest
from database.purchase_orders.order_list import order_book
from database.settings import Settings

_MOST_STATEMENTS = 400
_MOST_SECONDS = 6.0
_NEXT_DAY = 0.3
"""Chance that the next plan is one of the next day, on which suppliers are ordered from again."""


@dataclass
class KillReport:
    """What the kills came to: how many by moment and by statement, orders by status in the end, and what broke."""

    by_moment: int = 0
    by_statement: int = 0
    plans: int = 0
    orders: Counter[str] = field(default_factory=Counter)
    trouble: list[str] = field(default_factory=list)


def kill_runs(home: Path, source: Path, out: Path, kills: int, *, seed: int = 0) -> KillReport:
    """Kill a worker `kills` times, half of them at a random moment, half at a random statement of the database.

    Between kills the ERP system imports some of what was handed over, and stock is sold, so that there is more to
    order.

    Parameters
    ----------
    home : a home with a champion and a plan, to be written to
    source : the company's data as CSV, to be changed
    out : folder into which exported files are handed over
    """
    chance, report, settings = random.Random(seed), KillReport(), Settings(home=home)  # noqa: S311
    for number in range(kills):
        point = chance.randint(1, _MOST_STATEMENTS) if number % 2 else None
        _kill_once([str(home), str(source), str(out), str(number)], point, chance)
        report.by_statement += point is not None
        report.by_moment += point is None
        report.trouble += [f"kill {number + 1}: {sentence}" for sentence in broken_invariants(settings)]
        if chance.random() < 0.5:
            _import_into_erp(source, out, chance)
        _sell(source, chance)
    engine = open_engine(settings.state_url)
    run = latest(engine)
    assert run is not None
    report.plans = run.id
    report.orders = Counter(order.status for order in order_book(engine, run.id).orders)
    engine.dispose()
    return report


def _kill_once(arguments: list[str], point: int | None, chance: random.Random) -> None:
    """Start the worker and kill it: by itself at a statement, or from here at a moment."""
    command = [sys.executable, "-m", "benchmarks.kills.monday", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    with (Path(arguments[0]) / "worker.log").open("w+", encoding="utf-8") as log:
        worker = subprocess.Popen(  # noqa: S603
            command if point is None else [*command, str(point)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        assert worker.stdout is not None
        worker.stdout.readline()  # it is ready
        if point is None:
            time.sleep(chance.uniform(0.0, _MOST_SECONDS))
            worker.send_signal(signal.SIGKILL)
        try:
            worker.wait(60)
        except subprocess.TimeoutExpired:  # it never got to its statement
            worker.kill()
        worker.stdout.close()
        if worker.wait() != -signal.SIGKILL:
            log.seek(0)
            raise RuntimeError(f"the worker ended before it was killed: {log.read().strip()[-2000:]}")


def _import_into_erp(source: Path, out: Path, chance: random.Random) -> None:
    """The ERP system takes over some handed-over files: their orders are there with our id, half of them received."""
    path = source / "purchase_orders.csv"
    table = pd.read_csv(path, dtype={"line": str, "order_id": str})
    if "reference" not in table:
        table["reference"] = None
    known = set(table["reference"].dropna())
    for file in sorted(out.glob("*.csv")):
        rows = pd.read_csv(file, dtype={"unique_id": str, "supplier_id": str})
        if rows["order_id"].isin(known).any() or chance.random() < 0.3:
            continue
        came = chance.random() < 0.5
        new = pd.DataFrame(
            {
                "order_id": "E" + rows["order_id"],
                "line": rows["line"].astype(str),
                "supplier_id": rows["supplier_id"],
                "unique_id": rows["unique_id"],
                "ordered_at": rows["order_on"],
                "quantity_ordered": rows["quantity"],
                "reference": rows["order_id"],
                "received_at": rows["order_on"] if came else "",
                "quantity_received": rows["quantity"] if came else "",
            }
        )
        table = pd.concat([table, new], ignore_index=True)
    table.to_csv(path, index=False)


def _sell(source: Path, chance: random.Random) -> None:
    """Stock moves: what is on hand of each SKU is anything from nothing to what it was at most, often a day later."""
    path = source / "stock.csv"
    stock = pd.read_csv(path)
    days = pd.Timedelta(days=int(chance.random() < _NEXT_DAY))
    stock["as_of"] = (pd.to_datetime(stock["as_of"]) + days).dt.strftime("%Y-%m-%d")
    stock["on_hand"] = [float(chance.randint(0, 120)) for _ in range(len(stock))]
    stock.to_csv(path, index=False)
