"""What safety stock and pipeline would be if every supplier were as steady and quick as the best quarter of them is."""

import numpy as np
import pandas as pd

from distributions.distribution import Array

BEST = 0.25
"""Share of suppliers that are better."""

_SPREAD = 2.563  # of a normal, between the quantiles of 10 and 90 of a hundred


def steadier_suppliers(
    lanes: pd.DataFrame, daily_demand: "pd.Series[float]", daily_variance: "pd.Series[float]"
) -> pd.DataFrame:
    """Factors by which safety stock and pipeline of each SKU would change, with the supplier that it has now.

    Safety stock moves as the standard deviation of demand in the lead time, √(L σ_d² + d² σ_L²), with σ_L/L at most
    that of the best quarter of suppliers; the pipeline as the lead time, at most the shortest of its own offers. A
    closed form, for a first look: the worklist has what single suppliers would bring, played.

    Parameters
    ----------
    lanes : lead times by lane: supplier_id, unique_id, chosen, mean and std, days
    daily_demand, daily_variance : d and σ_d², by unique_id

    Returns
    -------
    DataFrame
        unique_id, safety_factor and pipeline_factor, between 0 and 1; 1 where nothing is known
    """
    spread = (lanes["std"] / lanes["mean"]).where(lanes["mean"] > 0)
    by_supplier = spread.groupby(lanes["supplier_id"]).median()
    best = float(by_supplier.quantile(BEST)) if by_supplier.notna().any() else np.nan
    chosen = lanes[lanes["chosen"].astype(bool)]
    ids = chosen["unique_id"].to_numpy(object)
    mean, deviation = (chosen[name].to_numpy(float) for name in ("mean", "std"))
    demand, variance = (values.reindex(ids).to_numpy(float) for values in (daily_demand, daily_variance))
    now = np.sqrt(mean * variance + demand**2 * deviation**2)
    then = np.sqrt(mean * variance + demand**2 * np.fmin(deviation, best * mean) ** 2)
    shortest = lanes.groupby("unique_id")["mean"].min().reindex(ids).to_numpy(float)
    return pd.DataFrame(
        {
            "unique_id": ids,
            "safety_factor": _factor(then, now),
            "pipeline_factor": _factor(np.fmin(shortest, mean), mean),
        }
    )


def variance_a_day(low: Array, high: Array, days: Array) -> Array:
    """Variance of a day's demand (n,) from the 10 and 90 % quantiles of the demand of `days` together."""
    return np.asarray(((high - low) / _SPREAD) ** 2 / np.maximum(days, 1e-9))


def _factor(then: Array, now: Array) -> Array:
    """Quotients (n,), 1 where there is none."""
    ratio = np.divide(then, now, out=np.ones_like(now), where=now > 0)
    return np.where(np.isnan(ratio), 1.0, ratio)
