"""What will be needed of some SKUs in the coming months, in money, with its range: what a supplier may be told."""

from itertools import pairwise

import numpy as np
import pandas as pd

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution

_Z80 = 1.2816
"""Normal quantile of 90 %: 80 of 100 lie within so many standard deviations."""


def coming_months(
    forecast: DemandForecast, price: Array, *, as_of: pd.Timestamp, together: float, months: int = 6
) -> pd.DataFrame:
    """Demand of n SKUs in the coming calendar months at today's prices, the first one from `as_of` on.

    The variance of the sum is (1 − ρ)·Σσ² + ρ·(Σσ)², ρ being how far the SKUs go together.

    Parameters
    ----------
    price : array (n,), money a unit
    together : ρ from 0 (each for itself) to 1 (all at once), as `error_correlation` measures it

    Returns
    -------
    DataFrame
        start, end (days), units and money expected, low and high (80 of 100 lie between them, money)
    """
    first = pd.Timestamp(forecast.starts[0])
    edges = [
        as_of.normalize(),
        *pd.date_range(as_of.normalize() + pd.Timedelta(days=1), periods=months, freq="MS"),
    ]
    rows = []
    for start, end in pairwise(edges):
        days = np.full((len(forecast), 1), (end - start) / pd.Timedelta(days=1))
        elapsed = max((start - first) / pd.Timedelta(days=1), 0.0)
        quantiles, mean = forecast.window(days, elapsed=elapsed)
        std = price * Distribution(forecast.levels, quantiles[:, 0]).std()
        money = float((price * mean[:, 0]).sum())
        spread = np.sqrt((1 - together) * (std**2).sum() + together * std.sum() ** 2)
        rows.append(
            {
                "start": start,
                "end": end,
                "units": float(mean.sum()),
                "money": money,
                "low": max(money - _Z80 * float(spread), 0.0),
                "high": money + _Z80 * float(spread),
            }
        )
    return pd.DataFrame(rows)


def error_correlation(forecast: DemandForecast, total_std: float, k: int) -> float:
    """How far SKUs go together: the ρ at which the demand of all of them in k periods has this standard deviation.

    Parameters
    ----------
    total_std : of the sum over the n SKUs, units, as a forecast of the whole company has it
    """
    std = Distribution(forecast.levels, forecast.cumulative[:, k - 1]).std()
    alone, at_once = float((std**2).sum()), float(std.sum() ** 2)
    if at_once <= alone:
        return 1.0
    return float(np.clip((total_std**2 - alone) / (at_once - alone), 0.0, 1.0))
