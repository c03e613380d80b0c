"""The backtest frames, forecasts beside outcomes: the layout of the three files of `purvey backtest`.

These are `demand.parquet`, `demand_cumulative.parquet` and `lead_time.parquet`. All have the 19 quantile columns q0.05
… q0.95. A period is scored when its `y` is known, so `y` is NaN for a period out of stock: what was sold is then only
a lower bound of demand.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from distributions.levels import BACKTEST_LEVELS, quantile_columns
from features.demand.panel import Array, Panel

QUANTILES = quantile_columns()

DEMAND_COLUMNS = ["unique_id", "cutoff", "ds", "k", "y", "mean", *QUANTILES]
LEAD_TIME_COLUMNS = [
    "order_id", "line", "supplier_id", "cutoff", "kind", "age", "lead_time", "mean", *QUANTILES,
]  # fmt: skip


@dataclass(frozen=True)
class DemandFrames:
    """Demand forecasts at past cutoffs beside the demand that came, as backtest frames.

    Attributes
    ----------
    period : columns `DEMAND_COLUMNS` and demand_class; one row per SKU, cutoff and period (k = 1 … h)
    cumulative : the same columns for the sum over the first k periods
    """

    period: pd.DataFrame
    cumulative: pd.DataFrame


def origin_frames(backtest: pd.DataFrame) -> DemandFrames:
    """Split the long frame of a demand model's rolling origins into the two backtest frames."""
    keys = ["unique_id", "cutoff", "ds", "k"]
    sums = ["y_cumulative", "cumulative_mean", *(f"cumulative_{name}" for name in QUANTILES)]
    cumulative = backtest[[*keys, *sums, "demand_class"]].set_axis([*DEMAND_COLUMNS, "demand_class"], axis=1)
    return DemandFrames(backtest[[*DEMAND_COLUMNS, "demand_class"]], cumulative)


def demand_frames(forecast: DemandForecast, actual: Array) -> DemandFrames:
    """Backtest frames of a demand forecast beside the demand that came.

    Parameters
    ----------
    actual : array (n, h), demand of the forecast's periods, NaN where unknown or out of stock
    """
    levels = np.searchsorted(forecast.levels, BACKTEST_LEVELS)
    period = _frame(forecast, actual, forecast.mean, forecast.quantiles[:, :, levels])
    cumulative = _frame(
        forecast, np.cumsum(actual, axis=1), forecast.cumulative_mean, forecast.cumulative[:, :, levels]
    )
    return DemandFrames(period, cumulative)


def _frame(forecast: DemandForecast, y: Array, mean: Array, quantiles: Array) -> pd.DataFrame:
    """Backtest frame of y (n, h) beside mean (n, h) and quantiles (n, h, 19), a row per SKU and step k."""
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
    """Demand (n, h) for the backtest frames: what came in a forecast's periods; NaN out of stock or after the panel."""
    rows = pd.Index(panel.unique_ids).get_indexer(pd.Index(forecast.unique_ids))
    columns = pd.Index(panel.ds).get_indexer(pd.Index(forecast.starts[:-1]))
    known = np.where(panel.in_stock, panel.y, np.nan)[np.ix_(rows, columns)]
    return np.where((rows[:, None] >= 0) & (columns[None, :] >= 0), known, np.nan)


def history_before(panel: Panel, frames: DemandFrames) -> pd.DataFrame:
    """Known demand before the first cutoff of backtest frames, unique_id, ds, y: what forecast errors are scaled by."""
    first = frames.period["cutoff"].min()
    before = panel.ds <= first if pd.notna(first) else np.zeros(panel.periods, bool)
    y = panel.known_demand[:, before]
    return pd.DataFrame(
        {
            "unique_id": np.repeat(panel.unique_ids, int(before.sum())),
            "ds": np.tile(panel.ds[before], len(panel)),
            "y": y.ravel(),
        }
    )


def lead_time_frame(
    orders: pd.DataFrame, distribution: Distribution, *, cutoff: pd.Timestamp, kind: str
) -> pd.DataFrame:
    """Backtest frame of lead-time distributions beside the lead times that came: columns `LEAD_TIME_COLUMNS`.

    Parameters
    ----------
    orders : order_id, line, supplier_id, age (days at the cutoff, 0 for new orders), lead_time (NaN: still open)
    """
    quantiles = distribution.quantile(np.tile(BACKTEST_LEVELS, (len(orders), 1)))
    known = orders[["order_id", "line", "supplier_id", "age", "lead_time"]].reset_index(drop=True)
    values = pd.DataFrame(quantiles, columns=QUANTILES)
    day = np.full(len(orders), cutoff.to_datetime64(), "datetime64[ns]")
    frame = pd.concat([known.assign(cutoff=day, kind=kind, mean=distribution.mean()), values], axis=1)
    return frame[LEAD_TIME_COLUMNS]
