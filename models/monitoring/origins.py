"""The scores of a training's rolling origins: what is usual. (Apart, because it knows the demand models.)"""

import numpy as np
import pandas as pd

from distributions.levels import BACKTEST_LEVELS, DEMAND_LEVELS
from features.demand.demand_class import known_demand
from features.demand.panel import Panel
from models.demand.backtest.backtest import DemandBacktest
from models.monitoring.scores import ScoredForecast, Yardstick, no_scores


def backtest_scores(backtest: DemandBacktest, panel: Panel) -> pd.DataFrame:
    """Score a training's rolling origins: `SCORES`, one row per origin, step and class.

    Parameters
    ----------
    panel : what the model was trained on, its rows those of the backtest
    """
    stick, known = Yardstick.of(panel), known_demand(panel)
    kept = np.searchsorted(DEMAND_LEVELS, BACKTEST_LEVELS)
    h = backtest.mean.shape[2]
    parts = [no_scores()]
    for o, cutoff in enumerate(backtest.cutoffs):
        said = ScoredForecast(
            cutoff, backtest.starts[o, :h], backtest.demand_class[o], backtest.mean[o],
            backtest.quantiles[o][..., kept],
        )  # fmt: skip
        at = int(np.searchsorted(panel.ds, cutoff)) + 1
        parts.append(said.score(backtest.y[o], stick.rival(known, at, h), stick.scale))
    return pd.concat(parts[1:] or parts, ignore_index=True)
