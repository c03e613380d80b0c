"""What decisions are judged by: costs, usual lead times and the rhythm of ordering, in periods."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from configs.schema import PolicyConfig
from features.contract.tables import Tables
from planning.simulation.past_cycles import PastCycles
from training.horizon import period_days


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


def decision_terms(tables: Tables, policy: PolicyConfig, freq: str) -> DecisionTerms:
    """Gather costs from `items`, and where it names none from the policy's rate and level.

    Without any cost a unit held for a period costs one. Without a shortage cost, or with a service target, a unit
    missed costs what makes the policy's level the best one: holding · review · level / (1 − level).
    """
    days = period_days(freq)
    review = max(1, round(policy.review_period_days / days))
    ids = np.array(sorted(set(tables.demand["unique_id"]) | set(tables.items["unique_id"])), object)
    items = tables.items.set_index("unique_id").reindex(ids)
    rate = items["holding_cost_rate"].fillna(policy.holding_cost_rate)
    holding = items["holding_cost"].fillna(rate * items["unit_cost"] * days / 365.25).fillna(1.0)
    implied = holding * review * policy.level / (1 - policy.level)
    shortage = items["shortage_cost"].fillna(implied) if policy.target == "cost" else implied
    lead_time = np.round(usual_lead_time(tables, ids) / days).astype(np.int64)
    facts = {"holding": holding.to_numpy(), "shortage": shortage.to_numpy(), "lead_time": lead_time}
    return DecisionTerms(pd.DataFrame({"unique_id": ids, **facts}), review, policy)


def usual_lead_time(tables: Tables, ids: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> np.ndarray:
    """Days from ordering to arrival of each SKU: median of its past orders, else of its offers, else of all."""
    orders = tables.purchase_orders.dropna(subset=["received_at"])
    taken = (orders["received_at"] - orders["ordered_at"]) / pd.Timedelta(days=1)
    learned = taken.groupby(orders["unique_id"]).median().reindex(ids)
    offered = tables.offers.groupby("unique_id")["lead_time_days"].median().reindex(ids)
    usual = learned.astype(float).fillna(offered.astype(float))
    known = usual.dropna()
    return np.asarray(usual.fillna(known.median() if len(known) else 0.0), float)


def aims(past: PastCycles, policy: PolicyConfig) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """What each SKU aims at, (n,): its critical fractile, or the policy's level."""
    if policy.target != "cost":
        return np.full(len(past.holding), policy.level)
    return np.asarray(past.shortage / (past.shortage + past.holding * past.review))
