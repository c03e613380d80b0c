"""Who is played on a past day: the plan's top actions with and without, and a sample of SKUs for each target."""

import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.decisions.demo_day import DemoDay
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.policy.targets import CYCLE, FILL

TOP, DRAWS = 50, 16
KEEPING_SKUS, PERISHING_SKUS, SERVICE_DRAWS = 24, 40, 4
LEVELS, PLAN_LEVEL = (0.90, 0.95, 0.98), 0.95
BASE, ACTION, SERVICE, TEXTBOOK = "base", "action", "service", "textbook"
"""Kinds of plays: a SKU without and with an action, to a target, and by the textbook desk."""

_NOT_PLAYED = ("chase", "expedite_question")


@dataclass(frozen=True)
class Cast:
    """Who is played.

    Attributes
    ----------
    variants : name (SKU~mark), unique_id, supplier_id, moq (NaN: the offer's), target, level (NaN: the policy's)
    plays : name of the variant, row of the action (−1: none), kind, draws
    """

    variants: pd.DataFrame
    plays: pd.DataFrame


def top_actions(actions: pd.DataFrame, left: int, most: int = TOP) -> tuple[pd.DataFrame, int]:
    """The first actions of the list that are part of the plan, with what is promised over the days that are left."""
    if "alternative_to" in actions:
        actions = actions[actions["alternative_to"].fillna("") == ""]
    if "worth_in_horizon" in actions:  # the others promise nothing for these days
        actions = actions[actions["worth_in_horizon"] > 0]
    top = actions.head(most)
    played = top[~top["kind"].isin(_NOT_PLAYED)].reset_index(drop=True)
    facts = [json.loads(text) for text in played["facts"]]
    yearly = (played["worth_period"] == "year").to_numpy(bool)
    share = np.where(yearly, left / DAYS_A_YEAR, 1.0)
    worth = played["worth"].to_numpy(float)
    promised = share * worth
    if "worth_in_horizon" in played:
        promised = played["worth_in_horizon"].to_numpy(float)
        share = np.where(worth > 0, promised / np.where(worth > 0, worth, 1.0), share)
    bounds = [
        np.array([fact.get(name, np.nan) for fact in facts], float) for name in ("worth_low", "worth_high")
    ]
    # a part of a year has its share of the worth, and of the spread the root of it
    low, high = (promised + np.sqrt(share) * (bound - worth) for bound in bounds)
    return played.assign(promised=promised, low=low, high=high, fact=facts), len(top) - len(played)


def make_cast(actions: pd.DataFrame, supplier: pd.Series, today: DemoDay) -> Cast:
    """Variants and plays: each action's SKU with and without it, and a sample of SKUs for each target."""
    variants, plays = [], []

    def variant(
        sku: str, mark: str, seller: object, moq: float = np.nan, target: str = "", level: float = np.nan
    ) -> str:
        name = f"{sku}~{mark}"
        variants.append((name, sku, seller, moq, target, level))
        return name

    base = {sku: variant(sku, "base", supplier[sku]) for sku in actions["unique_id"].unique()}
    plays += [(name, -1, BASE, DRAWS) for name in base.values()]
    for row, action in enumerate(actions.itertuples(index=False)):
        name = base[action.unique_id]
        if action.kind == "switch_vendor":
            name = variant(action.unique_id, f"a{row:02}", action.alternative_supplier_id)
        elif action.kind == "lower_moq":
            name = variant(action.unique_id, f"a{row:02}", action.supplier_id, action.quantity)
        plays.append((name, row, ACTION, DRAWS))
    for sku, targets in _sampled(supplier, today).items():
        for target, level in targets:
            name = variant(sku, f"{target}{level:.2f}", supplier[sku], target=target, level=level)
            plays.append((name, -1, SERVICE, SERVICE_DRAWS))
            if (target, level) == (CYCLE, PLAN_LEVEL):
                plays.append((name, -1, TEXTBOOK, SERVICE_DRAWS))
    columns = ["name", "unique_id", "supplier_id", "moq", "target", "level"]
    frame = pd.DataFrame(variants, columns=columns).sort_values("name", ignore_index=True)
    return Cast(frame, pd.DataFrame(plays, columns=["name", "action", "kind", "draws"]))


def _sampled(supplier: pd.Series, today: DemoDay) -> dict[str, list[tuple[str, float]]]:
    """SKUs whose service is looked at, and the targets of each: for those that perish one, for waste and cost."""
    active = supplier.dropna().index.intersection(today.inputs.stock["unique_id"])
    life = today.inputs.items.set_index("unique_id")["shelf_life_days"].reindex(np.sort(active))
    rng = np.random.default_rng(17)
    keeping = rng.choice(life.index[life.isna()], KEEPING_SKUS, replace=False)
    perishing = rng.choice(life.index[life.notna()], PERISHING_SKUS, replace=False)
    every = [(target, level) for target in (CYCLE, FILL) for level in LEVELS]
    return dict.fromkeys(keeping, every) | {sku: [(CYCLE, PLAN_LEVEL)] for sku in perishing}
