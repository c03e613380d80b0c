"""Censored demand: imputation of what was probably demanded in a period in which the stock ran out.

A stockout with sales b > 0 says that demand was at least b. Leaving such periods out makes forecasts too low,
because it is the high demands that empty the shelf; taking b as demand makes them lower still. Here they hold
E[D | D ≥ b], the E-step of the EM algorithm, around the level that the SKU had until then. Period by period, with
nothing from later periods, so that a feature of the past is the same in training and at a forecast.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.tail_moments import tail_moments
from features.demand.typical_level import outlier_fence, without_outliers

Array = NDArray[np.float64]

ALPHA = 0.05
"""Weight of the newest period in level and spread, once 20 periods are known."""

PRIOR = 6.0
"""Periods of the spread of all SKUs of this level that are added to a SKU's own."""

UNSEASONAL = 5.0
"""SKUs without a season that are added to those whose season is seen."""


@dataclass(frozen=True)
class ImputedDemand:
    """Demand with its censored periods imputed, and the demand that it was made for, each (n, T)."""

    y: Array
    in_stock: NDArray[np.bool_]
    values: Array

    def is_of(self, y: Array, in_stock: NDArray[np.bool_]) -> bool:
        """Whether the imputation was made for these very arrays."""
        return self.y is y and self.in_stock is in_stock


def impute_censored(y: Array, in_stock: NDArray[np.bool_], season: int = 1) -> Array:
    """Demand with censored periods imputed, (n, T): those with sales hold E[D | D ≥ sold].

    Those without sales are missing, since they say nothing, and so are those before a SKU's first known period.

    Parameters
    ----------
    y : array (n, T), quantity sold or demanded, NaN where missing
    in_stock : bool array (n, T); False: `y` is only a lower bound
    season : periods in a season; the demand of all SKUs in the last one gives the factor of this time of year
    """
    result = np.where(in_stock, y, np.nan)
    censored = ~in_stock & (np.nan_to_num(y) > 0)
    rows = np.flatnonzero(censored.any(axis=1))
    moments, seasonality = _Moments.empty(len(rows)), _SeasonFactor(len(rows), y.shape[1], season)
    for t in range(y.shape[1] if len(rows) else 0):
        moments.notice(y[rows, t], censored[rows, t])
        factor = seasonality.factor(t, moments.ran_out)
        now = result[rows, t] / factor
        square = np.nan_to_num(now) ** 2
        at = np.flatnonzero(censored[rows, t] & (moments.weight > 0))
        if len(at):
            first, second = moments.tail(y[rows[at], t], at, factor)
            now[at], square[at], result[rows[at], t] = first / factor, second / factor**2, first
        moments.add(now, square)
        seasonality.add(t, result[rows, t])
    return result


@dataclass
class _Moments:
    """Smoothed moments of each SKU's demand before a period, from which it is imputed if censored; each (n,).

    Attributes
    ----------
    level, square : mean demand, and mean of its square
    weight : periods they rest on
    whole_units : whether all quantities were whole
    ran_out : whether the SKU ever ran out of stock
    """

    level: Array
    square: Array
    weight: Array
    whole_units: NDArray[np.bool_]
    ran_out: NDArray[np.bool_]

    @classmethod
    def empty(cls, n: int) -> Self:
        """Moments to impute censored demand from, of n SKUs of which nothing is known."""
        return cls(np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool), np.zeros(n, bool))

    def variance(self) -> Array:
        """Variance of demand to impute it by, shrunk to what SKUs of this level have: ψ · level^1.5, shape (n,).

        ψ is a mean over the SKUs without outliers: a slip of the keyboard in some is not the spread of the others.
        """
        own = np.maximum(self.square - self.level**2, 0.0)
        typical = self.level * np.sqrt(self.level)
        degrees = np.maximum(self.weight - 1, 0)
        # of SKUs that ran out by now only: which others will do so is not known yet
        known = np.flatnonzero(self.ran_out & (typical * degrees > 0))
        ratio = (own * self.weight)[known] / (typical * degrees)[known]
        weight = degrees[known] * without_outliers(self.level[known]) ** 1.5 * (ratio <= outlier_fence(ratio))
        shared = (ratio * weight).sum() / max(float(weight.sum()), 1e-12)
        return np.asarray((own * self.weight + PRIOR * shared * typical) / (degrees + PRIOR))

    def tail(self, sold: Array, at: NDArray[np.int64], factor: float) -> tuple[Array, Array]:
        """Imputed E[D | D ≥ sold], E[D² | D ≥ sold] of SKUs `at`, (m,) each, in a period of season factor `factor`."""
        level, variance = self.level[at] * factor, self.variance()[at] * factor**1.5
        return tail_moments(sold, level, variance, self.whole_units[at])

    def notice(self, y: Array, out: NDArray[np.bool_]) -> None:
        """Note who ran out of stock in a period (n,): was censored; and whether what was sold is in whole units."""
        self.whole_units &= np.isnan(y) | (y == np.round(y))
        self.ran_out |= out

    def add(self, y: Array, square: Array) -> None:
        """Update the moments by one period, imputed if censored: demand `y` (n,), NaN where unknown, and its square."""
        known = ~np.isnan(y)
        self.weight += known
        step = np.where(known, np.maximum(ALPHA, 1 / np.maximum(self.weight, 1)), 0.0)
        self.level += step * (np.nan_to_num(y) - self.level)
        self.square += step * (square - self.square)
        self.weight = np.minimum(self.weight, 1 / ALPHA)


class _SeasonFactor:
    """Season by which censored demand is imputed: all SKUs' demand a season before, relative to the season around it.

    Attributes
    ----------
    total, known : arrays (n, T + 1), running sums of demand and of the periods in which it was known
    """

    def __init__(self, n: int, periods: int, season: int) -> None:
        self.season = season
        self.total, self.known = np.zeros((n, periods + 1)), np.zeros((n, periods + 1))

    def add(self, t: int, y: Array) -> None:
        """Add period t with its censored demand imputed: `y` (n,), NaN where unknown."""
        self.total[:, t + 1] = self.total[:, t] + np.nan_to_num(y)
        self.known[:, t + 1] = self.known[:, t] + ~np.isnan(y)

    def factor(self, t: int, rows: NDArray[np.bool_]) -> float:
        """Seasonal factor by which censored demand of period t is imputed, over SKUs `rows` (n,).

        Demand around t − season relative to the mean of the season around that, averaged without outliers and with
        weights of √mean, outliers brought in; `UNSEASONAL` SKUs without a season are added.
        """
        if self.season < 3 or t < self.season:
            return 1.0
        then = t - self.season
        near = 1 if self.season >= 26 else 0
        start = max(then - self.season // 2, 0)
        mean = self._mean(start, start + self.season)
        here = self._mean(max(then - near, 0), then + near + 1)
        usable = rows & (mean > 0) & ~np.isnan(here)
        ratio = here[usable] / mean[usable]
        weight = np.sqrt(without_outliers(mean[usable])) * (ratio <= outlier_fence(ratio))
        few = UNSEASONAL * (weight.mean() if len(weight) else 1.0)
        return float((weight * ratio).sum() + few) / float(weight.sum() + few)

    def _mean(self, start: int, stop: int) -> Array:
        """Mean demand in periods start … stop − 1 of the past, imputed where censored, (n,); NaN where unknown."""
        count = self.known[:, stop] - self.known[:, start]
        total = self.total[:, stop] - self.total[:, start]
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)
