"""The naive and the seasonal naive forecast that a champion's demand forecasts are scaled by and compared with."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from distributions.levels import BACKTEST_LEVELS
from features.contract.frequency import season_length
from features.demand.panel import Array, Panel


@dataclass(frozen=True)
class NaiveBenchmark:
    """Errors of the naive and the seasonal naive forecast of n SKUs, from demand up to the champion's cutoff.

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
        """Measure the naive and seasonal naive errors of a panel that ends at the cutoff."""
        y = panel.known_demand
        season = season_length(panel.freq)
        season = season if panel.periods >= 2 * season else 1
        steps = np.abs(np.diff(y, axis=1))
        known = ~np.isnan(steps)
        scale = np.where(known, steps, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        errors = y[:, season:] - y[:, :-season]
        return cls(np.where(scale > 0, scale, np.nan), _row_quantiles(errors), season)

    def select(self, rows: NDArray[np.int64]) -> "NaiveBenchmark":
        """Naive benchmark of the SKUs at `rows`."""
        return NaiveBenchmark(self.scale[rows], self.spread[rows], self.season)

    def seasonal_naive_mean(self, y: Array, at: int, h: int) -> Array:
        """Seasonal naive point forecasts (n, h) for the h periods after the first `at` of demand `y` (n, T).

        The demand of the same period in the last known season; NaN where that is not known.
        """
        ahead = np.arange(1, h + 1)
        last = at - 1 + ahead - self.season * -(-ahead // self.season)
        return np.where(last >= 0, y[:, np.maximum(last, 0)], np.nan)

    def seasonal_naive_quantiles(self, y: Array, at: int, h: int) -> Array:
        """Seasonal naive quantiles (n, h, 19) for the h periods after the first `at` of demand `y` (n, T)."""
        mean = self.seasonal_naive_mean(y, at, h)
        return np.asarray(np.maximum(mean[:, :, None] + self.spread[:, None, :], 0.0))


def _row_quantiles(values: Array) -> Array:
    """Quantiles (n, 19) of each SKU's known seasonal naive errors; NaN with fewer than two."""
    count = (~np.isnan(values)).sum(axis=1)
    if values.shape[1] == 0:
        return np.full((len(values), len(BACKTEST_LEVELS)), np.nan)
    # `nanquantile` would loop over the rows; NaN come last
    rising = np.sort(values, axis=1)
    position = np.maximum(count - 1, 0)[:, None] * BACKTEST_LEVELS
    low = position.astype(int)
    high = np.minimum(low + 1, values.shape[1] - 1)
    share = position - low
    between = np.take_along_axis(rising, low, 1) * (1 - share)
    between += np.where(share > 0, np.take_along_axis(rising, high, 1), 0.0) * share
    return np.where(count[:, None] >= 2, between, np.nan)
