"""Part `fill`: the demo's stock for a fill rate of 95 %, reorder points met in play beside the closed form's."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.decisions.demo_day import DemoDay
from benchmarks.decisions.figures import Figure, shown
from planning.assessment import Assessment
from planning.inputs import numbers_by_sku
from planning.played_year.year_play import YearPlay
from planning.policy.targets import FILL
from planning.simulation.engine.lane_play import PlayResult

LEVEL, SAVED, SCENARIOS = 0.95, 0.05, 128
_NEVER = 1e12
"""`policy.played_from` above which no lane is played: all have the closed form's reorder point."""


def fill_rate(today: DemoDay) -> list[Figure]:
    """Stock of goods that keep in a played year, money at their holding cost, and the demand that it meets."""
    policy = today.config.policy.model_copy(update={"target": FILL, "level": LEVEL})
    closed = policy.model_copy(update={"played_from": _NEVER})
    ours, formula = (today.planner(each).assess(today.inputs) for each in (policy, closed))
    life = numbers_by_sku(today.inputs.items, "shelf_life_days", ours.forecast.unique_ids)
    terms = ours.chosen_terms
    same = terms.lanes["supplier_id"].to_numpy(object) == formula.chosen_terms.lanes["supplier_id"].to_numpy(
        object
    )
    rows = np.flatnonzero(np.isnan(life) & terms.bought & same & ~terms.limits.impossible)
    played, textbook = (_played(each, rows) for each in (ours, formula))
    holding = terms.costs.holding[rows]
    held, formulas = (
        float(holding @ each.stock_days.mean(axis=1) / each.days) for each in (played, textbook)
    )
    met, formula_meets = (
        100 * (1 - float(each.missed.sum() / each.demand.sum())) for each in (played, textbook)
    )
    passed = held <= (1 - SAVED) * formulas
    return [
        Figure("holding cost a year: in play, closed form", held, formulas, target="5 % less", passed=passed),
        shown("demand met, %: in play, closed form", met, formula_meets),
        shown("SKUs", float(len(rows)), float(len(rows))),
    ]


def _played(assessment: Assessment, rows: NDArray[np.intp]) -> PlayResult:
    """A year of the chosen lanes of the SKUs `rows`, in the same world whatever their reorder points are."""
    terms = assessment.chosen_terms.select(rows)
    items, setting = assessment.inputs.items, assessment.setting
    year = YearPlay.of(terms, assessment.forecast, items, setting, scenarios=SCENARIOS)
    return year.play(terms.reorder_point, terms.order_up_to)
