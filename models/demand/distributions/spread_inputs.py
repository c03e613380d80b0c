"""Spread inputs: what the width of a SKU's demand distribution depends on, as volatility and uncertain level."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.demand_class import CLASSES
from features.demand.panel import Array, Panel
from models.demand.members.seasonal_level import SeasonalLevel

LEAST_MEAN = 0.02
"""Forecasts and volatilities count as at least this where a logarithm is taken."""

VOLATILITY_PERIODS = 52
"""Past periods whose errors make up a SKU's volatility."""

TYPICAL_PERIODS = 8.0
"""Periods of the typical volatility of SKUs of this level that are added to a SKU's own."""


@dataclass(frozen=True)
class SpreadInputs:
    """What the width of a distribution depends on, one row per SKU (n,) and column per step (n, K).

    Attributes
    ----------
    mean : array (n, K), forecast (of the period, or of the sum over the first k periods)
    steps : array (K,), k = 1 … K
    volatility : array (n,), the SKU's own mean one-step error on the scale of √y
    demand_class : array (n,)
    whole_units : bool array (n,), demand comes in whole units
    uncertainty : array (n, K), standard deviation of √demand that comes of not knowing the SKU's level
    """

    mean: Array
    steps: Array
    volatility: Array
    demand_class: NDArray[np.object_]
    whole_units: NDArray[np.bool_]
    uncertainty: Array

    def every(self, stride: int) -> Self:
        """The spread inputs of every `stride`-th row."""
        return replace(
            self,
            mean=self.mean[::stride],
            volatility=self.volatility[::stride],
            demand_class=self.demand_class[::stride],
            whole_units=self.whole_units[::stride],
            uncertainty=self.uncertainty[::stride],
        )

    @property
    def offset(self) -> Array:
        """Half a unit where units are whole: the centre of the unit, shape (n, 1)."""
        return np.where(self.whole_units, 0.5, 0.0)[:, None]

    @property
    def center(self) -> Array:
        """Centre of the distribution on the scale of √demand: √(mean + offset), shape (n, K)."""
        return np.asarray(np.sqrt(np.maximum(self.mean, 0) + self.offset))

    @property
    def size(self) -> Array:
        """Log of the forecast, bounded below, shape (n, K)."""
        return np.asarray(np.log(np.maximum(self.mean, LEAST_MEAN)))

    def regressors(self) -> Array:
        """Regressors of the log spread: forecast size, volatility, step, class; shape (n, K, P)."""
        size, k = self.size, np.broadcast_to(np.log(self.steps), self.mean.shape)
        own = np.broadcast_to(np.log(np.maximum(self.volatility, LEAST_MEAN))[:, None], self.mean.shape)
        one = np.ones_like(size)
        dummies = [one * (self.demand_class == name)[:, None] for name in CLASSES[1:]]
        low = np.maximum(1.0 - size, 0.0)
        return np.stack([one, size, low, own, own * k, own * size, k, size * k, *dummies], axis=-1)


def spread_uncertainty(level_uncertainty: Array, steps: Array, *, sums: bool) -> Array:
    """Spread input `uncertainty` (n, K), of √demand, from that of √level (n,): for a sum of k periods √k times as much.

    All its periods are off by the same level, so that it does not average out as noise does.
    """
    return level_uncertainty[:, None] * (np.sqrt(steps) if sums else np.ones_like(steps))


def own_volatility(panel: Panel, season: int) -> Array:
    """Volatility of each SKU: mean |√y − √forecast| of one-step forecasts over its last 52 periods, shape (n,).

    Shrunk to what SKUs of the same level typically have.
    """
    y = panel.known_demand[:, -VOLATILITY_PERIODS:]
    before = SeasonalLevel(season).one_step(panel)[:, -VOLATILITY_PERIODS:]
    known = ~np.isnan(y)
    error = np.abs(np.sqrt(np.nan_to_num(y) + 0.25) - np.sqrt(np.maximum(before, 0) + 0.25)) * known
    count, total = known.sum(axis=1), error.sum(axis=1)
    level = np.where(known, np.nan_to_num(y), 0.0).sum(axis=1) / np.maximum(count, 1)
    typical = _typical_volatility(level, total / np.maximum(count, 1), count)
    return np.asarray((total + TYPICAL_PERIODS * typical) / (count + TYPICAL_PERIODS))


def _typical_volatility(level: Array, error: Array, count: NDArray[np.int64]) -> Array:
    """Typical volatility of SKUs of about this level: mean one-step errors in ten equal bins of the level, (n,)."""
    rank = np.searchsorted(np.sort(level), level, side="right") / len(level)
    bins = np.minimum((rank * 10).astype(int), 9)
    weight = np.bincount(bins, count, minlength=10)
    overall = (error * count).sum() / max(count.sum(), 1)
    return np.asarray(((np.bincount(bins, error * count, minlength=10) + 20 * overall) / (weight + 20))[bins])
