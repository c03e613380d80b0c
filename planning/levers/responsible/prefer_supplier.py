"""Prefer a supplier: what it costs to meet the goals for whom is bought from, the cheapest moves first.

A goal is the company's own wish, not a saving: its actions say the price of it, and their worth may be negative.
"""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.formats import money, number, price, share
from planning.actions.action_table import act_by_next_order, action_rows, confidence
from planning.actions.played_worth import PlayedWorth
from planning.levers.lever_lines import LeverResult, lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.moves import Moves, cheapest_moves, yearly_spend
from planning.levers.responsible.emissions import emissions_saved, lane_emissions
from planning.levers.responsible.goals import (
    ALL,
    FLAGS,
    MOST_FROM_ONE,
    Goal,
    categories,
    goals,
    lanes_of_kind,
    largest_supplier,
    of_category,
    share_now,
)

EMISSIONS = "emissions"
"""The goal of moves that pay by the emissions that they save."""

_NEAR = 1e-6
_LEAST = "It is one of the moves towards the goal that cost least for the spend that they move."


def prefer_supplier(plays: LeverPlays) -> LeverResult:
    """Propose to buy SKUs of a category whose goal is missed elsewhere, until it is met: each at its price.

    Worth: the difference of the same years, with the emissions saved at their price where one is set; negative where
    the goal costs money. SKUs that goals before in the list have moved are not moved again, and none leaves a supplier
    of a kind that has a goal for one that is not of it. Where emissions have a price, moves that pay by them alone are
    proposed too.
    """
    free = np.ones(len(plays.assessment.forecast), bool)
    results = []
    for goal in goals(plays.assessment):
        result = _of_goal(plays, goal, free)
        if result is not None:
            free[plays.assessment.forecast.rows(result.lines["unique_id"])] = False
            results.append(result)
    cleaner = _cleaner(plays, free)
    if cleaner is not None:
        results.append(cleaner)
    if not results:
        return LeverResult()
    return LeverResult(
        pd.concat([result.actions for result in results], ignore_index=True),
        pd.concat([result.lines for result in results], ignore_index=True),
    )


def _of_goal(plays: LeverPlays, goal: Goal, free: NDArray[np.bool_]) -> LeverResult | None:
    """Actions towards one goal; none where it is met, or nothing can be moved."""
    assessment = plays.assessment
    skus = of_category(categories(assessment), goal.category)
    spend = float(yearly_spend(assessment)[skus].sum())
    supplier = assessment.lane_terms.lanes["supplier_id"].fillna("").astype(str).to_numpy()
    if goal.of == MOST_FROM_ONE:
        largest, now = largest_supplier(assessment, skus)
        leaves = skus & free & (supplier[assessment.chosen_lane] == largest)
        missing, good = (now - goal.share) * spend, supplier != largest
    else:
        good = lanes_of_kind(assessment, goal.of)
        now = share_now(assessment, skus, good)
        leaves = skus & free & ~good[assessment.chosen_lane]
        missing = (goal.share - now) * spend
    if not missing > _NEAR * spend:
        return None
    moves = cheapest_moves(plays, leaves, good & _keeps_goals(plays, goal.category))
    moves = moves.until(missing)
    return _actions(plays, goal, moves, now) if len(moves.skus) else None


def _cleaner(plays: LeverPlays, free: NDArray[np.bool_]) -> LeverResult | None:
    """Actions that save emissions worth their effort at the price of emissions, and would not pay without it."""
    assessment = plays.assessment
    price, effort = assessment.setting.policy.responsible.emission_price, plays.effort("prefer_supplier")
    if price <= 0:
        return None
    each = lane_emissions(assessment)
    sku = assessment.lane_terms.lanes["row"].to_numpy(np.intp)
    cleaner = each < each[assessment.chosen_lane[sku]]
    moves = cheapest_moves(plays, free, cleaner & _keeps_goals(plays, ALL))
    gain = price * emissions_saved(assessment, moves) - moves.price
    moves = moves.select(np.flatnonzero((gain > effort) & (-moves.price <= effort)))
    goal = Goal(ALL, EMISSIONS, float("nan"))
    return _actions(plays, goal, moves, float("nan")) if len(moves.skus) else None


def _keeps_goals(plays: LeverPlays, category: str) -> NDArray[np.bool_]:
    """Lanes (all,) of suppliers that are of every kind with a goal for the category that today's supplier is of."""
    assessment = plays.assessment
    sku = assessment.lane_terms.lanes["row"].to_numpy(np.intp)
    keeps = np.ones(len(sku), bool)
    for other in goals(assessment):
        if other.of in FLAGS and (category == ALL or other.category in (category, ALL)):
            kind = lanes_of_kind(assessment, other.of)
            keeps &= kind | ~kind[assessment.chosen_lane[sku]]
    return keeps


def _actions(plays: LeverPlays, goal: Goal, moves: Moves, now: float) -> LeverResult:
    """The action table's rows of moves (k,) towards a goal, with their lines."""
    assessment, terms = plays.assessment, plays.assessment.lane_terms
    kind = {MOST_FROM_ONE: "reduce_reliance", EMISSIONS: "lower_emissions"}.get(goal.of, "prefer_supplier")
    clean = emissions_saved(assessment, moves)
    value = assessment.setting.policy.responsible.emission_price * clean
    worth = PlayedWorth.of_saved(moves.saved + value[:, None], plays.effort(kind))
    supplier_id = terms.lanes["supplier_id"].to_numpy(object)
    skus = of_category(categories(assessment), goal.category)
    total = float(yearly_spend(assessment)[skus].sum())
    head = pd.DataFrame(
        {
            "kind": kind,
            "unique_id": terms.lanes["unique_id"].to_numpy(object)[moves.now],
            "supplier_id": supplier_id[moves.now],
            "alternative_supplier_id": supplier_id[moves.there],
            "subject": f"{goal.category}/{goal.of}",
            "quantity": terms.order_size[moves.there],
            "worth": worth.mean,
            "worth_period": "year",
            "act_by": act_by_next_order(assessment)[moves.skus],
            "confidence": confidence(assessment, moves.there, uses_shortage=True),
        }
    )
    unit_price = terms.costs.prices.price(terms.order_size)
    facts = pd.DataFrame(
        {
            "goal": goal.of,
            "category": goal.category,
            "goal_share": goal.share,
            "share_now": now,
            "moves_share": moves.spend / total,
            "category_spend": total,
            "spend": moves.spend,
            "price_of_preferring": moves.price,
            "emissions_saved": clean,
            "emissions_value": value,
            "price_now": unit_price[moves.now],
            "price_alternative": unit_price[moves.there],
            **worth.facts(),
        }
    )
    actions = action_rows(assessment, head, facts, partial(_describe, assessment.inputs.currency))
    lines = lever_lines(head["unique_id"].tolist(), moves.there.tolist(), worth=worth.mean)
    return LeverResult.of(actions, lines)


def _describe(currency: str, a: Any) -> tuple[str, str]:
    """Title and evidence of preferring a supplier, from the action's row."""
    what = "all that is bought" if a.category == ALL else a.category
    cost = a.price_of_preferring
    costs = f"costs {money(cost, currency)} a year" if cost >= 0 else f"saves {money(-cost, currency)} a year"
    if a.goal == EMISSIONS:
        title = f"Buy {a.sku} from {a.alternative}, with fewer emissions, instead of {a.supplier}"
        goal = "Emissions have a price (policy.responsible.emission_price)."
    elif a.goal == MOST_FROM_ONE:
        title = f"Rely less on {a.supplier} for {what}: buy {a.sku} from {a.alternative}"
        goal = f"{share(a.share_now)} of {what} comes from {a.supplier}, at most {share(a.goal_share)} is wanted."
    else:
        title = f"Buy {a.sku} from {a.alternative}, which is {a.goal}, instead of {a.supplier}"
        goal = f"{share(a.share_now)} of {what} comes from {a.goal} suppliers, the goal is {share(a.goal_share)}."
    clean = ""
    if abs(a.emissions_saved) >= 0.5:
        less = "fewer" if a.emissions_saved > 0 else "more"
        clean = f" It means {number(abs(a.emissions_saved))} units of emissions {less} a year"
        clean += f", worth {money(a.emissions_value, currency)}." if a.emissions_value else "."
    evidence = (
        f"{goal} This moves {money(a.spend, currency)} a year, {share(a.moves_share, 1)} of it, and {costs}: "
        f"{a.alternative} asks {price(a.price_alternative, currency)}, {a.supplier} {price(a.price_now)}, and the same "
        f"years were played with each. In 80 of 100 years the difference is worth between "
        f"{money(a.worth_low, currency)} and {money(a.worth_high, currency)}.{clean} "
        f"{_LEAST if a.goal != EMISSIONS else 'Without their price the move would not pay its effort.'}"
    )
    return title, evidence
