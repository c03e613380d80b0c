"""Part `vendors`: what the demo's switches of vendor are worth a year, the plan beside brute force."""

import json

import numpy as np

from benchmarks.decisions.demo_years import brute_year
from benchmarks.decisions.figures import Figure, near, shown
from distributions.distribution import Array
from planning.assessment import Assessment
from planning.levers.lever_plays import LeverPlays
from planning.levers.vendor.switch_vendor import switch_vendor

YEARS = 200
_SEED = 5


def vendors(assessment: Assessment) -> list[Figure]:
    """Worth of every proposed switch of vendor, and their sum, in years of the brute force's own."""
    actions = switch_vendor(LeverPlays(assessment)).actions
    figures, worths, errors = [], [], []
    for number, action in enumerate(actions.itertuples(index=False)):
        now, then = (
            _cost(assessment, action.unique_id, supplier, number)
            for supplier in (action.supplier_id, action.alternative_supplier_id)
        )
        saved = now - then
        facts = json.loads(action.facts)
        error = float(np.hypot(saved.std() / np.sqrt(YEARS), _product_error(facts)))
        name = f"{action.unique_id} {action.supplier_id} to {action.alternative_supplier_id}"
        figures.append(near(name, float(action.worth), float(saved.mean()), error))
        worths.append(float(saved.mean()))
        errors.append(error)
    passed = np.mean([bool(figure.passed) for figure in figures]) if figures else 1.0
    total = near(
        "all switches", float(actions["worth"].sum()), float(sum(worths)), float(np.linalg.norm(errors))
    )
    worst = sorted(figures, key=lambda figure: -abs(figure.product - figure.truth) / figure.error)[:10]
    share = Figure(
        "share of switches within", np.nan, float(passed), target="≥ .9", passed=bool(passed >= 0.9)
    )
    return [total, share, shown("the ten furthest off:", np.nan, np.nan), *worst]


def _product_error(facts: dict[str, float]) -> float:
    """Standard error of a worth played in 128 years whose 80 % range is known."""
    return float((facts["worth_high"] - facts["worth_low"]) / 2.563 / np.sqrt(128))


def _cost(assessment: Assessment, sku: str, supplier: str, number: int) -> Array:
    """Cost of years of a SKU bought from a supplier."""
    lanes = assessment.lane_terms.lanes
    lane = int(np.flatnonzero((lanes["unique_id"] == sku) & (lanes["supplier_id"] == supplier))[0])
    terms = assessment.lane_terms
    levels = float(terms.reorder_point[lane]), float(terms.order_up_to[lane])
    return brute_year(assessment, lane, levels, years=YEARS, seed=_SEED + number).cost
