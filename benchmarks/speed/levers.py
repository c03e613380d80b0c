"""How long pricing all levers takes: `python -m benchmarks.speed.levers [--skus 10000] [--only LEVER …]`.

A generated company with three offers a SKU and five open orders at each is trained and assessed; then every lever is
asked, one after the other, and the whole worklist is made: wall clock and processor seconds, and what each proposes.
"""

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.speed import generated_company
from configs.load import load_config
from database.settings import Settings
from jobs.plan import run_plan
from planning.assessment import Assessment
from planning.levers.lever_plays import LeverPlays
from planning.levers.yearly_levers import YEARLY
from planning.worklist.list_actions import list_actions
from serving.state.follower import Follower
from training.options_and_result import TrainOptions
from training.pipeline import train


def assessed(skus: int, folder: Path) -> Assessment:
    """The assessment of a generated company of so many SKUs."""
    config = load_config(generated_company.write_pairs(folder, generated_company.PAIRED * skus, levers="all"))
    settings, source = Settings(home=folder / "home"), str(folder / "data")
    train(config, source, settings, TrainOptions(promote=True))
    run_plan(settings, source=source, out=folder / "out")
    follower = Follower()
    follower.open(settings)
    served = follower.current()
    return served.planner(served.forecast).assess(served.inputs)


def main() -> None:
    """Assess the company, and print what each lever takes and proposes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skus", type=int, default=10_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="levers-") as name:
        assessment = assessed(args.skus, Path(name))
    plays = LeverPlays(assessment)
    for lever in YEARLY:
        begin, used = time.perf_counter(), time.process_time()
        result = lever(plays)
        kinds = ", ".join(sorted(set(result.actions["kind"]))) or getattr(lever, "__name__", "")
        took, work = time.perf_counter() - begin, time.process_time() - used
        print(
            f"{kinds:45} {len(result.actions):6,} actions {took:7.1f} s, {work:7.1f} of processors",
            flush=True,
        )
    begin, used = time.perf_counter(), time.process_time()
    actions = list_actions(assessment)
    took, work = time.perf_counter() - begin, time.process_time() - used
    print(
        f"the whole worklist of {args.skus:,} SKUs: {len(actions):,} actions in {took:.0f} s, {work:.0f} of processors"
    )


if __name__ == "__main__":
    main()
