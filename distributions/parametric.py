"""Parametric distributions, gamma lead times and normal demand, for questions asked before there is any data."""

import numpy as np
import pandas as pd
from scipy.special import gammaincinv, ndtri

from configs.errors import PlanningError
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.levels import DEMAND_LEVELS, LEAD_TIME_LEVELS


def gamma_lead_time(mean: float, std: float, n: int = 1) -> Distribution:
    """Parametric lead-time distribution, `n` times: gamma with this mean and standard deviation, in days.

    Certain when `std` is 0, or next to it: at most 10⁻⁴ of the mean.

    Raises
    ------
    PlanningError
        When the mean is not positive, or the deviation negative.
    """
    if not (mean > 0 and std >= 0):
        raise PlanningError(f"lead time is {mean} ± {std} days, expected a mean above 0 and a deviation ≥ 0")
    if std <= 1e-4 * mean:
        return Distribution.certain(np.full(n, float(mean)))
    shape = (mean / std) ** 2
    values = gammaincinv(shape, LEAD_TIME_LEVELS) * mean / shape
    return Distribution(LEAD_TIME_LEVELS, np.repeat(values[None], n, axis=0))


def normal_daily_demand(mean: float, std: float, *, days: int = 365, n: int = 1) -> DemandForecast:
    """Parametric demand forecast of `n` SKUs: independent normal demand a day, in units.

    For `days` days from 2024-01-01 on: quantiles of a day and of the sum of the first k days, N(k·mean, k·std²),
    never below zero.

    Raises
    ------
    PlanningError
        When the mean or the deviation is negative or not finite.
    """
    if not (0 <= mean < np.inf and 0 <= std < np.inf):
        raise PlanningError(f"demand is {mean} ± {std} a day, expected finite numbers ≥ 0")
    z, k = ndtri(DEMAND_LEVELS), np.arange(1, days + 1)
    daily = np.maximum(mean + std * z, 0.0)
    total = np.maximum(mean * k[:, None] + std * np.sqrt(k)[:, None] * z, 0.0)
    start = pd.Timestamp("2024-01-01")
    return DemandForecast(
        unique_ids=np.array([f"sku{i}" for i in range(n)], dtype=object),
        cutoff=start - pd.Timedelta(days=1),
        starts=pd.date_range(start, periods=days + 1, freq="D").to_numpy(),
        levels=DEMAND_LEVELS,
        mean=np.full((n, days), float(mean)),
        quantiles=np.broadcast_to(daily, (n, days, len(z))).copy(),
        cumulative_mean=np.broadcast_to(mean * k, (n, days)).astype(float),
        cumulative=np.broadcast_to(total, (n, *total.shape)).copy(),
        demand_class=np.full(n, "smooth", dtype=object),
        reason=np.full(n, "", dtype=object),
    )
