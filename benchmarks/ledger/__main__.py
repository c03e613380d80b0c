"""`python -m benchmarks.ledger [--work DIR] [--quick] [--top N]`: what is booked of past days beside what it was."""

import argparse
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.decisions.demo_day import demo_company
from benchmarks.decisions.figures import Figure, inside, print_figures, shown, verdict
from benchmarks.decisions.past_days.truth import days_of
from benchmarks.ledger.booked_day import live_and_book

TOP = 20
_PROCESSES = 2
TRUE, COVERED = (0.8, 1.2), (0.7, 0.9)


def main(argv: list[str] | None = None) -> None:
    """Approve the top actions of past days, let the year come, book them, and print that beside the truth."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger")
    parser.add_argument("--work", type=Path, help="folder that keeps demo and trained models between runs")
    parser.add_argument("--quick", action="store_true", help="two days instead of eight")
    parser.add_argument("--top", type=int, default=TOP, help="actions that are approved on each day")
    parser.add_argument("--out", type=Path, help="CSV file for all bookings")
    given = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as made:
        work = given.work or Path(made)
        company = demo_company(work)
        one = partial(live_and_book, company, work=work, most=given.top)
        with ProcessPoolExecutor(_PROCESSES, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(one, days_of(company, quick=given.quick)))
    booked = pd.concat(parts, ignore_index=True)
    if given.out:
        booked.to_csv(given.out, index=False)
    figures = ledger_figures(booked)
    print_figures(f"top {given.top} of past days: booked beside what they really saved", figures)
    print(verdict(figures))
    sys.exit(any(figure.passed is False for figure in figures))


def ledger_figures(booked: pd.DataFrame) -> list[Figure]:
    """Sum of what was booked beside the truth, how often its range holds the truth, and both by lever."""
    known = booked[booked["realised"].notna()]
    sums = booked.groupby(["day", "draw"])[["realised", "truth"]].sum()
    ratio = float(sums["realised"].sum() / sums["truth"].sum())
    error = float(
        (sums["realised"] - ratio * sums["truth"]).std() * np.sqrt(len(sums)) / abs(sums["truth"].sum())
    )
    held = (known["truth"] >= known["low"]) & (known["truth"] <= known["high"])
    figures = [
        inside("realised booked / true", ratio, *TRUE, error=error),
        shown("all actions, mean of the draws", *_means(booked)),
        shown("truth inside the booked 80 % range, share", np.nan, float(held.mean())),
        shown("not booked, share", np.nan, float(booked["realised"].isna().mean())),
    ]
    for kind, some in booked.groupby("kind"):
        booked_share = float(some["realised"].notna().mean())
        inside_share = float(held[some.index[some["realised"].notna()]].mean())
        name = f"  {kind}: {some[['day', 'action']].drop_duplicates().shape[0]}"
        figures.append(shown(f"{name}, {booked_share:.0%} booked, {inside_share:.0%} inside", *_means(some)))
    return figures


def _means(some: pd.DataFrame) -> tuple[float, float]:
    """What was booked and what was true, money, summed over actions, mean over the draws."""
    draws = max(some["draw"].nunique(), 1)
    return float(some["realised"].sum() / draws), float(some["truth"].sum() / draws)


if __name__ == "__main__":
    main()
