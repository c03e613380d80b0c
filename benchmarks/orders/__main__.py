"""The judge of suppliers' orders: `python -m benchmarks.orders [--work DIR] [--scenarios 16]`."""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.decisions.demo_day import demo_company, demo_day
from benchmarks.decisions.figures import Figure, print_figures, shown, verdict
from benchmarks.orders.counted import ORDERING_AND_HOLDING, PARTS, Counted
from benchmarks.orders.played_orders import PlayedCompany, alone, play_year, together

_WANTED = 0.05
_SAME = 0.001
"""Fill rate that may be lost at the same service."""


def figures(single: Counted, joint: Counted) -> list[Figure]:
    """Figures of a year, joint orders as the product has them beside each line alone."""
    rows = [
        shown(f"{part}, a year", float(joint.parts[part].mean()), float(single.parts[part].mean()))
        for part in PARTS
    ]
    before, after = (each.total(ORDERING_AND_HOLDING) for each in (single, joint))
    saved = 1 - after / before
    error = float(saved.std(ddof=1) / np.sqrt(len(saved))) if len(saved) > 1 else 0.0
    share, service = float(saved.mean()), float((joint.fill_rate - single.fill_rate).mean())
    return [
        *rows,
        shown("ordering and holding, a year", float(after.mean()), float(before.mean())),
        Figure("share of that saved", share, 0.0, error, f"≥ {_WANTED:.0%}", share >= _WANTED),
        Figure(
            "fill rate",
            float(joint.fill_rate.mean()),
            float(single.fill_rate.mean()),
            target="no less",
            passed=service >= -_SAME,
        ),
        Figure("terms broken", joint.broken, single.broken, target="none", passed=joint.broken == 0),
    ]


def main(argv: list[str] | None = None) -> None:
    """Play the demo's year both ways, and print what it costs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.orders")
    parser.add_argument("--work", type=Path, help="folder that keeps demo and trained models between runs")
    parser.add_argument("--scenarios", type=int, default=16)
    given = parser.parse_args(argv)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        company = demo_company(work)
        today = demo_day(company, company.end, work)
        played = PlayedCompany.of(today.planner().assess(today.inputs), given.scenarios)
        found = figures(play_year(played, alone), play_year(played, together))
    print_figures("a year of the demo's orders: joint (product) beside each line alone (true)", found)
    print(f"\norders: {verdict(found)}, {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
