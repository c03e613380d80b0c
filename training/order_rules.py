"""Past cycles played again with a model's out-of-sample forecasts: the best order rules, and their cost."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from features.panel import Array, Panel
from models.demand.backtest import Backtest
from planning.calibration import calibrate
from planning.config import PolicyConfig
from planning.distributions import DEMAND_LEVELS
from planning.forecast import DemandForecast
from planning.replay import Past, replay
from planning.rules import OrderRules
from training.decision import DecisionTerms

ENOUGH_SKUS = 2_000
"""Rules are per demand class: more SKUs than these cost time and change nothing."""


def learn_rules(past: Past | None, terms: DecisionTerms) -> OrderRules:
    """Calibrated rules for the cost target; none for service targets, whose level is promised, not chosen."""
    if past is None or terms.policy.target != "cost":
        return OrderRules()
    return calibrate(past, "cost", _level(past, terms.policy))


def replayed_cost(past: Past | None, terms: DecisionTerms) -> float:
    """Mean money per SKU and period of ordering by the forecasts of the time; NaN where nothing could be played.

    The plain policy is played, without calibrated rules: these were tuned on the same cycles.
    """
    if past is None:
        return float("nan")
    outcome = replay(past, terms.policy.target, _level(past, terms.policy)[None, :])
    cycles = float(outcome.cycles.sum())
    return float(outcome.cost.sum()) / cycles if cycles else float("nan")


def past_cycles(forecasts: Sequence[DemandForecast], panel: Panel, terms: DecisionTerms) -> Past | None:
    """Lay out what is to be replayed; None without forecasts or without a SKU that has costs.

    Forecasts know nothing after their cutoff, and their calibration nothing of their own window, so neither does
    the replay. Lead times count as certain, at their usual length: it is the forecasts that are played.

    Parameters
    ----------
    forecasts : of the panel's SKUs in the panel's order, by rising cutoff
    """
    if not len(forecasts):
        return None
    rows = np.unique(np.linspace(0, len(panel) - 1, min(len(panel), ENOUGH_SKUS)).astype(int))
    items = terms.items.set_index("unique_id").reindex(panel.unique_ids[rows])
    priced = ((items["holding"] > 0) & (items["shortage"] > 0)).to_numpy()
    if not priced.any():
        return None
    rows, items = rows[priced], items[priced]
    first = int(np.searchsorted(panel.ds, forecasts[0].starts[0]))
    return Past(
        forecasts=[forecast.select(rows) for forecast in forecasts],
        made=np.array([np.searchsorted(panel.ds, f.starts[0]) - first for f in forecasts], np.int64),
        demand=np.where(panel.in_stock, panel.y, np.nan)[rows, first:],
        holding=items["holding"].to_numpy(float),
        shortage=items["shortage"].to_numpy(float),
        lead_time=items["lead_time"].to_numpy(np.int64),
        review=terms.review,
        lost_sales=terms.policy.lost_sales,
    )


def backtest_forecasts(backtest: Backtest) -> list[DemandForecast]:
    """Return the forecasts of a demand model's rolling origins, by rising cutoff."""
    n = len(backtest.unique_ids)
    return [
        DemandForecast(
            unique_ids=backtest.unique_ids,
            cutoff=pd.Timestamp(cutoff),
            starts=backtest.starts[o],
            levels=DEMAND_LEVELS,
            mean=backtest.mean[o],
            quantiles=backtest.quantiles[o],
            cumulative_mean=backtest.cumulative_mean[o],
            cumulative=backtest.cumulative[o],
            demand_class=backtest.demand_class[-1],
            reason=np.full(n, "", object),
        )
        for o, cutoff in enumerate(backtest.cutoffs)
    ]


def _level(past: Past, policy: PolicyConfig) -> Array:
    """What each SKU aims at, (n,): its critical fractile, or the policy's level."""
    if policy.target != "cost":
        return np.full(len(past.holding), policy.level)
    return np.asarray(past.shortage / (past.shortage + past.holding * past.review))
