"""The judge of decisions: `python -m benchmarks.decisions [--only NAME …] [--work DIR] [--quick]`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.decisions.demo_day import DemoCompany, DemoDay, demo_company, demo_day
from benchmarks.decisions.figures import Figure, print_figures, verdict
from benchmarks.decisions.fill_rate import fill_rate
from benchmarks.decisions.lots import lots
from benchmarks.decisions.offers import offers
from benchmarks.decisions.past_days.truth import truth
from benchmarks.decisions.perishables import perishables
from benchmarks.decisions.service import service
from benchmarks.decisions.vendors import vendors
from benchmarks.decisions.year import year
from planning.assessment import Assessment


@dataclass(frozen=True)
class Judge:
    """The judge's work: the demo company and what its plan of the last day knows, made when first asked for."""

    work: Path
    quick: bool

    @cached_property
    def company(self) -> DemoCompany:
        """The demo company."""
        return demo_company(self.work)

    @cached_property
    def today(self) -> DemoDay:
        """The demo company on its last day."""
        return demo_day(self.company, self.company.end, self.work)

    @cached_property
    def assessment(self) -> Assessment:
        """The plan's assessment of that day."""
        return self.today.planner().assess(self.today.inputs)

    def truth(self) -> list[Figure]:
        """Past days played forward."""
        return truth(self.company, self.work, quick=self.quick)


PARTS: Mapping[str, tuple[str, Callable[[Judge], list[Figure]]]] = {
    "offers": ("two suppliers compared before there is any data", lambda _: offers()),
    "lots": ("Poisson 6 a day, 10 ± 3 days, lots of 1.5 and 4 weeks: a year", lambda _: lots()),
    "service": ("the same lane: reorder points met in play, and what they keep", lambda _: service()),
    "perishables": ("goods of the demo that perish: a year", lambda judge: perishables(judge.assessment)),
    "fill": ("stock of the demo for a fill rate of 95 %", lambda judge: fill_rate(judge.today)),
    "year": ("the demo's year to come beside the last", lambda judge: year(judge.company, judge.assessment)),
    "vendors": ("switches of vendor on the demo: worth a year", lambda judge: vendors(judge.assessment)),
    "truth": ("past days of the demo played forward on what really came", Judge.truth),
}


def main(argv: list[str] | None = None) -> None:
    """Judge the decisions: print each part's figures, product beside brute force."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.decisions")
    parser.add_argument(
        "--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="NAME", help=", ".join(PARTS)
    )
    parser.add_argument("--work", type=Path, help="folder that keeps demo and trained models between runs")
    parser.add_argument("--quick", action="store_true", help="truth: two days instead of eight")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as temporary:
        judge = Judge(given.work or Path(temporary), given.quick)
        for name in given.only:
            _judge(name, judge)


def _judge(name: str, judge: Judge) -> None:
    """Judge one part: print its table, verdict and seconds."""
    started = time.perf_counter()
    title, part = PARTS[name]
    figures = part(judge)
    print_figures(f"{name}: {title}", figures)
    print(f"\n{name}: {verdict(figures)}, {time.perf_counter() - started:.0f} s")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
