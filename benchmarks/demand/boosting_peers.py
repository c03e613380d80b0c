"""Boosted peers of the demand benchmark, one model for all SKUs in units of each: scikit-learn's and CatBoost's."""

import importlib.util
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from benchmarks.demand.lightgbm_peer import lag_features
from benchmarks.demand.peers import LEVELS, QuantileForecast
from distributions.distribution import Array
from features.contract.frequency import season_length
from features.demand.panel import Panel
from features.demand.seasonality.positions import season_positions

MOST_ROWS = 60_000
"""Rows a model learns from, drawn from all."""

HAS_CATBOOST = importlib.util.find_spec("catboost") is not None
"""Whether CatBoost is installed: a hundred megabytes that nothing else here needs, so it is a peer where it is."""


@dataclass(frozen=True)
class LaggedRows:
    """Rows to learn from and to forecast, in units of each SKU's recent level.

    Attributes
    ----------
    X, y : arrays (R, F), (R,), features and demand
    ahead, scale : arrays (n h, F), (n,), features of the periods to forecast, and each SKU's unit
    """

    X: Array
    y: Array
    ahead: Array
    scale: Array

    @classmethod
    def of(cls, panel: Panel, h: int) -> Self:
        """Rows of all SKUs, periods and steps, at most `MOST_ROWS` to learn from; censored periods are no targets."""
        demand, season = panel.known_demand, season_length(panel.freq)
        periods, n = panel.periods, len(panel)
        place = season_positions(np.concatenate([panel.ds, panel.future(h)[:-1]]), panel.freq, season)
        rng = np.random.default_rng(0)
        seen, step = np.meshgrid(np.arange(min(season, periods // 2), periods), np.arange(1, h + 1))
        inside = seen + step <= periods
        at = rng.integers(int(inside.sum()), size=min(MOST_ROWS, 4 * n * periods))
        t, k, i = seen[inside][at], step[inside][at], rng.integers(n, size=len(at))
        target, scale = demand[i, t + k - 1], recent_level(demand, season)
        usable = ~np.isnan(target) & (scale[i, t] > 0)
        t, k, i = t[usable], k[usable], i[usable]
        rows, steps = np.repeat(np.arange(n), h), np.tile(np.arange(1, h + 1), n)
        now = np.full(len(rows), periods)

        def features(sku: NDArray[np.int64], seen: NDArray[np.int64], ahead: NDArray[np.int64]) -> Array:
            lags = lag_features(demand, sku, seen, ahead, season)
            unit = np.maximum(scale[sku, seen], 1e-9)
            relative = np.column_stack([lags[:, :-1] / unit[:, None], lags[:, -1]])
            return np.column_stack([relative, place[seen + ahead - 1], np.log(unit)])

        X, X_ahead = features(i, t, k), features(rows, now, steps)
        known = ~np.isnan(X).all(axis=0)  # in a first year nobody knows the year before
        return cls(X[:, known], target[usable] / scale[i, t], X_ahead[:, known], scale[:, periods])

    def forecast(self, relative: Array, h: int) -> QuantileForecast:
        """Forecast of quantiles (n h, 7) in the SKUs' units; the mean is that of the quantiles, by their levels."""
        values = np.maximum(relative.reshape(len(self.scale), h, len(LEVELS)), 0.0)
        quantiles = np.sort(values, axis=2) * self.scale[:, None, None]
        edges = np.concatenate([[0.0], (LEVELS[1:] + LEVELS[:-1]) / 2, [1.0]])
        return QuantileForecast.of_periods(quantiles @ np.diff(edges), quantiles)


def recent_level(demand: Array, season: int) -> Array:
    """Mean of the known demand in the season before each period, (n, T + 1), 0 where nothing is known."""
    known = np.pad(~np.isnan(demand), ((0, 0), (1, 0))).cumsum(axis=1)
    total = np.pad(np.nan_to_num(demand), ((0, 0), (1, 0))).cumsum(axis=1)
    before = np.maximum(np.arange(demand.shape[1] + 1) - max(season, 8), 0)
    return np.asarray((total - total[:, before]) / np.maximum(known - known[:, before], 1))


def histogram_boosting(panel: Panel, h: int) -> QuantileForecast:
    """scikit-learn's HistGradientBoostingRegressor with quantile loss, a model a level, stopped early."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    rows = LaggedRows.of(panel, h)
    relative = np.column_stack(
        [
            HistGradientBoostingRegressor(
                loss="quantile",
                quantile=level,
                max_iter=200,
                learning_rate=0.05,
                early_stopping=True,
                random_state=0,
            )
            .fit(rows.X, rows.y)
            .predict(rows.ahead)
            for level in LEVELS
        ]
    )
    return rows.forecast(relative, h)


def catboost_quantiles(panel: Panel, h: int) -> QuantileForecast:
    """CatBoost with its loss for several quantiles at once."""
    from catboost import CatBoostRegressor

    rows = LaggedRows.of(panel, h)
    levels = ",".join(f"{level:g}" for level in LEVELS)
    model = CatBoostRegressor(
        loss_function=f"MultiQuantile:alpha={levels}",
        iterations=400,
        learning_rate=0.05,
        random_seed=0,
        thread_count=2,
        verbose=False,
        allow_writing_files=False,
    )
    return rows.forecast(np.asarray(model.fit(rows.X, rows.y).predict(rows.ahead)), h)
