"""Spend on the demo company: `python -m benchmarks.spend [--work DIR] [--plantings N] [--days N] [--every N]`.

First anomalies of ten kinds are planted into it, many times over, and looked for. Then its plan is played forward from
past days on what really came, and what it spends is put beside the range that it had promised.
"""

import argparse
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.decisions.demo_day import DemoCompany, demo_company, read_company
from benchmarks.decisions.past_days.truth import days_of
from benchmarks.spend.planted import Planted, plant_and_find
from benchmarks.spend.played_ahead import ALL, play_spend

EACH = 8
"""Cases of each kind that are planted at once."""

_PROCESSES = 2


def main() -> None:
    """Plant and find, then play ahead, and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--work", type=Path, help="folder of company and models, kept; else a new one")
    parser.add_argument(
        "--plantings", type=int, default=20, help="how often anomalies are planted; 0: not at all"
    )
    parser.add_argument(
        "--days", type=int, default=8, help="past days that are played, the last first; 0: none"
    )
    parser.add_argument("--every", type=int, default=1, help="every n-th SKU is played")
    args = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        work = args.work or Path(folder)
        company = read_company(work / "demo") if (work / "demo").exists() else demo_company(work)
        if args.plantings:
            print_planted([plant_and_find(company, seed, EACH) for seed in range(args.plantings)])
        if args.days:
            print_ahead(_played(company, work, args.days, args.every))
    print(f"\n{time.monotonic() - begin:.0f} s")


def _played(company: DemoCompany, work: Path, days: int, every: int) -> pd.DataFrame:
    """The past days, played side by side."""
    one = partial(play_spend, company, work=work, every=every)
    with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
        return pd.concat(list(pool.map(one, days_of(company, quick=False)[-days:])), ignore_index=True)


def print_planted(runs: list[Planted]) -> None:
    """Print what was found of each kind, and the false alarms."""
    shares = pd.DataFrame([run.found for run in runs])
    lines, weeks = float(np.mean([run.lines for run in runs])), float(np.mean([run.weeks for run in runs]))
    false = np.array([run.false.sum() for run in runs], float)
    print(
        f"\n{len(runs)} plantings of {EACH} of each kind into {lines:,.0f} order lines of {weeks:.0f} weeks\n"
    )
    print("| kind | found |\n|---|---|")
    for kind, share in shares.mean().items():
        print(f"| {kind} | {share:.1%} |")
    error = shares.mean(axis=1).std(ddof=1) / np.sqrt(len(runs)) if len(runs) > 1 else np.nan
    print(f"| all | {shares.to_numpy().mean():.1%} ± {error:.1%} |")
    print(
        f"\nfalse alarms: {false.mean():.1f} in all, {false.mean() / weeks:.2f} a week, "
        f"{1_000 * false.mean() / lines:.2f} in a thousand lines"
    )


def print_ahead(rows: pd.DataFrame) -> None:
    """Print how often spend lay in its range, by how far ahead, and the bias of sums."""
    inside = (rows["spent"] >= rows["low"]) & (rows["spent"] <= rows["high"])
    ahead = (pd.PeriodIndex(rows["month"], freq="M") - pd.PeriodIndex(rows["day"], freq="M")).map(
        lambda gap: gap.n
    )
    print("\n| months ahead | cases | in the 80 % range | spent by promised |\n|---|---|---|---|")
    for name, chosen in [(str(k), np.asarray(ahead == k)) for k in sorted(set(ahead))] + [
        ("whole company", (rows["scope"] == ALL).to_numpy()),
        ("all", np.ones(len(rows), bool)),
    ]:
        some = rows[chosen]
        print(
            f"| {name} | {len(some)} | {inside[chosen].mean():.1%} | {some['spent'].sum() / some['middle'].sum():.3f} |"
        )


if __name__ == "__main__":
    main()
