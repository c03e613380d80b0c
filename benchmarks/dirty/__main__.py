"""The fuzz run: `python -m benchmarks.dirty [--directories 2000] [--seed 0] [--only NAME-OR-NUMBER …]`.

A cut of the demo company (30 SKUs with their suppliers, offers, orders, receipts and stock) is written as a data
directory again and again, each time made dirty by one to three mutations as people, exports and spreadsheets make them
(`benchmarks.dirty.mutations`). Each directory goes through the real check and, where that lets it pass, a plan with a
champion trained once; one in fifty also through training and the plan job. The outcome has to be a plan or a sentence:
no traceback, no warning of a library, no order that cannot be placed; every row that no mutation touched has its values
or stands in quarantine, and no touched one is read as something else without a word.

The exit status is 1 when something failed.
"""

import argparse
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from benchmarks.dirty.clean_company import make_company
from benchmarks.dirty.mutations.draw import MUTATIONS, draw
from benchmarks.dirty.outcome import Outcome
from benchmarks.dirty.play import play
from benchmarks.dirty.report import print_counts, print_failures

DIRECTORIES = 2000
WHOLE_EVERY = 50
"""One directory in so many also goes through training and the plan job."""


def run(seed: int, numbers: list[int], names: list[str], kept: Path | None = None) -> list[Outcome]:
    """Play directories `numbers` with mutations drawn from `names`; those in `kept` stay there to be looked at."""
    outcomes = []
    with ExitStack() as stack:
        clean = make_company(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clean-"))))
        for done, number in enumerate(numbers):
            drawn = draw(clean, seed, number, names)
            with tempfile.TemporaryDirectory(prefix="dirty-") as name:
                folder = Path(name) if kept is None else kept / str(number)
                outcomes.append(play(clean, drawn, number, folder, whole=number % WHOLE_EVERY == 0))
            for failure in outcomes[-1].failures:
                print(f"{number}: {failure.kind}, {failure.where}", file=sys.stderr)
            if done % 100 == 99:
                print(f"{done + 1} directories", file=sys.stderr)
    return outcomes


def main(argv: list[str] | None = None) -> None:
    """Run the fuzz run: make directories dirty, play them, and print what came of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dirty")
    parser.add_argument("--directories", type=int, default=DIRECTORIES, help=f"how many ({DIRECTORIES})")
    parser.add_argument("--seed", type=int, default=0, help="of all that is drawn (0)")
    parser.add_argument(
        "--only",
        nargs="*",
        default=[],
        metavar="NAME",
        help="mutations to draw from, or numbers of directories",
    )
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="leave the directories there")
    given = parser.parse_args(argv)
    numbers = [int(text) for text in given.only if text.isdigit()] or list(range(given.directories))
    names = [text for text in given.only if not text.isdigit()] or list(MUTATIONS)
    unknown = sorted(set(names) - set(MUTATIONS))
    if unknown:
        parser.error(f"no mutation {unknown[0]!r}; there are {', '.join(MUTATIONS)}")
    pd.options.mode.copy_on_write = True  # as the commands run
    started = time.perf_counter()
    outcomes = run(given.seed, numbers, names, given.keep)
    print_counts(outcomes)
    print_failures(outcomes, given.seed)
    print(f"\nseed {given.seed}, {time.perf_counter() - started:.0f} seconds")
    raise SystemExit(1 if any(outcome.failures for outcome in outcomes) else 0)


if __name__ == "__main__":
    main()
