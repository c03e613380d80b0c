"""Spread inputs: what the width of a SKU's demand distribution depends on, as volatility and uncertain level."""

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from features.demand.demand_class import CLASSES
from features.demand.panel import Array, Panel
from models.demand.members.seasonal_level import SeasonalLevel

LEAST_MEAN = 0.02
"""Forecasts and volatilities count as at least this where a logarithm is taken."""

VOLATILITY_PERIODS = 52
"""Past periods whose errors make up a SKU's volatility."""

LEVEL_DRIFT = 0.12
"""Step of √level in a period, in volatilities: on VN2 the squared error of the mean of four weeks, forecast from data
that end g weeks before, grows by .0144 squared volatilities for each week of g (0 to 26)."""

TYPICAL_PERIODS = 8.0
"""Periods of the typical volatility of SKUs of this level that are added to that of a SKU without a past."""


class DemandSpread(Protocol):
    """What spread inputs are made of, one value a SKU, (n,) each; √demand as it is, in the SKU's unit of measure."""

    @property
    def demand_class(self) -> NDArray[np.object_]:
        """Demand class of each SKU."""

    @property
    def volatility(self) -> Array:
        """Mean one-step error of √demand."""

    @property
    def level_uncertainty(self) -> Array:
        """Standard deviation of √level that comes of not knowing it."""

    @property
    def step(self) -> Array:
        """Step in which demand comes, 0 where it is continuous."""

    @property
    def unit(self) -> Array:
        """The demand unit."""


@dataclass(frozen=True)
class SpreadInputs:
    """What the width of a distribution depends on, one row per SKU (n,) and column per step (n, K).

    All demand is counted in the SKU's own demand unit (`features.demand.demand_unit`): a SKU's distribution does not
    change with its unit of measure.

    Attributes
    ----------
    mean : array (n, K), forecast (of the period, or of the sum over the first k periods)
    steps : array (K,), k = 1 … K
    volatility : array (n,), the SKU's own mean one-step error on the scale of √y
    demand_class : array (n,)
    step : array (n,), the step in which demand comes, mostly 1; 0 where it is continuous
    uncertainty : array (n, K), standard deviation of √demand that comes of not knowing the SKU's level
    own : array (n,), factor of the spread that the SKU's own errors call for (`own_spread`)
    """

    mean: Array
    steps: Array
    volatility: Array
    demand_class: NDArray[np.object_]
    step: Array
    uncertainty: Array
    own: Array

    @classmethod
    def of_demand(cls, skus: DemandSpread, mean: Array, *, sums: bool = False) -> Self:
        """Spread inputs around `mean` (n, K), in the unit of measure, of periods or of the sums of the first k."""
        steps, root = np.arange(1, mean.shape[1] + 1, dtype=float), np.sqrt(skus.unit)
        return cls(
            mean=mean / skus.unit[:, None],
            steps=steps,
            volatility=skus.volatility / root,
            demand_class=skus.demand_class,
            step=skus.step / skus.unit,
            uncertainty=spread_uncertainty(skus.level_uncertainty / root, steps, sums=sums),
            own=np.ones(len(mean)),
        )

    def every(self, stride: int) -> Self:
        """The spread inputs of every `stride`-th row."""
        return replace(
            self,
            mean=self.mean[::stride],
            volatility=self.volatility[::stride],
            demand_class=self.demand_class[::stride],
            step=self.step[::stride],
            uncertainty=self.uncertainty[::stride],
            own=self.own[::stride],
        )

    def with_own(self, own: Array) -> Self:
        """The spread inputs with the factors `own` (n,) of the SKUs' own errors."""
        return replace(self, own=own)

    @property
    def offset(self) -> Array:
        """Half a step, the centre of the step that a quantity stands for, shape (n, 1)."""
        return self.step[:, None] / 2

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


def drift_uncertainty(volatility: Array, periods: NDArray[np.int64]) -> Array:
    """Spread input that comes of a past not known of late: standard deviation of √level after so many `periods`, (n,).

    LEVEL_DRIFT · volatility · √periods: a random walk of the level, whose steps are a share of the SKU's own noise.
    """
    return np.asarray(LEVEL_DRIFT * volatility * np.sqrt(periods))


def own_volatility(panel: Panel, season: int, unit: Array) -> Array:
    """Volatility of each SKU: mean |√y − √forecast| of one-step forecasts over its last 52 periods, shape (n,).

    Errors are those of demand counted in demand units, so that another unit of measure only rescales them. Shrunk to
    what SKUs of the same level typically have, until 52 periods of its own are known.

    Parameters
    ----------
    unit : array (n,), the demand unit of each SKU (`features.demand.demand_unit`)
    """
    y = panel.known_demand[:, -VOLATILITY_PERIODS:] / unit[:, None]
    before = SeasonalLevel(season).one_step(panel)[:, -VOLATILITY_PERIODS:] / unit[:, None]
    known = ~np.isnan(y) & _has_past(panel)[:, -VOLATILITY_PERIODS:]
    error = np.abs(np.sqrt(np.nan_to_num(y) + 0.25) - np.sqrt(np.maximum(before, 0) + 0.25)) * known
    count, total = known.sum(axis=1), error.sum(axis=1)
    level = np.where(known, np.nan_to_num(y), 0.0).sum(axis=1) / np.maximum(count, 1)
    typical = _typical_volatility(level, total / np.maximum(count, 1), count)
    borrowed = TYPICAL_PERIODS * np.maximum(1 - count / VOLATILITY_PERIODS, 0.0)
    return np.asarray(np.sqrt(unit) * (total + borrowed * typical) / np.maximum(count + borrowed, 1e-9))


def _has_past(panel: Panel) -> NDArray[np.bool_]:
    """Whether a period has a known one before it, (n, T): the first is forecast from nothing, and no error says so."""
    known = ~np.isnan(panel.known_demand)
    return np.asarray(known.cumsum(axis=1) - known > 0)


def _typical_volatility(level: Array, error: Array, count: NDArray[np.int64]) -> Array:
    """Typical volatility of SKUs of about this level: mean one-step errors in ten equal bins of the level, (n,).

    Everything is counted in demand units.
    """
    rank = np.searchsorted(np.sort(level), level, side="right") / len(level)
    bins = np.minimum((rank * 10).astype(int), 9)
    weight = np.bincount(bins, count, minlength=10)
    overall = (error * count).sum() / max(count.sum(), 1)
    return np.asarray(((np.bincount(bins, error * count, minlength=10) + 20 * overall) / (weight + 20))[bins])
