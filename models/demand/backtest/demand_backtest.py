"""The demand backtest: a training's rolling origins with their calibrated forecasts and the demand that followed."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.levels import BACKTEST_LEVELS, DEMAND_LEVELS
from features.demand.panel import Array, Panel
from models.demand.backtest.origin_forecasts import OriginForecasts
from models.demand.distributions.calibration import DemandQuantiles


@dataclass(frozen=True)
class DemandBacktest:
    """Forecasts and demand of O origins, n SKUs and h steps.

    Attributes
    ----------
    unique_ids : array (n,)
    cutoffs : array (O,) of datetime64, last period start each origin saw
    starts : array (O, h + 1) of datetime64, starts of the periods ahead, then the end of the last
    window : array (O,), origins of one window share their fitted global members
    y : array (O, n, h), demand; NaN where censored, missing or not yet known
    in_stock : bool array (O, n, h)
    sold : array (O, n, h), what was recorded, also where censored
    demand_class : array (O, n), as of each origin
    mean, cumulative_mean : arrays (O, n, h)
    quantiles, cumulative : arrays (O, n, h, Q) at `DEMAND_LEVELS`, calibrated without the origin's own window
    members : name → array (O, n, h), what each member forecast
    """

    unique_ids: NDArray[np.object_]
    cutoffs: NDArray[np.datetime64]
    starts: NDArray[np.datetime64]
    window: NDArray[np.int64]
    y: Array
    in_stock: NDArray[np.bool_]
    sold: Array
    demand_class: NDArray[np.object_]
    mean: Array
    quantiles: Array
    cumulative_mean: Array
    cumulative: Array
    members: dict[str, Array]

    @property
    def y_cumulative(self) -> Array:
        """Demand of the first k periods after each cutoff, shape (O, n, h); NaN where a period of them is not known."""
        return np.asarray(np.cumsum(self.y, axis=2))

    def frame(self) -> pd.DataFrame:
        """The backtest as a table: one row per origin, SKU and step, for periods and the sum of the first k of them.

        Columns: unique_id, demand_class, cutoff, ds, k, y, y_cumulative, in_stock, mean, cumulative_mean,
        q0.05 … q0.95, cumulative_q0.05 … cumulative_q0.95.
        """
        origins, n, h = self.mean.shape
        columns = {
            "unique_id": np.tile(np.repeat(self.unique_ids, h), origins),
            "demand_class": np.repeat(self.demand_class.ravel(), h),
            "cutoff": np.repeat(self.cutoffs, n * h),
            "ds": np.repeat(self.starts[:, None, :h], n, axis=1).ravel(),
            "k": np.tile(np.arange(1, h + 1), origins * n),
            "y": self.y.ravel(),
            "y_cumulative": self.y_cumulative.ravel(),
            "in_stock": self.in_stock.ravel(),
            "mean": self.mean.ravel(),
            "cumulative_mean": self.cumulative_mean.ravel(),
        }
        places = np.searchsorted(DEMAND_LEVELS, BACKTEST_LEVELS)
        for prefix, values in (("q", self.quantiles), ("cumulative_q", self.cumulative)):
            for q, level in zip(places, BACKTEST_LEVELS, strict=True):
                columns[f"{prefix}{level:.2f}"] = values[..., q].ravel()
        return pd.DataFrame(columns)

    @classmethod
    def of(cls, panel: Panel, forecasts: OriginForecasts, mean: Array, quantiles: DemandQuantiles) -> Self:
        """Lay the forecasts from rolling origins and their calibrated distributions out by date."""
        h = mean.shape[2]
        calendar = np.concatenate([panel.ds, panel.future(h)])
        return cls(
            unique_ids=panel.unique_ids,
            cutoffs=calendar[forecasts.periods_seen - 1],
            starts=calendar[forecasts.periods_seen[:, None] + np.arange(h + 1)[None, :]],
            window=forecasts.window,
            y=forecasts.y,
            in_stock=forecasts.in_stock,
            sold=forecasts.sold,
            demand_class=forecasts.demand_class,
            mean=mean,
            quantiles=quantiles.period,
            cumulative_mean=np.cumsum(mean, axis=2),
            cumulative=quantiles.cumulative,
            members=forecasts.members,
        )
