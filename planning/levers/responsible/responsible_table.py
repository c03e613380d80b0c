"""The plan's table of responsible purchasing: shares of spend, goals, emissions, and the price of each goal."""

from typing import Any

import numpy as np
import orjson
import pandas as pd

from planning.assessment import Assessment
from planning.levers.moves import yearly_spend
from planning.levers.responsible.emissions import lane_emissions
from planning.levers.responsible.goals import (
    ALL,
    FLAGS,
    MOST_FROM_ONE,
    categories,
    goals,
    lanes_of_kind,
    largest_supplier,
    of_category,
    share_now,
)

RESPONSIBLE = {
    "category": "object", "goal": "object", "supplier_id": "object", "spend": "float64", "share_now": "float64",
    "goal_share": "float64", "share_then": "float64", "met": "boolean", "price": "float64", "skus": "int64",
    "emissions": "float64", "moves": "object",
}  # fmt: skip
"""Column of the table of responsible purchasing → dtype."""

_KINDS = ("prefer_supplier", "reduce_reliance")
_MOVE = ("unique_id", "supplier_id", "alternative_supplier_id", "spend", "price")
_NEAR = 1e-6


def no_responsible() -> pd.DataFrame:
    """The table of responsible purchasing without rows."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in RESPONSIBLE.items()})


def responsible_frame(assessment: Assessment, actions: pd.DataFrame) -> pd.DataFrame:
    """Shares of a year's spend by category, `all` first, and what the goals for them cost.

    Parameters
    ----------
    actions : the plan's actions

    Returns
    -------
    DataFrame
        `RESPONSIBLE`, a row for each category and kind of supplier (goal `local`, `diverse`, `certified`, or
        `most_from_one` for its largest supplier): spend (money a year), share_now, goal_share (NaN: no goal),
        share_then (after the plan's moves), met (by those), price (of them, money a year; negative: they save), skus
        (to move), emissions (a year), moves (the plan's, the cheapest first, as a JSON list of objects: unique_id,
        supplier_id, alternative_supplier_id, spend, price)
    """
    moved = _moved(actions)
    wanted = {(goal.category, goal.of): goal.share for goal in goals(assessment)}
    spend = yearly_spend(assessment)
    category_of = categories(assessment)
    by_category = pd.Series(spend).groupby(category_of).sum()
    names = [name for name in by_category[by_category > 0].sort_values(ascending=False).index if name]
    clean = np.nan_to_num(lane_emissions(assessment)[assessment.chosen_lane])
    kinds = {of: lanes_of_kind(assessment, of) for of in FLAGS}
    rows: list[dict[str, Any]] = []
    for category in [ALL, *names]:
        skus = of_category(category_of, str(category))
        total = float(spend[skus].sum())
        for of in (*FLAGS, MOST_FROM_ONE):
            if of == MOST_FROM_ONE:
                supplier, share = largest_supplier(assessment, skus)
            else:
                supplier, share = "", share_now(assessment, skus, kinds[of])
            moves = moved.get((str(category), of), [])
            goal = wanted.get((str(category), of), float("nan"))
            moving = sum(move["share"] for move in moves)
            then = share + (-moving if of == MOST_FROM_ONE else moving)
            rows.append(
                {
                    "category": category,
                    "goal": of,
                    "supplier_id": supplier,
                    "spend": total,
                    "share_now": share,
                    "goal_share": goal,
                    "share_then": then,
                    "met": pd.NA if np.isnan(goal) else _met(of, then, goal),
                    "price": sum(move["price"] for move in moves),
                    "skus": len(moves),
                    "emissions": float(clean[skus].sum()),
                    "moves": orjson.dumps([{name: move[name] for name in _MOVE} for move in moves]).decode(),
                }
            )
    return pd.DataFrame(rows, columns=list(RESPONSIBLE)).astype(RESPONSIBLE)


def _met(of: str, share: float, goal: float) -> bool:
    """Whether a share meets a goal."""
    return share <= goal + _NEAR if of == MOST_FROM_ONE else share >= goal - _NEAR


def _moved(actions: pd.DataFrame) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """The plan's moves towards each goal, by category and kind of supplier, the cheapest first."""
    moved: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for action in actions[actions["kind"].isin(_KINDS)].itertuples():
        facts = orjson.loads(str(action.facts))
        move = {name: getattr(action, name) for name in _MOVE[:3]}
        move |= {
            "spend": facts["spend"],
            "price": facts["price_of_preferring"],
            "share": facts["moves_share"],
        }
        moved.setdefault((facts["category"], facts["goal"]), []).append(move)
    return {goal: sorted(moves, key=lambda move: float(move["price"])) for goal, moves in moved.items()}
