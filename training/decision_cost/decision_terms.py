"""What decisions are judged by: costs as plans have them, usual lead times and the rhythm of ordering, in periods."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.distribution import Array
from features.contract.frequency import days_per_period
from planning.cost.lane_costs import DAYS_A_YEAR, lane_costs
from planning.inputs import PlanInputs
from planning.lanes.current_lane import current_lanes
from planning.lanes.find_lanes import find_lanes
from planning.policy.targets import service_levels


@dataclass(frozen=True)
class DecisionTerms:
    """What a decision is judged by.

    Attributes
    ----------
    items : unique_id, holding (money per unit and period), shortage (money per unit), lead_time (whole periods)
    review : periods between orders, at least 1
    policy : the `policy` section
    """

    items: pd.DataFrame
    review: int
    policy: PolicyConfig


def decision_terms(
    unique_ids: NDArray[np.object_], inputs: PlanInputs, policy: PolicyConfig, freq: str
) -> DecisionTerms:
    """Price a unit held and a unit short of each SKU as a plan does, on the lane it is bought through now.

    Where no price is known a unit held for a period costs one, and a unit short what makes the policy's level the best
    one, holding · review · level / (1 − level): models can be compared all the same.
    """
    days = days_per_period(freq)
    review = max(1, round(policy.review_period_days / days))
    lanes = find_lanes(unique_ids, inputs)
    current = current_lanes(lanes)
    lane = lanes.groupby("row").head(1).index.to_numpy(copy=True)  # of the first supplier by name
    lane[lanes["row"].to_numpy()[current]] = current
    lanes = lanes.iloc[lane]
    level = service_levels(lanes, inputs.items, policy).level
    costs = lane_costs(lanes, inputs.items, policy, period_days=days, level=level)
    holding = pd.Series(costs.holding * days / DAYS_A_YEAR).fillna(1.0)
    shortage = pd.Series(costs.shortage).fillna(holding * review * level / (1 - level))
    lead_time = np.round(usual_lead_time(inputs, unique_ids) / days).astype(np.int64)
    facts = {"holding": holding.to_numpy(), "shortage": shortage.to_numpy(), "lead_time": lead_time}
    return DecisionTerms(pd.DataFrame({"unique_id": unique_ids, **facts}), review, policy)


def usual_lead_time(inputs: PlanInputs, unique_ids: NDArray[np.object_]) -> Array:
    """Usual lead time that decisions are judged with, days (n,): median of past orders, else offers, else all SKUs."""
    orders = inputs.purchase_orders.dropna(subset=["received_at"])
    taken = (orders["received_at"] - orders["ordered_at"]) / pd.Timedelta(days=1)
    learned = taken.groupby(orders["unique_id"]).median().reindex(unique_ids)
    offered = inputs.offers.groupby("unique_id")["lead_time_days"].median().reindex(unique_ids)
    usual = learned.astype(float).fillna(offered.astype(float))
    known = usual.dropna()
    return np.asarray(usual.fillna(known.median() if len(known) else 0.0), float)
