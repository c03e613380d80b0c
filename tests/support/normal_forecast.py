"""Demand forecasts with a known distribution."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS

MONDAY = pd.Timestamp("2024-01-01")


def normal_forecast(
    means: Sequence[float],
    spreads: Sequence[float],
    *,
    periods: int = 26,
    freq: str = "W-MON",
    rise: float = 0.0,
) -> DemandForecast:
    """Independent normal periods, each period's mean `rise` higher than the one before."""
    mean = np.asarray(means, float)[:, None] * (1 + rise * np.arange(periods))
    spread = np.repeat(np.asarray(spreads, float)[:, None], periods, axis=1)
    z = stats.norm.ppf(DEMAND_LEVELS)

    def quantiles(m, s):
        return np.maximum(m[..., None] + s[..., None] * z, 0.0)

    total, total_spread = mean.cumsum(axis=1), np.sqrt((spread**2).cumsum(axis=1))
    n = len(mean)
    return DemandForecast(
        unique_ids=np.array([f"sku{i:05d}" for i in range(n)], dtype=object),
        cutoff=MONDAY - pd.tseries.frequencies.to_offset(freq),
        starts=pd.date_range(MONDAY, periods=periods + 1, freq=freq).to_numpy(),
        levels=DEMAND_LEVELS,
        mean=mean,
        quantiles=quantiles(mean, spread),
        cumulative_mean=total,
        cumulative=quantiles(total, total_spread),
        demand_class=np.full(n, "smooth", dtype=object),
        reason=np.full(n, "", dtype=object),
    )
