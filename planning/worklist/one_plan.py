"""One coherent plan for each SKU: of actions that exclude each other the best one, the rest as its alternatives."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.distribution import Array
from planning.actions.action_table import COLUMNS
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.levers.lever_catalog import lever

LEAST_EFFORT = 1.0
"""Money that an action takes at least, being divided by; `database.recommendations` sorts likewise."""


def one_plan(actions: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    """The action table as one plan: effort, worth over the budget horizon, and what excludes what.

    Parameters
    ----------
    actions : action table with `share_in_horizon` and `beside` of `planning.worklist.joint_set`

    Returns
    -------
    DataFrame
        With `effort` (money that carrying it out costs), `worth_in_horizon` (money until the end of the
        budget horizon) and `alternative_to` (action_id of the better action of the SKU
        that excludes it, empty where it is part of the plan); what brings most for its effort first, then what is due
        first
    """
    policy = assessment.setting.policy
    actions = actions.reindex(columns=[*COLUMNS, "beside", "share_in_horizon"])
    kind = actions["kind"].astype(str).to_numpy(object)
    worth = worth_in_horizon(actions, assessment)
    effort = _effort(kind, policy)
    result = actions.assign(effort=effort, worth_in_horizon=worth.round(2))
    result["alternative_to"] = _better(result, kind)
    ratio = worth / np.maximum(effort, LEAST_EFFORT)
    order = np.lexsort((actions["action_id"].astype(str), actions["act_by"].to_numpy(), -ratio))
    return result.drop(columns=["beside", "share_in_horizon"]).iloc[order].reset_index(drop=True)


def worth_in_horizon(actions: pd.DataFrame, assessment: Assessment) -> Array:
    """Worth (n,) until the end of the budget horizon, money: of what pays every year its `share_in_horizon`."""
    yearly = (actions["worth_period"] == "year").to_numpy(bool)
    whole = assessment.setting.policy.budget_horizon_days / DAYS_A_YEAR
    share = actions["share_in_horizon"].astype(float).fillna(whole).to_numpy()
    return np.asarray(actions["worth"].to_numpy(float) * np.where(yearly, share, 1.0))


def in_plan(actions: pd.DataFrame) -> NDArray[np.bool_]:
    """Which actions (n,) are part of the plan, and no alternatives to better ones."""
    return np.asarray(actions["alternative_to"].fillna("") == "", bool)


def _effort(kind: NDArray[np.object_], policy: PolicyConfig) -> NDArray[np.float64]:
    """What carrying out actions of each kind (n,) costs, money."""
    return np.array([getattr(policy.effort, lever(name).effort) for name in kind], float)


def _better(actions: pd.DataFrame, kind: NDArray[np.object_]) -> NDArray[np.object_]:
    """Action (n,) that excludes each one and is worth more than it; empty where there is none.

    Of levers that are `instead` of each other a SKU has one at a time, and yearly ones leave what the joint set says.
    """
    beside = actions["beside"].fillna("").to_numpy(object)
    exclusive = np.array([bool(lever(name).instead) for name in kind], bool) & (beside == "")
    exclusive &= (actions["unique_id"] != "").to_numpy(
        bool
    )  # of talks about several SKUs the joint set decides
    some = actions[exclusive]
    net = some["worth_in_horizon"] - some["effort"]
    order = np.lexsort((some["action_id"].astype(str), -net, some["unique_id"].astype(str)))
    best = some.iloc[order].drop_duplicates("unique_id").set_index("unique_id")["action_id"]
    better = actions["unique_id"].map(best).where(exclusive & ~actions["action_id"].isin(best), "")
    return np.asarray(np.where(beside == "", better.fillna("").to_numpy(object), beside), object)
