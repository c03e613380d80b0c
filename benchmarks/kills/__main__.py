"""Nothing lost, nothing twice: `python -m benchmarks.kills [--kills 200] [--skus 30] [--seed 0]`.

A generated company is trained; then a worker that plans, approves and exports in a loop is killed `--kills` times.
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.kills.kill_runs import kill_runs
from benchmarks.speed.__main__ import run_command
from benchmarks.speed.generated_company import CONFIG, company_tables


def main() -> int:
    """Train, kill and report; exit status 1 where something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--skus", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = _write_company(folder, arguments.skus)
        for verb, more in (("train", ["--promote"]), ("plan", ["--out", str(folder / "out")])):
            run_command(verb, folder, config, *more)
        (folder / "handed_over").mkdir()
        report = kill_runs(
            folder / "home", folder / "data", folder / "handed_over", arguments.kills, seed=arguments.seed
        )
    statuses = ", ".join(f"{count} {status}" for status, count in sorted(report.orders.items()))
    print(
        f"{report.by_moment} kills at a random moment, {report.by_statement} at a random statement, "
        f"{report.plans} plans, orders: {statuses or 'none'}; {time.monotonic() - started:.0f} s"
    )
    for sentence in report.trouble:
        print(sentence)
    print("nothing lost, nothing twice" if not report.trouble else f"{len(report.trouble)} did not hold")
    return int(bool(report.trouble))


def _write_company(folder: Path, skus: int) -> Path:
    """Write a generated company as CSV, which the kills change in between, and its config, which is returned."""
    data = folder / "data"
    data.mkdir()
    for name, table in company_tables(skus, np.random.default_rng(0)).items():
        pd.DataFrame(table).to_csv(data / f"{name}.csv", index=False)
    config = folder / "kills.yaml"
    config.write_text(CONFIG.replace("windows: 3", "windows: 1\n  members: [level]"), encoding="utf-8")
    return config


if __name__ == "__main__":
    sys.exit(main())
