"""Killed at any moment: `python -m benchmarks.crash [--kills 200] [--skus 30] [--seed 0] [--on sqlite postgresql]`.

A generated company is trained and planned; then workers that check, train, promote, plan, decide, approve and export,
and servers that start, are killed `--kills` times on each database. Nothing acknowledged may be lost, nothing may
happen twice, nothing may be torn, and each start makes do with what the kill before left.
"""

import argparse
import os
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.crash.crash_runs import CrashReport, crash_runs, who_is_killed
from benchmarks.crash.postgres_server import postgres_server
from benchmarks.crash.sites import Site
from benchmarks.speed.__main__ import run_command
from benchmarks.speed.generated_company import CONFIG, company_tables
from database.migrate import upgrade

READY_SECONDS = 10.0
"""Within which a server is to be ready after a kill."""


def main() -> int:
    """Train, kill and report on each database; exit status 1 where something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="on each database")
    parser.add_argument("--skus", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--on", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite", "postgresql"))
    given = parser.parse_args()
    broken = 0
    for database in given.on:
        started = time.monotonic()
        with postgres_server() if database == "postgresql" else nullcontext("") as url:
            os.environ["PURVEY_DATABASE_URL"] = url
            with tempfile.TemporaryDirectory(prefix="crash-") as folder:
                site = _made(Path(folder), given.skus, url)
                report = crash_runs(site, who_is_killed(given.kills, given.seed), seed=given.seed)
        broken += _print_report(database, report, time.monotonic() - started)
    return int(broken > 0)


def _made(folder: Path, skus: int, url: str) -> Site:
    """A generated company with a champion and a plan; its tables are CSV, which the kills change in between."""
    site = Site(folder / "home", folder / "data", folder / "handed_over", folder / "crash.yaml")
    site.source.mkdir()
    site.out.mkdir()
    for name, table in company_tables(skus, np.random.default_rng(0)).items():
        pd.DataFrame(table).to_csv(site.source / f"{name}.csv", index=False)
    site.config.write_text(CONFIG.replace("windows: 3", "windows: 1\n  members: [level]"), encoding="utf-8")
    if url:
        upgrade(url, audit=site.settings.audit_files)
    for verb, more in (("train", ["--promote"]), ("plan", ["--out", str(site.home / "out")])):
        run_command(verb, folder, site.config, *more)
    return site


def _print_report(database: str, report: CrashReport, seconds: float) -> bool:
    """Print what the kills on a database came to; returns whether something did not hold."""
    for name, counted in (
        (f"{database}, {report.kills.total()} kills", report.kills),
        ("acknowledged", report.acknowledged),
        ("orders", report.orders),
    ):
        print(f"{name}: {', '.join(f'{count} {what}' for what, count in sorted(counted.items())) or 'none'}")
    slow = [after for after in report.ready_after if after > READY_SECONDS]
    latest = max(report.ready_after, default=float("nan"))
    print(f"{report.plans} plans; ready after {latest:.1f} s at most; {seconds:.0f} s in all")
    for sentence in report.trouble:
        print(sentence)
    sound = not report.trouble and not slow
    late = f", {len(slow)} starts took longer than {READY_SECONDS:g} s" if slow else ""
    print(
        "nothing lost, nothing twice, nothing torn" if sound else f"{len(report.trouble)} did not hold{late}"
    )
    return not sound


if __name__ == "__main__":
    sys.exit(main())
