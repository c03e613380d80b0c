"""Who is played on a past day: the plan's top actions with and without, and a sample of SKUs for each target."""

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.decisions.demo_day import DemoDay
from benchmarks.decisions.past_days.agreed import AS_IT_IS, Agreed, agreed_of, can_be_played
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.policy.targets import CYCLE, FILL

TOP, DRAWS = 50, 16
KEEPING_SKUS, PERISHING_SKUS, SERVICE_DRAWS = 24, 40, 4
LEVELS, PLAN_LEVEL = (0.90, 0.95, 0.98), 0.95
BASE, ACTION, SERVICE, TEXTBOOK = "base", "action", "service", "textbook"
"""Kinds of plays: a SKU without and with an action, to a target, and by the textbook desk."""

_NOT_PLAYED = (
    "chase",
    "expedite_question",
    "dual_source",
    "contingency",
    "activate_alternate",
    "reduce_reliance",
)
"""Kinds that change nothing that a play of one lane shows."""


@dataclass(frozen=True)
class Cast:
    """Who is played.

    Attributes
    ----------
    variants : name (SKU~mark), unique_id, supplier_id, target, level (NaN: the policy's), and what was agreed
        (`agreed.Agreed`; NaN: as it is)
    plays : name of the variant, row of the action (−1: none), kind, draws; an action has one a SKU that it is about
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
    bases = [json.loads(text) if isinstance(text, str) else {} for text in top.get("basis", top["facts"])]
    can = [
        kind not in _NOT_PLAYED and can_be_played(basis)
        for kind, basis in zip(top["kind"], bases, strict=True)
    ]
    played = top[np.array(can, bool)].reset_index(drop=True)
    facts = [json.loads(text) for text in played["facts"]]
    of_skus = [basis.get("skus", []) for basis, plays in zip(bases, can, strict=True) if plays]
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
    return played.assign(promised=promised, low=low, high=high, fact=facts, skus=of_skus), len(top) - len(
        played
    )


def make_cast(actions: pd.DataFrame, supplier: pd.Series, today: DemoDay) -> Cast:
    """Variants and plays: each action's SKU with and without it, and a sample of SKUs for each target."""
    variants: list[dict[str, Any]] = []
    plays: list[tuple[str, int, str, int]] = []

    def variant(
        sku: str,
        mark: str,
        seller: object,
        agreed: Agreed = AS_IT_IS,
        target: str = "",
        level: float = np.nan,
    ) -> str:
        name = f"{sku}~{mark}"
        variants.append(
            {"name": name, "unique_id": sku, "supplier_id": seller, "target": target, "level": level}
        )
        variants[-1] |= asdict(agreed)
        return name

    skus = [sku["unique_id"] for about in actions["skus"] for sku in about]
    base = {sku: variant(sku, "base", supplier[sku]) for sku in dict.fromkeys(skus)}
    plays += [(name, -1, BASE, DRAWS) for name in base.values()]
    for row, about in enumerate(actions["skus"]):
        for sku in about:
            own, after = sku["unique_id"], sku.get("after")
            agreed = agreed_of(sku)
            name = base[own]
            if after and after["supplier_id"] != sku["before"]["supplier_id"]:
                name = variant(own, f"a{row:02}", after["supplier_id"])
            elif agreed != AS_IT_IS:
                name = variant(own, f"a{row:02}", supplier[own], agreed)
            plays.append((name, row, ACTION, DRAWS))
    for sku, targets in _sampled(supplier, today).items():
        for target, level in targets:
            name = variant(sku, f"{target}{level:.2f}", supplier[sku], target=target, level=level)
            plays.append((name, -1, SERVICE, SERVICE_DRAWS))
            if (target, level) == (CYCLE, PLAN_LEVEL):
                plays.append((name, -1, TEXTBOOK, SERVICE_DRAWS))
    frame = pd.DataFrame(variants).sort_values("name", ignore_index=True)
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
