"""Censored demand: what was probably asked for in a period in which the stock ran out.

A stockout with sales b > 0 says that demand was at least b. Leaving such periods out makes forecasts too low,
because it is the high demands that empty the shelf; taking b as demand makes them lower still. Here they hold
E[D | D ≥ b], the E-step of the EM algorithm, around the level that the SKU had until then. Period by period, with
nothing from later periods, so that a feature of the past is the same when it is learned from and when it is asked.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaincc

Array = NDArray[np.float64]

ALPHA = 0.05
"""Weight of the newest period in level and spread, once 20 periods are known."""

PRIOR = 6.0
"""Periods of the spread of all SKUs of this level that are added to a SKU's own."""

SHARED = 5.0
"""SKUs without a season that are added to those whose season is seen."""

_RARE = 1e-9
"""Chance of demand as high as what was sold below which the distribution says nothing about the tail."""


def completed(y: Array, in_stock: NDArray[np.bool_], season: int = 1) -> Array:
    """Demand as models learn from it, (n, T): censored periods with sales hold E[D | D ≥ sold].

    Those without sales are missing, since they say nothing, and so are those before a SKU's first known period.

    Parameters
    ----------
    y : array (n, T), quantity sold or asked for, NaN where missing
    in_stock : bool array (n, T); False: `y` is only a lower bound
    season : periods in a season; the demand of all SKUs in the last one says what is usual at this time of year
    """
    result = np.where(in_stock, y, np.nan)
    censored = ~in_stock & (np.nan_to_num(y) > 0)
    some = np.flatnonzero(censored.any(axis=1))
    state, past = _State.empty(len(some)), _Season(len(some), y.shape[1], season)
    for t in range(y.shape[1] if len(some) else 0):
        state.notice(y[some, t], censored[some, t])
        factor = past.factor(t, state.ran_out)
        now = result[some, t] / factor
        square = np.nan_to_num(now) ** 2
        at = np.flatnonzero(censored[some, t] & (state.weight > 0))
        if len(at):
            first, second = tail_moments(
                y[some[at], t], state.level[at] * factor, state.spread()[at] * factor**1.5, state.whole[at]
            )
            now[at], square[at], result[some[at], t] = first / factor, second / factor**2, first
        state.add(now, square)
        past.add(t, result[some, t])
    return result


def tail_moments(sold: Array, mean: Array, variance: Array, whole: NDArray[np.bool_]) -> tuple[Array, Array]:
    """E[D | D ≥ b] and E[D² | D ≥ b], each (m,), for b = `sold` > 0.

    Whole units that vary as much as Poisson or more: negative binomial with r = m² / (v − m), p = m / v; from
    d · P(d; r) = m · P(d − 1; r + 1) follows E[D | D ≥ b] = m · P(D_{r+1} ≥ b − 1) / P(D_r ≥ b).
    Otherwise gamma with shape k = m² / v, scale θ = v / m: E[D | D ≥ b] = m · Q(k + 1, b/θ) / Q(k, b/θ), with Q
    the upper incomplete gamma function. Where b is out of all reach, the level has risen: b and one scale more.
    """
    m = np.maximum(mean, 1e-9)
    count = whole & (variance > 0.9 * m)
    first, second = np.empty_like(m), np.empty_like(m)
    for chosen, tail in ((count, _negative_binomial), (~count, _gamma)):
        b = np.where(whole & ~count, np.maximum(sold - 0.5, 0), sold)[chosen]
        first[chosen], second[chosen] = tail(b, m[chosen], np.maximum(variance, 1e-6 * m**2)[chosen])
    unreached = ~(np.isfinite(first) & (first >= sold))
    above = sold + np.minimum(variance / m, sold)
    return np.where(unreached, above, first), np.where(unreached, above**2, second)


def _negative_binomial(b: Array, m: Array, variance: Array) -> tuple[Array, Array]:
    v = np.maximum(variance, 1.01 * m)
    r, q = m**2 / (v - m), 1 - m / v
    base = betainc(b, r, q)
    one = np.where(b > 1, betainc(np.maximum(b - 1, 1e-9), r + 1, q), 1.0)
    two = np.where(b > 2, betainc(np.maximum(b - 2, 1e-9), r + 2, q), 1.0)
    chance = np.where(base > _RARE, base, np.nan)
    mean = m * one / chance
    return mean, mean + m**2 * (1 + 1 / r) * two / chance


def _gamma(b: Array, m: Array, v: Array) -> tuple[Array, Array]:
    k, theta = m**2 / v, v / m
    base = gammaincc(k, b / theta)
    chance = np.where(base > _RARE, base, np.nan)
    mean = m * gammaincc(k + 1, b / theta) / chance
    return mean, m * (m + theta) * gammaincc(k + 2, b / theta) / chance


@dataclass
class _State:
    """What is known of each SKU before a period, each (n,).

    Level, mean square, the periods they rest on, whether units were whole, whether it ever ran out.
    """

    level: Array
    square: Array
    weight: Array
    whole: NDArray[np.bool_]
    ran_out: NDArray[np.bool_]

    @classmethod
    def empty(cls, n: int) -> Self:
        """Nothing known of n SKUs."""
        return cls(np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, bool), np.zeros(n, bool))

    def spread(self) -> Array:
        """Variance of a period's demand, shrunk to what SKUs of this level have: ψ · level^1.5, shape (n,)."""
        own = np.maximum(self.square - self.level**2, 0.0)
        usual = self.level * np.sqrt(self.level)
        degrees = np.maximum(self.weight - 1, 0)
        # of SKUs that ran out by now only: which others will do so is not known yet
        shared = (own * self.weight)[self.ran_out].sum() / max(
            float((usual * degrees)[self.ran_out].sum()), 1e-12
        )
        return np.asarray((own * self.weight + PRIOR * shared * usual) / (degrees + PRIOR))

    def notice(self, y: Array, out: NDArray[np.bool_]) -> None:
        """See whether what was sold in a period (n,) is in whole units, and who ran out."""
        self.whole &= np.isnan(y) | (y == np.round(y))
        self.ran_out |= out

    def add(self, y: Array, square: Array) -> None:
        """Learn one period: `y` (n,), NaN where unknown, and its (expected) square."""
        known = ~np.isnan(y)
        self.weight += known
        step = np.where(known, np.maximum(ALPHA, 1 / np.maximum(self.weight, 1)), 0.0)
        self.level += step * (np.nan_to_num(y) - self.level)
        self.square += step * (square - self.square)
        self.weight = np.minimum(self.weight, 1 / ALPHA)


class _Season:
    """What all SKUs together asked for at each time of the last season, against the mean of the season around it.

    Attributes
    ----------
    total, known : arrays (n, T + 1), running sums of demand and of the periods in which it was known
    """

    def __init__(self, n: int, periods: int, season: int) -> None:
        self.season = season
        self.total, self.known = np.zeros((n, periods + 1)), np.zeros((n, periods + 1))

    def add(self, t: int, y: Array) -> None:
        """Learn period t: `y` (n,), NaN where unknown."""
        self.total[:, t + 1] = self.total[:, t] + np.nan_to_num(y)
        self.known[:, t + 1] = self.known[:, t] + ~np.isnan(y)

    def factor(self, t: int, rows: NDArray[np.bool_]) -> float:
        """Σ demand around t − season / Σ mean of the season around it, of `rows` (n,), each by 1/√mean."""
        if self.season < 3 or t < self.season:
            return 1.0
        then = t - self.season
        near = 1 if self.season >= 26 else 0
        start = max(then - self.season // 2, 0)
        mean = self._mean(start, start + self.season)
        here = self._mean(max(then - near, 0), then + near + 1)
        usable = rows & (mean > 0) & ~np.isnan(here)
        root = np.sqrt(mean[usable])
        few = SHARED * (root.mean() if len(root) else 1.0)
        return float((here[usable] / root).sum() + few) / float(root.sum() + few)

    def _mean(self, start: int, stop: int) -> Array:
        """Mean of the known demand in periods start … stop − 1, (n,), NaN where none was."""
        count = self.known[:, stop] - self.known[:, start]
        total = self.total[:, stop] - self.total[:, start]
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)
