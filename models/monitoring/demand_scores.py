"""Scores of demand forecasts against the demand that came, as sums per cutoff, period and demand class.

The rolling origins of a training and the forecasts made since get the same sums, so that the two can be compared.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.levels import BACKTEST_LEVELS
from distributions.pinball import pinball_loss
from features.demand.panel import Array, Panel
from models.monitoring.naive_benchmark import NaiveBenchmark

SUM_COLUMNS = [
    "n", "demand", "forecast", "scaled_n", "scaled_pinball", "inside_80", "inside_90",
    "compared", "own", "rival",
]  # fmt: skip
"""Columns that may be added up over classes and periods.

n: scored demands; demand, forecast: their sums in units. scaled_pinball: pinball loss in units of the naive error,
over scaled_n demands. inside_80, inside_90: demands inside the interval. own, rival: scaled losses of the forecast
and of the seasonal naive on the `compared` demands for which both have one.
"""

SCORE_COLUMNS = ["cutoff", "ds", "k", "demand_class", *SUM_COLUMNS]

_LEVEL_INDEX = {round(float(level), 2): q for q, level in enumerate(BACKTEST_LEVELS)}


@dataclass(frozen=True)
class ScoredForecast:
    """Demand forecast of n SKUs made at one cutoff for h periods, to be scored.

    Attributes
    ----------
    cutoff : last period the forecast has seen
    ds : array (h,), starts of the periods ahead
    demand_class : array (n,)
    mean : array (n, h)
    quantiles : array (n, h, 19) at `BACKTEST_LEVELS`
    """

    cutoff: np.datetime64
    ds: NDArray[np.datetime64]
    demand_class: NDArray[np.object_]
    mean: Array
    quantiles: Array

    def score(self, y: Array, seasonal_naive: Array, scale: Array) -> pd.DataFrame:
        """Sum the forecast's scores over the SKUs of each class, per period: frame with columns `SCORE_COLUMNS`.

        Parameters
        ----------
        y : array (n, h), demand that came, NaN where unknown or censored
        seasonal_naive : array (n, h, 19), quantiles of the seasonal naive, NaN where it has none
        scale : array (n,), naive error that losses are divided by
        """
        known = ~np.isnan(y) & ~np.isnan(self.mean)
        own = pinball_loss(y, self.quantiles) / scale[:, None]
        naive = pinball_loss(y, seasonal_naive) / scale[:, None]
        scaled, compared = known & np.isfinite(own), known & np.isfinite(own) & np.isfinite(naive)
        values = {
            "n": known, "demand": np.where(known, y, 0.0), "forecast": np.where(known, self.mean, 0.0),
            "scaled_n": scaled, "scaled_pinball": np.where(scaled, own, 0.0),
            "inside_80": known & self._inside(y, 0.1), "inside_90": known & self._inside(y, 0.05),
            "compared": compared, "own": np.where(compared, own, 0.0), "rival": np.where(compared, naive, 0.0),
        }  # fmt: skip
        return self._sum_by_class(values)

    def _inside(self, y: Array, tail: float) -> NDArray[np.bool_]:
        """Whether monitoring scores each demand (n, h) as inside the forecast's quantiles at `tail` and 1 − `tail`."""
        low, high = (self.quantiles[..., _LEVEL_INDEX[p]] for p in (tail, round(1 - tail, 2)))
        return np.asarray((y >= low) & (y <= high))

    def _sum_by_class(self, values: dict[str, NDArray[np.generic]]) -> pd.DataFrame:
        """Sum each score (n, h) over the SKUs of a demand class; periods without a scored demand are left out."""
        classes, code = np.unique(self.demand_class.astype(str), return_inverse=True)
        h = len(self.ds)
        cell = (code[:, None] * h + np.arange(h)).ravel()
        sums = {
            name: np.bincount(cell, np.asarray(v, float).ravel(), minlength=len(classes) * h)
            for name, v in values.items()
        }
        keys = {
            "cutoff": np.full(len(classes) * h, self.cutoff, "datetime64[ns]"),
            "ds": np.tile(self.ds.astype("datetime64[ns]"), len(classes)),
            "k": np.tile(np.arange(1, h + 1), len(classes)),
            "demand_class": np.repeat(classes.astype(object), h),
        }
        frame = pd.DataFrame(keys | sums)
        return frame[frame["n"] > 0].reset_index(drop=True)


def empty_scores() -> pd.DataFrame:
    """Frame of demand scores (columns `SCORE_COLUMNS`) without rows."""
    kinds = {"cutoff": "datetime64[ns]", "ds": "datetime64[ns]", "k": "int64", "demand_class": object}
    return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "float64")) for name in SCORE_COLUMNS})


def score_stored_forecast(forecast: DemandForecast, panel: Panel, naive: NaiveBenchmark) -> pd.DataFrame:
    """Score a stored demand forecast on the periods of `panel` after its cutoff: columns `SCORE_COLUMNS`.

    SKUs and periods that the panel does not hold, and censored periods, are left out.

    Parameters
    ----------
    naive : benchmark of the panel's SKUs, in the panel's order
    """
    rows = pd.Index(panel.unique_ids).get_indexer(pd.Index(forecast.unique_ids))
    in_panel = forecast.select(np.flatnonzero(rows >= 0))
    rows = rows[rows >= 0]
    columns = pd.Index(panel.ds).get_indexer(pd.Index(forecast.starts[:-1]))
    h = int((columns >= 0).sum())
    if h == 0 or not len(rows):
        return empty_scores()
    levels = np.searchsorted(forecast.levels, BACKTEST_LEVELS)
    scored = ScoredForecast(
        cutoff=forecast.cutoff.to_datetime64(),
        ds=forecast.starts[:h],
        demand_class=in_panel.demand_class,
        mean=in_panel.mean[:, :h],
        quantiles=in_panel.quantiles[:, :h, levels],
    )
    y, naive, at = panel.known_demand[rows], naive.select(rows), int(columns[0])
    return scored.score(y[:, at : at + h], naive.seasonal_naive_quantiles(y, at, h), naive.scale)
