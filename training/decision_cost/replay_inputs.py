"""Inputs of the decision-cost replay: past cycles with the out-of-sample demand forecasts of a backtest."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS
from features.demand.panel import Panel
from models.demand.backtest.demand_backtest import DemandBacktest
from planning.simulation.replay_past_cycles import PastCycles
from training.decision_cost.decision_terms import DecisionTerms

ENOUGH_SKUS = 2_000
"""SKUs that are replayed at most, evenly picked: order rules are per demand class, and more cost time only."""


def forecasts_to_replay(backtest: DemandBacktest) -> list[DemandForecast]:
    """Demand forecasts to replay: those of a backtest's rolling origins, one an origin, by rising cutoff."""
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


def cycles_to_replay(
    forecasts: Sequence[DemandForecast], panel: Panel, terms: DecisionTerms
) -> PastCycles | None:
    """Past cycles to replay with out-of-sample forecasts; None without forecasts or without a SKU that has costs.

    Forecasts know nothing after their cutoff, and their calibration nothing of their own window, so neither does
    the replay. Lead times count as certain, at their usual length: it is the forecasts that are compared.

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
    return PastCycles(
        forecasts=[forecast.select(rows) for forecast in forecasts],
        origins=np.array([np.searchsorted(panel.ds, f.starts[0]) - first for f in forecasts], np.int64),
        demand=np.where(panel.in_stock, panel.y, np.nan)[rows, first:],
        holding=items["holding"].to_numpy(float),
        shortage=items["shortage"].to_numpy(float),
        lead_time=items["lead_time"].to_numpy(np.int64),
        review=terms.review,
        lost_sales=terms.policy.lost_sales,
    )
