"""The backtest frames: the layout of `demand.parquet`, `demand_cumulative.parquet` and `lead_time.parquet`.

All have the 19 quantile columns q0.05 … q0.95. A period is scored when its `y` is known, so `y` is NaN for a period
out of stock: what was sold is then only a lower bound of what was asked for.
"""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.levels import BACKTEST_LEVELS, quantile_columns
from features.demand.panel import Array, Panel
from models.protocols import Forecaster

QUANTILES = quantile_columns()

DEMAND = ["unique_id", "cutoff", "ds", "k", "y", "mean", *QUANTILES]
LEAD_TIME = [
    "order_id", "line", "supplier_id", "cutoff", "kind", "age", "lead_time", "mean", *QUANTILES,
]  # fmt: skip


@dataclass(frozen=True)
class DemandFrames:
    """What was forecast at past cutoffs beside what came.

    Attributes
    ----------
    period : columns `DEMAND` and demand_class; one row per SKU, cutoff and period (k = 1 … h)
    cumulative : the same columns for the sum over the first k periods
    """

    period: pd.DataFrame
    cumulative: pd.DataFrame


class BacktestedForecaster(Forecaster, Protocol):
    """A demand model that keeps the rolling origins its `fit` played; `backtest_.frame()` is their long frame."""

    backtest_: Any
    per_series_: pd.DataFrame


def origin_frames(backtest: pd.DataFrame) -> DemandFrames:
    """Split a demand model's rolling origins into the two backtest frames."""
    keys = ["unique_id", "cutoff", "ds", "k"]
    sums = ["y_cumulative", "cumulative_mean", *(f"cumulative_{name}" for name in QUANTILES)]
    cumulative = backtest[[*keys, *sums, "demand_class"]].set_axis([*DEMAND, "demand_class"], axis=1)
    return DemandFrames(backtest[[*DEMAND, "demand_class"]], cumulative)


def demand_frames(forecast: DemandForecast, actual: Array) -> DemandFrames:
    """Lay a forecast out beside the demand that came.

    Parameters
    ----------
    actual : array (n, h), demand of the forecast's periods, NaN where unknown or out of stock
    """
    kept = np.searchsorted(forecast.levels, BACKTEST_LEVELS)
    summed = np.cumsum(actual, axis=1)
    period = _frame(forecast, actual, forecast.mean, forecast.quantiles[:, :, kept])
    cumulative = _frame(forecast, summed, forecast.cumulative_mean, forecast.cumulative[:, :, kept])
    return DemandFrames(period, cumulative)


def _frame(forecast: DemandForecast, y: Array, mean: Array, quantiles: Array) -> pd.DataFrame:
    n, h = mean.shape
    columns = {
        "unique_id": np.repeat(forecast.unique_ids, h),
        "cutoff": np.full(n * h, forecast.cutoff.to_datetime64(), "datetime64[ns]"),
        "ds": np.tile(forecast.starts[:-1].astype("datetime64[ns]"), n),
        "k": np.tile(np.arange(1, h + 1), n),
        "y": y.ravel(),
        "mean": mean.ravel(),
        **{name: quantiles[:, :, q].ravel() for q, name in enumerate(QUANTILES)},
        "demand_class": np.repeat(forecast.demand_class, h),
    }
    return pd.DataFrame(columns)


def actual_demand(panel: Panel, forecast: DemandForecast) -> Array:
    """Demand of the forecast's SKUs in its periods, shape (n, h); NaN after the panel's end or out of stock."""
    rows = pd.Index(panel.unique_ids).get_indexer(pd.Index(forecast.unique_ids))
    columns = pd.Index(panel.ds).get_indexer(pd.Index(forecast.starts[:-1]))
    known = np.where(panel.in_stock, panel.y, np.nan)[np.ix_(rows, columns)]
    return np.where((rows[:, None] >= 0) & (columns[None, :] >= 0), known, np.nan)


def lead_time_frame(
    orders: pd.DataFrame, distribution: Distribution, *, cutoff: pd.Timestamp, kind: str
) -> pd.DataFrame:
    """Lay lead-time distributions out beside what came, in the columns `LEAD_TIME`.

    Parameters
    ----------
    orders : order_id, line, supplier_id, age (days at the cutoff, 0 for new orders), lead_time (NaN: still open)
    """
    quantiles = distribution.quantile(np.tile(BACKTEST_LEVELS, (len(orders), 1)))
    known = orders[["order_id", "line", "supplier_id", "age", "lead_time"]].reset_index(drop=True)
    values = pd.DataFrame(quantiles, columns=QUANTILES)
    day = np.full(len(orders), cutoff.to_datetime64(), "datetime64[ns]")
    frame = pd.concat([known.assign(cutoff=day, kind=kind, mean=distribution.mean()), values], axis=1)
    return frame[LEAD_TIME]
