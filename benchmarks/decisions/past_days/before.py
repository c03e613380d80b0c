"""The plan of another tree, as before a change, played on the same days: its cost beside the plan's of this one.

In a process of its own the product is imported from the other tree, demo and judge from this one; what this one's
configs and benchmarks have more is found here. Models are trained there anew; its actions are not played.
"""

import subprocess
import sys
from pathlib import Path

from benchmarks.decisions.figures import Figure

_HERE = Path(__file__).resolve().parents[3]

_RUN = """
import importlib.util, sys
tree, here = {tree!r}, {here!r}
sys.path.insert(0, tree)
spec = importlib.util.spec_from_file_location("examples", here + "/examples/__init__.py")
sys.modules["examples"] = importlib.util.module_from_spec(spec)
import benchmarks, configs
benchmarks.__path__.append(here + "/benchmarks")
configs.__path__.append(here + "/configs")
from benchmarks.decisions.past_days.before import play_here
print(play_here({work!r}, quick={quick!r}))
"""


def before_figures(tree: Path, work: Path, plan: float, *, quick: bool) -> list[Figure]:
    """The total cost of the same days by the plan of the other tree, beside this one's."""
    code = _RUN.format(tree=str(tree.resolve()), here=str(_HERE), work=str(work.resolve()), quick=quick)
    result = subprocess.run(  # noqa: S603  # our own code in the tree that was named
        [sys.executable, "-c", code], cwd=tree, check=True, stdout=subprocess.PIPE, text=True
    )
    other = float(result.stdout.split()[-1])
    return [
        Figure("total cost: plan, plan of the tree before", plan, other, target="less", passed=plan < other)
    ]


def play_here(work: str, *, quick: bool) -> float:
    """In the other process: what the days of the demo that lies in `work` cost by its plan."""
    from benchmarks.decisions.demo_day import read_company
    from benchmarks.decisions.past_days.played_day import play_day
    from benchmarks.decisions.past_days.truth import days_of, plan_rows, service_of

    company = read_company(Path(work) / "demo")
    days = [play_day(company, day, Path(work) / "before", most=0) for day in days_of(company, quick=quick)]
    return float(plan_rows(service_of(days))["cost"].sum())
