"""The LightGBM that does best in the VN2 game: relative to the series' own year, and sales it will lose projected."""

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from benchmarks.demand.lightgbm_peer import lag_features
from benchmarks.vn2.game import WEEKS, GameHistory, GameStock, OrderRule, play_game
from benchmarks.vn2.peers import CRITICAL_RATIO, PROTECTION
from benchmarks.vn2.starting_stock import starting_stock
from features.demand.panel import Array

FACTORS = np.arange(0.0, 1.51, 0.1)

USUAL_FACTOR = 0.5
"""φ before any earlier window could be played."""

SEEDS = (0, 1, 2)
HALF_LIFE = 52.0
"""Weeks of age at which a row weighs half."""

LARGEST_RATIO = 20.0
ROUNDS = 150
PARAMS = {
    "objective": "tweedie",
    "tweedie_variance_power": 1.3,
    "learning_rate": 0.05,
    "num_leaves": 31,
    "min_data_in_leaf": 50,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "feature_fraction": 0.7,
    "cat_smooth": 100,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}

Indices = NDArray[np.int64]


class StrongLightGBM:
    """Player of the VN2 game by LightGBM on demand over the series' mean of the year before, trained anew each week.

    One Tweedie model a step ahead, the mean of three seeds; rows weigh by that mean, and half as much for every year
    of age. It orders what the third week needs, with a buffer of z·φ·√D₃, beyond what is left when the two weeks
    before have been served as far as the stock goes: sales that will be lost need no goods.
    """

    def __init__(self, history: GameHistory) -> None:
        self.history = history
        self.categories = history.raw["sales"][["Store", "Product"]].to_numpy(float)
        self.forecasts: dict[int, Array] = {}

    def forecast(self, seen: int) -> Array:
        """Expected demand of each of the three weeks after the first `seen`, (n, 3)."""
        if seen not in self.forecasts:
            steps = range(1, PROTECTION + 1)
            self.forecasts[seen] = np.column_stack([self._step(seen, k) for k in steps])
        return self.forecasts[seen]

    def order(self, factor: float) -> OrderRule:
        """Order rule with the buffer φ = `factor`."""
        z = float(ndtri(CRITICAL_RATIO))

        def placed(seen: int, stock: GameStock) -> Array:
            demand = self.forecast(seen)
            left = np.maximum(stock.on_hand + stock.next_week - demand[:, 0], 0.0)
            left = np.maximum(left + stock.week_after - demand[:, 1], 0.0)
            return np.asarray(demand[:, 2] + z * factor * np.sqrt(demand.sum(axis=1)) - left)

        return placed

    def factor_before(self, first: int, starts: list[int]) -> float:
        """φ with the least cost over the windows of `starts` that end before week number `first`."""
        earlier = [start for start in starts if start + WEEKS <= first]
        if not earlier:
            return USUAL_FACTOR
        cost = np.zeros(len(FACTORS))
        for start in earlier:
            stock = starting_stock(self.history, start)
            cost += [play_game(self.history, start, stock, self.order(factor)).cost for factor in FACTORS]
        return float(FACTORS[int(cost.argmin())])

    def _step(self, seen: int, k: int) -> Array:
        """Train on the first `seen` weeks for step k ahead, and forecast the week seen + k, (n,)."""
        y = self.history.demand[:, :seen]
        n = len(y)
        t = np.repeat(np.arange(min(26, seen - k - 8), seen - k + 1), n)
        i = np.tile(np.arange(n), len(t) // n)
        X, scale = self._rows(y, i, t, k)
        target = y[i, t + k - 1]
        usable = ~np.isnan(target) & (scale > 0)
        ratio = np.minimum(target[usable] / scale[usable], LARGEST_RATIO)
        weight = scale[usable] * 0.5 ** ((seen - t[usable] - k) / HALF_LIFE)
        ahead, level = self._rows(y, np.arange(n), np.full(n, seen), k)
        total = np.zeros(n)
        for seed in SEEDS:
            columns = [X.shape[1] - 2, X.shape[1] - 1]
            data = lightgbm.Dataset(X[usable], ratio, weight=weight, categorical_feature=columns)
            model = lightgbm.train(PARAMS | {"seed": seed}, data, ROUNDS)
            total += np.asarray(model.predict(ahead, num_threads=1)) * level
        return np.asarray(total / len(SEEDS))

    def _rows(self, y: Array, i: Indices, t: Indices, k: int) -> tuple[Array, Array]:
        """Features of week t + k for series i, a row each, and the mean demand of the year before t."""
        features = lag_features(y, i, t, np.full(len(i), k))[:, :-1]
        scale = features[:, -1].copy()
        relative = features / np.maximum(scale, 1e-9)[:, None]
        size = np.log(np.maximum(scale, 1e-3))
        week = self.history.week_of_year[t + k - 1]
        return np.column_stack([relative, size, week, self.categories[i]]), scale
