"""How long the commands take: `python -m benchmarks.speed [--sizes 1000 10000 30000] [--pairs 100000] [--no-vn2]`.

Each command is a process of its own, start-up included: wall clock, processor time (what counts where others use the
machine too), and the peak of its resident memory. The companies are generated (`benchmarks.speed.generated_company`),
157 weeks of demand with items, offers, orders and stock; milliseconds a series show how the cost grows. At the end
stand a plan for many SKU × supplier pairs, the mixture of lead times and demand by itself, and what stockcast
simulates in the time of that plan.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

from benchmarks.demand.data_sets import DATA_SETS
from benchmarks.raw_data import ROOT, is_available, raw_folder
from benchmarks.simulation_speed import stockcast_skus
from benchmarks.speed import generated_company
from database.sources.data_directory import write_directory
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.levels import DEMAND_LEVELS, LEAD_TIME_LEVELS
from distributions.parametric import gamma_lead_time
from planning.policy.lead_time_demand import lead_time_demand

SIZES = (1_000, 10_000, 30_000)
PAIRS = 100_000


@dataclass(frozen=True)
class CommandRun:
    """One measured run of a command: wall-clock and processor seconds, and peak memory in MB."""

    data: str
    series: int
    verb: str
    seconds: float
    processor: float
    megabytes: float

    @property
    def milliseconds_a_series(self) -> float:
        """Wall-clock milliseconds of the command for each series."""
        return 1000 * self.seconds / self.series


def run_command(verb: str, folder: Path, config: Path, *arguments: str) -> tuple[float, float, float]:
    """Run `purvey VERB` on `folder`/data with a home of its own: wall-clock and processor seconds, and MB.

    Raises
    ------
    RuntimeError
        When the command fails.
    """
    command = [sys.executable, "-m", "commands", verb, "--config", str(config)]
    environment = os.environ | {"PURVEY_HOME": str(folder / "home")}
    with (folder / f"{verb}.log").open("w+", encoding="utf-8") as log:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            [*command, "--data", str(folder / "data"), *arguments],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        if os.waitstatus_to_exitcode(status):
            log.seek(0)
            raise RuntimeError(f"purvey {verb} failed: {log.read().strip()[-2000:]}")
    # Linux counts kilobytes, macOS bytes
    megabytes = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return seconds, usage.ru_utime + usage.ru_stime, megabytes


def generated_runs(size: int) -> Iterator[CommandRun]:
    """Measured runs of train and plan for a generated company of `size` SKUs."""
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        folder = Path(name)
        config = generated_company.write_company(folder, size)
        yield CommandRun("generated", size, "train", *run_command("train", folder, config, "--promote"))
        yield CommandRun(
            "generated", size, "plan", *run_command("plan", folder, config, "--out", str(folder / "out"))
        )


def pair_runs(count: int) -> Iterator[CommandRun]:
    """Measured runs of train and plan for `count` SKU × supplier pairs with five open orders each."""
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        folder = Path(name)
        config = generated_company.write_pairs(folder, count)
        yield CommandRun("pairs", count, "train", *run_command("train", folder, config, "--promote"))
        yield CommandRun(
            "pairs", count, "plan", *run_command("plan", folder, config, "--out", str(folder / "out"))
        )


def mixture_seconds(count: int) -> float:
    """Wall-clock seconds of D(L+R) alone for `count` SKU × supplier pairs: eight weeks ahead, lead times of weeks."""
    rng = np.random.default_rng(0)
    starts = pd.date_range(generated_company.END, periods=9, freq="W-MON").to_numpy()
    mean = np.repeat(rng.lognormal(2, 1, count)[:, None], 8, axis=1)
    total, spread = mean.cumsum(axis=1), 0.5 * mean * np.sqrt(np.arange(1, 9))
    z = ndtri(DEMAND_LEVELS)
    forecast = DemandForecast(
        unique_ids=np.arange(count).astype(object),
        cutoff=starts[0] - np.timedelta64(7, "D"),
        starts=starts,
        levels=DEMAND_LEVELS,
        mean=mean,
        quantiles=np.maximum(mean[..., None] * (1 + 0.5 * z), 0),
        cumulative_mean=total,
        cumulative=np.maximum(total[..., None] + spread[..., None] * z, 0),
        demand_class=np.full(count, "smooth", object),
        reason=np.full(count, "", object),
    )
    lead_time_quantiles = gamma_lead_time(28, 8).values * rng.uniform(0.5, 1.5, (count, 1))
    started = time.perf_counter()
    lead_time_demand(forecast, Distribution(LEAD_TIME_LEVELS, lead_time_quantiles), review=7)
    return time.perf_counter() - started


def vn2_runs() -> Iterator[CommandRun]:
    """Measured runs of train and plan on the VN2 data."""
    if not is_available("vn2"):
        return
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        folder, config = Path(name), ROOT / "configs" / "vn2.yaml"
        tables = DATA_SETS["vn2"](raw_folder("vn2"))
        write_directory(tables, folder / "data")
        size = len(tables["items"])
        yield CommandRun("vn2", size, "train", *run_command("train", folder, config, "--promote"))
        yield CommandRun(
            "vn2", size, "plan", *run_command("plan", folder, config, "--out", str(folder / "out"))
        )


def main(argv: list[str] | None = None) -> None:
    """Run the speed benchmark: measure Purvey's commands and print their seconds and memory."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed")
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES, help="SKUs of the generated companies")
    parser.add_argument(
        "--pairs", type=int, default=PAIRS, help="SKU × supplier pairs with five open orders; 0: none"
    )
    parser.add_argument("--no-vn2", action="store_true", help="leave VN2 out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    given = parser.parse_args(argv)
    print(
        f"{'data':12}{'series':>8}  {'verb':8}{'seconds':>9}{'processor':>11}{'peak MB':>9}{'ms a series':>13}",
        flush=True,
    )
    done = []
    batches = [*([] if given.no_vn2 else [vn2_runs()]), *(generated_runs(size) for size in given.sizes)]
    for runs in [*batches, *([pair_runs(given.pairs)] if given.pairs else [])]:
        for one in runs:
            done.append(one)
            print(
                f"{one.data:12}{one.series:8}  {one.verb:8}{one.seconds:9.1f}{one.processor:11.1f}{one.megabytes:9.0f}"
                f"{one.milliseconds_a_series:13.2f}",
                flush=True,
            )
    if given.pairs:
        print(
            f"the mixture of lead times and demand alone, {given.pairs:,} pairs: {mixture_seconds(given.pairs):.1f} s"
        )
        print(
            f"stockcast plays a year of (s, S) for {stockcast_skus(done[-1].seconds):,.0f} SKUs in the plan's time"
        )
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in done], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
