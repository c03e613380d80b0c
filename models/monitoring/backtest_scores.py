"""Demand scores of a training's rolling origins: the level of error that monitoring takes as normal.

Apart from `demand_scores.py`, because it knows the demand models' backtest.
"""

import numpy as np
import pandas as pd

from distributions.levels import BACKTEST_LEVELS, DEMAND_LEVELS
from features.demand.panel import Panel
from models.demand.backtest.demand_backtest import DemandBacktest
from models.monitoring.demand_scores import ScoredForecast, empty_scores
from models.monitoring.naive_benchmark import NaiveBenchmark


def backtest_scores(backtest: DemandBacktest, panel: Panel) -> pd.DataFrame:
    """Score the demand forecasts of a backtest's rolling origins: one row per origin, step and class.

    Columns `demand_scores.SCORE_COLUMNS`.

    Parameters
    ----------
    panel : what the model was trained on, its rows those of the backtest
    """
    naive, known = NaiveBenchmark.of(panel), panel.known_demand
    levels = np.searchsorted(DEMAND_LEVELS, BACKTEST_LEVELS)
    h = backtest.mean.shape[2]
    parts = [empty_scores()]
    for o, cutoff in enumerate(backtest.cutoffs):
        forecast = ScoredForecast(
            cutoff=cutoff,
            ds=backtest.starts[o, :h],
            demand_class=backtest.demand_class[o],
            mean=backtest.mean[o],
            quantiles=backtest.quantiles[o][..., levels],
        )
        at = int(np.searchsorted(panel.ds, cutoff)) + 1
        seasonal_naive = naive.seasonal_naive_quantiles(known, at, h)
        parts.append(forecast.score(backtest.y[o], seasonal_naive, naive.scale))
    return pd.concat(parts[1:] or parts, ignore_index=True)
