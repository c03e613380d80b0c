"""Part `perishables`: cost and waste a year of goods that perish, at several reorder points, beside brute force."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.decisions.demo_years import brute_year
from benchmarks.decisions.figures import Figure, near, shown
from planning.assessment import Assessment
from planning.played_year.year_play import YearPlay

NAMED, COUNT, YEARS = "1000753", 10, 400
SHARES = (0.5, 2.0)
"""Reorder points beside the plan's own, as a share of the expected demand over the protection interval."""

_SCENARIOS, _SEED = 256, 11


def perishables(assessment: Assessment) -> list[Figure]:
    """Ten perishable SKUs on their chosen lanes, at the plan's s and at two others."""
    figures = []
    for number, lane in enumerate(_lanes(assessment)):
        terms = assessment.lane_terms.select(np.array([lane]))
        year = YearPlay.of(
            terms,
            assessment.forecast,
            assessment.inputs.items,
            assessment.setting,
            scenarios=_SCENARIOS,
            shared=assessment.pipeline.shared_delay,
        )
        own, lot = float(terms.reorder_point[0]), float(terms.order_up_to[0] - terms.reorder_point[0])
        others = [float(np.round(share * terms.demand.expected[0])) for share in SHARES]
        for s in (own, *others):
            product = year.play(np.array([s]), np.array([s + lot]))
            cost = year.cost(product).total[0]
            brute = brute_year(assessment, lane, (s, s + lot), years=YEARS, seed=_SEED + number)
            name = f"{terms.lanes['unique_id'].iloc[0]} at s {s:g}"
            wasted = brute.outcome.wasted
            error = _error(brute.cost), _error(wasted)
            figures += [
                near(f"{name}: cost", float(cost.mean()), float(brute.cost.mean()), error[0]),
                near(
                    f"{name}: waste", float(product.wasted.mean()), float(wasted.mean()), error[1], least=1.0
                ),
            ]
        figures.append(shown("", np.nan, np.nan))
    return figures[:-1]


def _lanes(assessment: Assessment) -> list[int]:
    """Chosen lanes of perishable SKUs that are bought: one by name, and others spread over all."""
    terms, items = assessment.chosen_terms, assessment.inputs.items.set_index("unique_id")
    names = terms.lanes["unique_id"].to_numpy(object)
    perishes = items["shelf_life_days"].reindex(names).notna().to_numpy(bool)
    rows: NDArray[np.intp] = np.flatnonzero(perishes & terms.bought & ~np.isnan(terms.total_cost.total))
    named = [row for row in rows if names[row] == NAMED]
    others = [row for row in rows[:: max(len(rows) // COUNT, 1)] if names[row] != NAMED]
    return [int(assessment.chosen_lane[row]) for row in [*named, *others][:COUNT]]


def _error(values: NDArray[np.float64]) -> float:
    """Standard error of the difference of two means, of as many years here and in the product's play."""
    return float(values.std() * np.sqrt(1 / YEARS + 1 / _SCENARIOS))
