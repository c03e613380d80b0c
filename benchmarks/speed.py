"""How long the commands take: `python -m benchmarks.speed [--sizes 1000 10000 30000] [--pairs 100000] [--no-vn2]`.

Each command is a process of its own, start-up included: wall clock, processor
time (what counts where others use the machine too), and the peak of its resident memory. The
companies are generated (`benchmarks.speed_company`), 157 weeks of demand with items, offers, orders and stock;
milliseconds a series show how the cost grows.
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

from benchmarks import speed_company
from benchmarks.demand_data import READ, ROOT, is_there, raw_folder
from database.sources import write_tables

SIZES = (1_000, 10_000, 30_000)
PAIRS = 100_000


@dataclass(frozen=True)
class Run:
    """One command: wall-clock and processor seconds, and peak memory in MB."""

    data: str
    series: int
    verb: str
    seconds: float
    processor: float
    megabytes: float

    @property
    def milliseconds_a_series(self) -> float:
        """Cost of a series."""
        return 1000 * self.seconds / self.series


def run(verb: str, folder: Path, config: Path, *arguments: str) -> tuple[float, float, float]:
    """Run `purvey VERB` on `folder`/data with a home of its own: wall-clock and processor seconds, and MB.

    Raises
    ------
    RuntimeError
        When the command fails.
    """
    command = [sys.executable, "-c", "import purvey; purvey.main()", verb, "--config", str(config)]
    environment = os.environ | {"PURVEY_HOME": str(folder / "home")}
    with (folder / f"{verb}.log").open("w+", encoding="utf-8") as log:
        begun = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603
            [*command, "--data", str(folder / "data"), *arguments],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        if os.waitstatus_to_exitcode(status):
            log.seek(0)
            raise RuntimeError(f"purvey {verb} failed: {log.read().strip()[-2000:]}")
    # Linux counts kilobytes, macOS bytes
    megabytes = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return seconds, usage.ru_utime + usage.ru_stime, megabytes


def company(size: int) -> Iterator[Run]:
    """Train and plan for a generated company."""
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        folder = Path(name)
        config = speed_company.write(folder, size)
        yield Run("generated", size, "train", *run("train", folder, config, "--promote"))
        yield Run("generated", size, "plan", *run("plan", folder, config, "--out", str(folder / "out")))


def pairs(count: int) -> Iterator[Run]:
    """Plan for a company of many SKU × supplier pairs with five open orders each; the cost is told per pair."""
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        folder = Path(name)
        config = speed_company.write_pairs(folder, count)
        run("train", folder, config, "--promote")
        yield Run("pairs", count, "plan", *run("plan", folder, config, "--out", str(folder / "out")))


def vn2() -> Iterator[Run]:
    """Train on the VN2 data, and plan."""
    if not is_there("vn2"):
        print(f"skipped: {raw_folder('vn2')} is not there; set PURVEY_DATA to the folder that holds vn2/")
        return
    with tempfile.TemporaryDirectory(prefix="speed-") as name:
        folder, config = Path(name), ROOT / "configs" / "vn2.yaml"
        tables = READ["vn2"](raw_folder("vn2"))
        write_tables(tables, folder / "data")
        size = len(tables["items"])
        yield Run("vn2", size, "train", *run("train", folder, config, "--promote"))
        yield Run("vn2", size, "plan", *run("plan", folder, config, "--out", str(folder / "out")))


def main(argv: list[str] | None = None) -> None:
    """Read the command line, run and print."""
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
    asked = [*([] if given.no_vn2 else [vn2()]), *(company(size) for size in given.sizes)]
    for runs in [*asked, *([pairs(given.pairs)] if given.pairs else [])]:
        for one in runs:
            done.append(one)
            print(
                f"{one.data:12}{one.series:8}  {one.verb:8}{one.seconds:9.1f}{one.processor:11.1f}{one.megabytes:9.0f}"
                f"{one.milliseconds_a_series:13.2f}",
                flush=True,
            )
    if given.json:
        given.json.write_text(json.dumps([asdict(one) for one in done], indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
