"""What a model's forecasts cost when they are acted on: the number that decides who is champion."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.contract import Tables
from planning.config import PolicyConfig
from planning.distributions import BACKTEST_LEVELS, Array
from training.frames import QUANTILES
from training.horizon import period_days


@dataclass(frozen=True)
class DecisionTerms:
    """What a decision is judged by.

    Attributes
    ----------
    items : unique_id, holding and shortage (money per unit over one protection interval)
    periods : length of the protection interval in periods, at least 1
    """

    items: pd.DataFrame
    periods: int


def decision_terms(tables: Tables, policy: PolicyConfig, freq: str) -> DecisionTerms:
    """Gather costs from `items`, and where it names none from the policy's rate and service level.

    Without any cost a unit held costs one; without a shortage cost a unit missed costs what makes the policy's
    level the best one: holding · level / (1 − level).
    """
    days = period_days(freq)
    orders = tables.purchase_orders
    lead_times = pd.concat(
        [(orders["received_at"] - orders["ordered_at"]).dt.days, tables.offers["lead_time_days"]]
    ).dropna()
    lead_time = float(lead_times.median()) if len(lead_times) else 0.0
    periods = max(1, round((lead_time + policy.review_period_days) / days))
    items = tables.items
    rate = items["holding_cost_rate"].fillna(policy.holding_cost_rate)
    holding = items["holding_cost"].fillna(rate * items["unit_cost"] * days / 365.25).fillna(1.0) * periods
    implied = holding * policy.level / (1 - policy.level)
    shortage = items["shortage_cost"].fillna(implied) if policy.target == "cost" else implied
    return DecisionTerms(
        pd.DataFrame({"unique_id": items["unique_id"], "holding": holding, "shortage": shortage}), periods
    )


def decision_cost(cumulative: pd.DataFrame, terms: DecisionTerms) -> float:
    """Mean money per SKU and cutoff of ordering up to the best quantile of the protection interval's demand.

    With s the quantile at shortage / (shortage + holding): holding · (s − y)⁺ + shortage · (y − s)⁺, which is the
    pinball loss at that quantile, weighted with money. NaN where nothing could be scored.
    """
    step = min(terms.periods, int(cumulative["k"].max())) if len(cumulative) else 0
    rows = cumulative[cumulative["k"] == step].dropna(subset=["y", "mean"])
    if not len(rows):
        return float("nan")
    costs = terms.items.set_index("unique_id").reindex(rows["unique_id"])
    holding = costs["holding"].fillna(1.0).to_numpy()
    shortage = costs["shortage"].fillna(costs["shortage"].median()).fillna(9.0).to_numpy()
    s = _at_level(rows[QUANTILES].to_numpy(), shortage / (shortage + holding))
    y = rows["y"].to_numpy()
    return float((holding * np.maximum(s - y, 0) + shortage * np.maximum(y - s, 0)).mean())


def _at_level(quantiles: Array, level: Array) -> Array:
    """Interpolate each row's quantiles at its own level, held at the outermost ones."""
    place = np.clip((level - BACKTEST_LEVELS[0]) / 0.05, 0, len(BACKTEST_LEVELS) - 1)
    low = np.minimum(place.astype(int), len(BACKTEST_LEVELS) - 2)
    rows = np.arange(len(quantiles))
    return np.asarray(
        quantiles[rows, low] + (place - low) * (quantiles[rows, low + 1] - quantiles[rows, low])
    )
