"""Part `truth`: the plan of past days of the demo played forward on what really came, its promises beside that."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.decisions.demo_day import DemoCompany
from benchmarks.decisions.figures import Figure, inside, shown
from benchmarks.decisions.past_days.cast import LEVELS, PLAN_LEVEL, SERVICE, SERVICE_DRAWS, TEXTBOOK, TOP
from benchmarks.decisions.past_days.played_day import PlayedDay, play_day
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.policy.targets import CYCLE, FILL

BACK = (26, 24, 22, 20, 18, 16, 14, 12)
"""Weeks before the end at which a day is planned and played."""

QUICK = (18, 12)
PROCESSES = 2
COVERED, PROMISED, WASTED = (0.70, 0.90), (0.85, 1.15), 0.15
_POINT = 0.01


def truth(company: DemoCompany, work: Path, *, quick: bool = False) -> list[Figure]:
    """Worth promised and realised, service kept, waste and cost of past days, and what closed forms would cost."""
    days = play_days(company, work, quick=quick)
    service = service_of(days)
    closed = service_of(play_days(company, work, quick=quick, most=0, closed_forms=True))
    ours, theirs = (float(plan_rows(some)["cost"].sum()) for some in (service, closed))
    return [
        *worth_figures(days),
        *service_figures(service),
        *cost_figures(service),
        shown("total cost: plan, its closed forms", ours, theirs),
    ]


def service_of(days: Sequence[PlayedDay]) -> pd.DataFrame:
    """What the service plays of all days counted, with the number of the day."""
    return pd.concat(
        [day.service.assign(number=number) for number, day in enumerate(days)], ignore_index=True
    )


def plan_rows(service: pd.DataFrame) -> pd.DataFrame:
    """Copies that are played by the plan to the target of its policy: those that are compared by cost."""
    return service[
        (service["kind"] == SERVICE) & (service["target"] == CYCLE) & (service["level"] == PLAN_LEVEL)
    ]


def days_of(company: DemoCompany, *, quick: bool) -> list[pd.Timestamp]:
    """The past days that are played."""
    return [company.end - pd.Timedelta(weeks=back) for back in (QUICK if quick else BACK)]


def play_days(
    company: DemoCompany, work: Path, *, quick: bool, most: int = TOP, closed_forms: bool = False
) -> list[PlayedDay]:
    """All past days played, two at a time."""
    days = days_of(company, quick=quick)
    one = partial(play_day, company, work=work, most=most, closed_forms=closed_forms)
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        return list(pool.map(one, days))


def worth_figures(days: Sequence[PlayedDay]) -> list[Figure]:
    """Of the top actions: how often the realised worth lies in the stated range, and realised against promised."""
    actions = pd.concat([day.actions for day in days], keys=range(len(days)), names=["number", None])
    sums = actions.groupby(level="number")[["promised", "realised", "inside"]].sum()
    counts = actions.groupby(level="number").size()
    covered, covered_error = _ratio(sums["inside"], counts)
    ratio, ratio_error = _ratio(sums["realised"], sums["promised"])
    figures = [
        inside("worth inside the stated 80 % range, share", covered, *COVERED, error=covered_error),
        inside("worth realised / promised", ratio, *PROMISED, error=ratio_error),
        shown("worth of all actions", float(sums["promised"].sum()), float(sums["realised"].sum())),
    ]
    for kind, some in actions.groupby("kind"):
        name = f"  {kind}: {len(some)}, {some['inside'].mean():.0%} inside"
        error = float(np.sqrt((some["error"] ** 2).sum()))
        figures.append(shown(name, float(some["promised"].sum()), float(some["realised"].sum()), error))
    skipped = sum(day.skipped for day in days)
    return [*figures, shown("  top actions that cannot be played", np.nan, float(skipped))]


def service_figures(service: pd.DataFrame) -> list[Figure]:
    """Service of goods that keep, in % of real replenishment cycles or of demand, against what each target promised.

    Where the least lot alone keeps more than the target, the plan promises, and has to keep, that.
    """
    figures = []
    for target in (CYCLE, FILL):
        for level in LEVELS:
            rows = service[
                (service["kind"] == SERVICE) & (service["target"] == target) & (service["level"] == level)
            ]
            rows = rows[~rows["perishes"]]
            promised = _promised(rows, _COUNTED[target][1])
            rows = rows.groupby("unique_id")[list(_COUNTED[target])].sum()  # a SKU's days overlap
            lost, error = _ratio(*(rows[name] for name in _COUNTED[target]))
            if target == CYCLE:  # no cycle short is no proof; draws of a SKU share its demand
                cycles = rows["own_cycles"].sum() / SERVICE_DRAWS
                error = max(error, float(np.sqrt(level * (1 - level) / max(cycles, 1.0))))
            kept = 100 * (1 - lost)
            passed = abs(kept - promised) <= max(100 * _POINT, 200 * error)
            name, bound = f"{target} {100 * level:.0f}, % kept", "1 point or 2 errors"
            figures.append(Figure(name, promised, kept, 100 * error, bound, bool(passed)))
    return figures


def _promised(rows: pd.DataFrame, weight: str) -> float:
    """Service in % that the plans of copies promise, weighted by what was counted: the target or, with lots, more."""
    known = rows[rows["promised"].notna()]
    return float(100 * np.average(known["promised"], weights=known[weight]))


_COUNTED = {CYCLE: ("own_short_cycles", "own_cycles"), FILL: ("own_missed", "own_demand")}


def cost_figures(service: pd.DataFrame) -> list[Figure]:
    """Waste predicted and real, and the total cost beside the textbook desk's."""
    plan = plan_rows(service)
    perishing = plan[plan["perishes"]]
    promised = perishing["spoiled_a_year"] * perishing["own_days"] / DAYS_A_YEAR
    predicted, real = float(promised.sum()), float(perishing["own_wasted"].sum())
    off = (promised - perishing["own_wasted"]).groupby(perishing["unique_id"]).sum()
    error = float(np.sqrt((off**2).sum()))  # a SKU's days are not independent, SKUs are
    near = abs(predicted - real) <= WASTED * real
    textbook = service[service["kind"] == TEXTBOOK]
    figures = [Figure("waste, units", predicted, real, error, "within 15 %", near)]
    for name, goods in (("goods that keep", False), ("perishables", True)):
        ours, theirs = (float(some.loc[some["perishes"] == goods, "cost"].sum()) for some in (plan, textbook))
        figures.append(shown(f"cost of {name}: plan, textbook desk", ours, theirs))
    ours, theirs = float(plan["cost"].sum()), float(textbook["cost"].sum())
    return [
        *figures,
        Figure("total cost: plan, textbook desk", ours, theirs, target="less", passed=ours < theirs),
    ]


def _ratio(part: pd.Series, whole: pd.Series) -> tuple[float, float]:
    """Ratio of two sums over groups, and its standard error, the groups being independent."""
    share = float(part.sum() / whole.sum())
    rest = part - share * whole
    return share, float(np.sqrt((rest**2).sum()) / abs(whole.sum()))
