"""A plain global LightGBM in the VN2 game: its forecast D₃ of three weeks plus z·φ·√D₃, with one φ for all series."""

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from benchmarks.demand.lightgbm_peer import lag_features
from benchmarks.vn2.game import GameHistory, GameStock, OrderRule, play_game
from benchmarks.vn2.peers import CRITICAL_RATIO, PROTECTION
from benchmarks.vn2.starting_stock import starting_stock
from features.demand.panel import Array

TUNED_ON = (68, 60, 42)
"""Weeks before the end of the history at which the windows start that φ is chosen on; none touches a scored week."""

FACTORS = np.arange(0.0, 3.01, 0.1)

FIRST = 26
"""Weeks of history before the first row to learn from."""

PARAMS = {
    "objective": "tweedie",
    "tweedie_variance_power": 1.2,
    "learning_rate": 0.05,
    "num_leaves": 31,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.8,
    "seed": 0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}
ROUNDS = 200


class LightGBMPlayer:
    """Player of the VN2 game by a Tweedie LightGBM in units, trained anew each week.

    Features are lags, trailing means, last year's weeks, the ISO week, store and product. It learns from all weeks
    before; weeks out of stock are no rows.
    """

    def __init__(self, history: GameHistory) -> None:
        self.history = history
        sales = history.raw["sales"]
        self.categories = sales[["Store", "Product"]].to_numpy(float)
        self.totals: dict[int, Array] = {}

    def total(self, seen: int) -> Array:
        """D₃: expected demand of the three weeks after the first `seen`, (n,)."""
        if seen not in self.totals:
            self.totals[seen] = self._learn(seen)
        return self.totals[seen]

    def order(self, factor: float) -> OrderRule:
        """Order rule: up to D₃ + z·φ·√D₃ with φ = `factor`."""
        z = float(ndtri(CRITICAL_RATIO))

        def placed(seen: int, stock: GameStock) -> Array:
            total = self.total(seen)
            return np.asarray(total + z * factor * np.sqrt(total) - stock.position)

        return placed

    def best_factor(self) -> float:
        """φ with the least cost over the windows that are not scored."""
        cost = np.zeros(len(FACTORS))
        for back in TUNED_ON:
            first = self.history.demand.shape[1] - back
            stock = starting_stock(self.history, first)
            cost += [play_game(self.history, first, stock, self.order(factor)).cost for factor in FACTORS]
        return float(FACTORS[int(cost.argmin())])

    def _learn(self, seen: int) -> Array:
        """Train on the first `seen` weeks and forecast the demand of the next three together, (n,)."""
        y = self.history.demand[:, :seen]
        n = len(y)
        origins, steps = np.meshgrid(np.arange(FIRST, seen), np.arange(1, PROTECTION + 1), indexing="ij")
        inside = origins + steps <= seen
        t, k = (np.repeat(values[inside], n) for values in (origins, steps))
        i = np.tile(np.arange(n), int(inside.sum()))
        target = y[i, t + k - 1]
        known = ~np.isnan(target)
        X = self._rows(y, i[known], t[known], k[known])
        data = lightgbm.Dataset(X, target[known], categorical_feature=[X.shape[1] - 2, X.shape[1] - 1])
        model = lightgbm.train(PARAMS, data, ROUNDS)
        rows, ahead = np.repeat(np.arange(n), PROTECTION), np.tile(np.arange(1, PROTECTION + 1), n)
        mean: Array = np.asarray(
            model.predict(self._rows(y, rows, np.full(len(rows), seen), ahead), num_threads=1)
        )
        return np.asarray(mean.reshape(n, PROTECTION).sum(axis=1))

    def _rows(self, y: Array, i: NDArray[np.int64], t: NDArray[np.int64], k: NDArray[np.int64]) -> Array:
        """Features of week t + k for series i, a row each."""
        week = self.history.week_of_year[t + k - 1]
        return np.column_stack([lag_features(y, i, t, k), week, self.categories[i]])
