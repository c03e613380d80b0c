"""Summary of the backtest per SKU: bias and absolute error, beside its demand class, reason code and recent level."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.demand.panel import Panel
from models.demand.backtest.demand_backtest import DemandBacktest
from models.demand.cold_start import recent_levels
from models.demand.reason_codes import reason_codes


def summarise_skus(backtest: DemandBacktest, panel: Panel, demand_class: NDArray[np.object_]) -> pd.DataFrame:
    """Backtest bias and mean absolute error of each SKU, with its class, reason, known periods and recent level."""
    known = ~np.isnan(backtest.y)
    error = np.where(known, backtest.mean - np.nan_to_num(backtest.y), 0.0)
    count = np.maximum(known.sum(axis=(0, 2)), 1)
    return pd.DataFrame(
        {
            "unique_id": panel.unique_ids,
            "demand_class": demand_class,
            "reason": reason_codes(panel, demand_class),
            "known_periods": (~np.isnan(panel.known_demand)).sum(axis=1),
            "recent_level": recent_levels(panel),
            "backtest_bias": error.sum(axis=(0, 2)) / count,
            "backtest_mae": np.abs(error).sum(axis=(0, 2)) / count,
        }
    )
