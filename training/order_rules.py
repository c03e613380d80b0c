"""Order rules learned by playing past cycles again with the demand model's own out-of-sample forecasts."""

import numpy as np
import pandas as pd

from features.contract import Tables
from features.panel import Array, Panel
from models.demand.backtest import Backtest
from planning.calibration import calibrate
from planning.config import PolicyConfig
from planning.distributions import DEMAND_LEVELS
from planning.forecast import DemandForecast
from planning.replay import Past
from planning.rules import OrderRules
from training.decision import DecisionTerms
from training.horizon import period_days

ENOUGH_SKUS = 2_000
"""Rules are per demand class: more SKUs than these cost time and change nothing."""


def learn_rules(
    backtest: Backtest, panel: Panel, tables: Tables, policy: PolicyConfig, terms: DecisionTerms
) -> OrderRules:
    """Calibrated rules for the cost target; none for service targets, whose level is promised, not chosen.

    Forecasts know nothing after their cutoff, and their calibration nothing of their own window, so neither does
    the replay. Lead times count as certain, at their usual length: it is the forecasts that are played.
    """
    if policy.target != "cost" or not len(backtest.cutoffs):
        return OrderRules()
    rows = np.unique(np.linspace(0, len(panel) - 1, min(len(panel), ENOUGH_SKUS)).astype(int))
    ids = panel.unique_ids[rows]
    costs = terms.items.set_index("unique_id").reindex(ids)
    days = period_days(panel.freq)
    review = max(1, round(policy.review_period_days / days))
    holding = costs["holding"].to_numpy(float) / terms.periods
    shortage = costs["shortage"].to_numpy(float)
    priced = np.flatnonzero((holding > 0) & (shortage > 0))
    if not len(priced):
        return OrderRules()
    past = Past(
        forecasts=_forecasts(backtest, rows[priced]),
        made=_made(backtest),
        demand=_known(panel, backtest)[rows[priced]],
        holding=holding[priced],
        shortage=shortage[priced],
        lead_time=_lead_times(tables, ids[priced], days),
        review=review,
        lost_sales=policy.lost_sales,
    )
    critical = shortage[priced] / (shortage[priced] + holding[priced] * review)
    return calibrate(past, "cost", critical)


def _forecasts(backtest: Backtest, rows: np.ndarray) -> list[DemandForecast]:
    return [
        DemandForecast(
            unique_ids=backtest.unique_ids[rows],
            cutoff=pd.Timestamp(cutoff),
            starts=backtest.starts[o],
            levels=DEMAND_LEVELS,
            mean=backtest.mean[o, rows],
            quantiles=backtest.quantiles[o, rows],
            cumulative_mean=backtest.cumulative_mean[o, rows],
            cumulative=backtest.cumulative[o, rows],
            demand_class=backtest.demand_class[-1, rows],
            reason=np.full(len(rows), "", object),
        )
        for o, cutoff in enumerate(backtest.cutoffs)
    ]


def _made(backtest: Backtest) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Periods between the first forecast and each."""
    calendar = pd.DatetimeIndex(np.unique(backtest.starts))
    return np.asarray(calendar.get_indexer(pd.DatetimeIndex(backtest.starts[:, 0])), np.int64)


def _known(panel: Panel, backtest: Backtest) -> Array:
    """Demand from the first forecast on, (n, T); NaN where censored or missing."""
    first = int(np.searchsorted(panel.ds, backtest.starts[0, 0]))
    return np.where(panel.in_stock, panel.y, np.nan)[:, first:]


def _lead_times(tables: Tables, ids: np.ndarray, days: float) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    """Whole periods from ordering to arrival: median of past orders, else of offers, else of everything."""
    orders = tables.purchase_orders.dropna(subset=["received_at"])
    taken = (orders["received_at"] - orders["ordered_at"]) / pd.Timedelta(days=1)
    learned = taken.groupby(orders["unique_id"]).median().reindex(ids)
    offered = tables.offers.groupby("unique_id")["lead_time_days"].median().reindex(ids)
    usual = learned.fillna(offered)
    usual = usual.fillna(usual.median()).fillna(0.0)
    return np.asarray(np.round(usual.to_numpy(float) / days), np.int64)
