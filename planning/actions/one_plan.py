"""One coherent plan for each SKU: of actions that exclude each other the best one, the rest as its alternatives."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.distribution import Array
from planning.assessment import Assessment
from planning.cost.lane_costs import DAYS_A_YEAR

_EXCLUSIVE = ("switch_vendor", "lower_moq", "engage_early")
"""Of these a SKU has one at a time: nobody talks terms with a supplier that is left."""

LEAST_EFFORT = 1.0
"""Money that an action takes at least, being divided by; `database.recommendations` sorts likewise."""


def one_plan(actions: pd.DataFrame, assessment: Assessment) -> pd.DataFrame:
    """The action table as one plan: effort, worth over the budget horizon, and what excludes what.

    What pays every year begins to pay when the SKU's stock and open orders of today are used up.

    Returns
    -------
    DataFrame
        With `effort` (money that carrying it out costs), `worth_in_horizon` (money: what pays every year counts
        from then on to the end of the budget horizon) and `alternative_to` (action_id of the better action of the SKU
        that excludes it, empty where it is part of the plan); what brings most for its effort first, then what is due
        first
    """
    policy = assessment.setting.policy
    kind = actions["kind"].astype(str).to_numpy(object)
    yearly = (actions["worth_period"] == "year").to_numpy(bool)
    paying = np.maximum(policy.budget_horizon_days - _days_in_stock(assessment, actions["unique_id"]), 0.0)
    share = np.where(yearly, paying / DAYS_A_YEAR, 1.0)
    worth = actions["worth"].to_numpy(float) * share
    effort = _effort(kind, policy)
    result = actions.assign(effort=effort, worth_in_horizon=worth.round(2))
    result["alternative_to"] = _better(result, np.isin(kind, _EXCLUSIVE))
    ratio = worth / np.maximum(effort, LEAST_EFFORT)
    order = np.lexsort((actions["action_id"].astype(str), actions["act_by"].to_numpy(), -ratio))
    return result.iloc[order].reset_index(drop=True)


def in_plan(actions: pd.DataFrame) -> NDArray[np.bool_]:
    """Which actions (n,) are part of the plan, and no alternatives to better ones."""
    return np.asarray(actions["alternative_to"].fillna("") == "", bool)


def _days_in_stock(assessment: Assessment, unique_ids: pd.Series) -> Array:
    """Days (n,) that the stock and open orders of each action's SKU are expected to last."""
    stock, setting = assessment.decision.stock, assessment.setting
    units = np.maximum(stock.net_stock + stock.pipeline.cover(len(assessment.forecast), np.inf), 0.0)
    lasts = assessment.forecast.days_to_use(units, elapsed=setting.elapsed)
    return np.asarray(lasts[assessment.forecast.rows(unique_ids)])


def _effort(kind: NDArray[np.object_], policy: PolicyConfig) -> NDArray[np.float64]:
    """What carrying out actions of each kind (n,) costs, money."""
    effort = policy.effort
    of_kind = {"lower_moq": effort.negotiation, "switch_vendor": effort.vendor_switch}
    return np.array([of_kind.get(name, effort.call) for name in kind], float)


def _better(actions: pd.DataFrame, exclusive: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Action (n,) of the same SKU that excludes each one and is worth more than it; empty where there is none."""
    some = actions[exclusive]
    net = some["worth_in_horizon"] - some["effort"]
    order = np.lexsort((some["action_id"].astype(str), -net, some["unique_id"].astype(str)))
    best = some.iloc[order].drop_duplicates("unique_id").set_index("unique_id")["action_id"]
    better = actions["unique_id"].map(best).where(exclusive & ~actions["action_id"].isin(best), "")
    return np.asarray(better.fillna("").to_numpy(object))
