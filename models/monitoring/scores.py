"""What a forecast was worth, summed over the SKUs of a class: the same sums for the backtest and for afterwards."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.levels import BACKTEST_LEVELS
from distributions.pinball import pinball_loss
from features.contract.calendar import season_length
from features.demand.demand_class import known_demand
from features.demand.panel import Array, Panel

SUMS = [
    "n", "demand", "forecast", "scaled_n", "scaled_pinball", "inside_80", "inside_90",
    "compared", "own", "rival",
]  # fmt: skip
"""Columns that may be added up over classes and periods."""

SCORES = ["cutoff", "ds", "k", "demand_class", *SUMS]

_LEVEL = {round(float(level), 2): q for q, level in enumerate(BACKTEST_LEVELS)}


@dataclass(frozen=True)
class Yardstick:
    """What losses are measured in and against; all from demand up to the champion's cutoff.

    Attributes
    ----------
    scale : array (n,), mean |y_t − y_{t−1}|: the naive forecast's error; NaN where it never erred
    spread : array (n, 19), quantiles of y_t − y_{t−s}: the seasonal naive forecast's errors; NaN with fewer than two
    season : periods s in a season, 1 where history holds no two of them
    """

    scale: Array
    spread: Array
    season: int

    @classmethod
    def of(cls, panel: Panel) -> Self:
        """Measure a panel that ends at the cutoff."""
        y = known_demand(panel)
        season = season_length(panel.freq)
        season = season if panel.periods >= 2 * season else 1
        steps = np.abs(np.diff(y, axis=1))
        known = ~np.isnan(steps)
        scale = np.where(known, steps, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        errors = y[:, season:] - y[:, :-season]
        return cls(np.where(scale > 0, scale, np.nan), _row_quantiles(errors), season)

    def rival(self, y: Array, at: int, h: int) -> Array:
        """Return the seasonal naive's quantiles (n, h, 19) for the h periods after the first `at` of `y` (n, T)."""
        ahead = np.arange(1, h + 1)
        last = at - 1 + ahead - self.season * -(-ahead // self.season)
        before = np.where(last >= 0, y[:, np.maximum(last, 0)], np.nan)
        return np.asarray(np.maximum(before[:, :, None] + self.spread[:, None, :], 0.0))


def _row_quantiles(values: Array) -> Array:
    """Quantiles (n, 19) of the known values of each row; NaN with fewer than two. (`nanquantile` loops over rows.)"""
    count = (~np.isnan(values)).sum(axis=1)
    if values.shape[1] == 0:
        return np.full((len(values), len(BACKTEST_LEVELS)), np.nan)
    rising = np.sort(values, axis=1)  # NaN come last
    position = np.maximum(count - 1, 0)[:, None] * BACKTEST_LEVELS
    low = position.astype(int)
    high = np.minimum(low + 1, values.shape[1] - 1)
    share = position - low
    between = np.take_along_axis(rising, low, 1) * (1 - share)
    between += np.where(share > 0, np.take_along_axis(rising, high, 1), 0.0) * share
    return np.where(count[:, None] >= 2, between, np.nan)


@dataclass(frozen=True)
class ScoredForecast:
    """What was said at one cutoff about h periods: ds (h,), demand_class (n,), mean (n, h), quantiles (n, h, 19)."""

    cutoff: np.datetime64
    ds: NDArray[np.datetime64]
    demand_class: NDArray[np.object_]
    mean: Array
    quantiles: Array

    def score(self, y: Array, rival: Array, scale: Array) -> pd.DataFrame:
        """Sum the scores of the periods whose demand is known: one row per period and class, columns `SCORES`.

        scaled_pinball: in units of `scale`; inside_80, inside_90: outcomes inside the interval; own, rival: the scaled
        losses of the `compared` outcomes for which the seasonal naive says something too.

        Parameters
        ----------
        y : array (n, h), NaN where unknown or censored
        rival : array (n, h, 19), quantiles of the seasonal naive, NaN where it says nothing
        scale : array (n,)
        """
        known = ~np.isnan(y) & ~np.isnan(self.mean)
        own = pinball_loss(y, self.quantiles) / scale[:, None]
        others = pinball_loss(y, rival) / scale[:, None]
        scaled, compared = known & np.isfinite(own), known & np.isfinite(own) & np.isfinite(others)
        values = {
            "n": known, "demand": np.where(known, y, 0.0), "forecast": np.where(known, self.mean, 0.0),
            "scaled_n": scaled, "scaled_pinball": np.where(scaled, own, 0.0),
            "inside_80": known & self._inside(y, 0.1), "inside_90": known & self._inside(y, 0.05),
            "compared": compared, "own": np.where(compared, own, 0.0), "rival": np.where(compared, others, 0.0),
        }  # fmt: skip
        return self._by_class(values)

    def _inside(self, y: Array, tail: float) -> NDArray[np.bool_]:
        low, high = self.quantiles[..., _LEVEL[tail]], self.quantiles[..., _LEVEL[round(1 - tail, 2)]]
        return np.asarray((y >= low) & (y <= high))

    def _by_class(self, values: dict[str, NDArray[np.generic]]) -> pd.DataFrame:
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


def no_scores() -> pd.DataFrame:
    """Return the frame of scores without rows."""
    kinds = {"cutoff": "datetime64[ns]", "ds": "datetime64[ns]", "k": "int64", "demand_class": object}
    return pd.DataFrame({name: pd.Series(dtype=kinds.get(name, "float64")) for name in SCORES})


def live_scores(forecast: DemandForecast, panel: Panel, stick: Yardstick) -> pd.DataFrame:
    """Score a stored forecast on the periods of `panel` that came after its cutoff: `SCORES`.

    SKUs and periods that the panel does not hold, and censored periods, are left out.

    Parameters
    ----------
    stick : of the panel's own rows
    """
    rows = pd.Index(panel.unique_ids).get_indexer(pd.Index(forecast.unique_ids))
    said = forecast.select(np.flatnonzero(rows >= 0))
    rows = rows[rows >= 0]
    columns = pd.Index(panel.ds).get_indexer(pd.Index(forecast.starts[:-1]))
    h = int((columns >= 0).sum())
    if h == 0 or not len(rows):
        return no_scores()
    known = known_demand(panel)[rows]
    kept = np.searchsorted(forecast.levels, BACKTEST_LEVELS)
    at = int(columns[0])
    outlook = ScoredForecast(
        forecast.cutoff.to_datetime64(), forecast.starts[:h], said.demand_class, said.mean[:, :h],
        said.quantiles[:, :h, kept],
    )  # fmt: skip
    mine = Yardstick(stick.scale[rows], stick.spread[rows], stick.season)
    return outlook.score(known[:, at : at + h], mine.rival(known, at, h), mine.scale)
