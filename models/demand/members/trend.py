"""Trend member: damped-trend exponential smoothing of demand without its season, averaged over smoothing constants."""

from dataclasses import dataclass
from itertools import product
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.demand_class import demand_classes
from features.demand.panel import Array, Panel
from features.demand.seasonality.profile import season_factors
from models.demand.members.local_member import LocalMember
from models.demand.members.statistical import REGULAR
from models.demand.members.trend_kernel import damped_sums, past_errors, smoothed_trends

LEVEL_CONSTANTS = (0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
TREND_CONSTANTS = (0.05, 0.15, 0.4)
DAMPING = (0.8, 0.9, 0.97)
"""Smoothing constants of level and trend, and the share of a trend that is left a period later."""

STEPS = (1, 2, 4, 8, 12, 18)
"""Steps ahead at which constants are judged by a SKU's past."""

LEAST_KNOWN, LEAST_SOLD = 6, 2
"""Known and sold periods of a SKU that has a trend."""

MOST = 3.0
"""Times the largest demand of the past that a forecast is at most."""


@dataclass(frozen=True)
class OwnErrors:
    """Root mean squared errors of SKUs' own trends in their past, by steps ahead (…, h); NaN where there are none.

    Attributes
    ----------
    period, sums : of a period's demand, and of the demand of the first k periods together
    """

    period: Array
    sums: Array

    @classmethod
    def none(cls, n: int, h: int) -> Self:
        """Of `n` SKUs none of which has a trend."""
        return cls(*np.full((2, n, h), np.nan))

    def without(self, skus: NDArray[np.bool_]) -> Self:
        """The same with none of some `skus` (n,)."""
        none = skus[:, None]
        return type(self)(np.where(none, np.nan, self.period), np.where(none, np.nan, self.sums))


class Trend(LocalMember):
    """Level and damped trend of each SKU (Gardner & McKenzie, 1985), times its season.

    l_t = (l + φb)_{t−1} + α e_t, b_t = φ b_{t−1} + αβ e_t, forecasts l + (φ + … + φ^k) b; with b = 0 a level alone.
    A SKU's forecast is the mean over the constants, weighted by how well each forecast its past one and several steps
    ahead; periods that are not known change nothing but that the trend goes on.
    """

    def __init__(self, season: int) -> None:
        self.season = season

    def mean(self, panel: Panel, h: int) -> Array:
        """Expected demand of the next h periods, (n, h); NaN of SKUs that sell at times, or have too little past."""
        return self.with_own_errors(panel, h)[0]

    def with_own_errors(self, panel: Panel, h: int) -> tuple[Array, OwnErrors]:
        """`mean`, and what the best constants of each SKU have missed of its past, NaN as that, or with few errors."""
        result, errors = np.full((len(panel), h), np.nan), OwnErrors.none(len(panel), h)
        smoothed = self._smooth(panel, h)
        if smoothed is not None:
            rows, best = smoothed.rows, _constants()[smoothed.weights.argmax(axis=1)]
            result[rows] = smoothed.mean(h)
            period, sums = np.sqrt(past_errors(smoothed.y, best, h))
            errors.period[rows] = period * smoothed.ahead
            errors.sums[rows] = sums * np.cumsum(smoothed.ahead, axis=1) / np.arange(1, h + 1)
        return result, errors

    def _smooth(self, panel: Panel, h: int) -> "_Smoothed | None":
        """Levels and trends of the SKUs that have one; None without any."""
        rows = np.flatnonzero(_served(panel))
        if not len(rows):
            return None
        factors = season_factors(panel, h, self.season)[rows]
        y = panel.uncensored[rows] / factors[:, : panel.periods]
        steps = np.array([k for k in STEPS if k <= h])
        levels, trends, errors = smoothed_trends(y, _constants(), steps)
        weights = _weights(errors, (~np.isnan(y)).sum(axis=1))
        return _Smoothed(rows, y, factors[:, panel.periods :], levels, trends, weights)


@dataclass(frozen=True)
class _Smoothed:
    """Levels and trends of the k SKUs `rows` with G choices of constants, (k, G), and their weights.

    `y` (k, T) is demand without its season, `ahead` (k, h) the season of the periods ahead.
    """

    rows: NDArray[np.intp]
    y: Array
    ahead: Array
    levels: Array
    trends: Array
    weights: Array

    def mean(self, h: int) -> Array:
        """Expected demand of the next h periods, (k, h)."""
        damped = damped_sums(_constants()[:, 2], h)[:, 1:]
        level = (self.weights * self.levels).sum(axis=1)[:, None]
        smooth = level + np.einsum("ng,gh->nh", self.weights * self.trends, damped)
        ceiling = MOST * np.nanmax(self.y, axis=1)[:, None]
        return np.asarray(np.clip(smooth, 0.0, ceiling) * self.ahead)


def _served(panel: Panel) -> NDArray[np.bool_]:
    """Whether a SKU has a trend, by its demand class and known and sold periods, (n,)."""
    known = (~np.isnan(panel.known_demand)).sum(axis=1)
    sold = (np.nan_to_num(panel.y) > 0).sum(axis=1)
    regular = np.isin(demand_classes(panel), (*REGULAR, "short"))
    return np.asarray(regular & (known >= LEAST_KNOWN) & (sold >= LEAST_SOLD))


def _constants() -> Array:
    """Constants (G, 3): α, β and φ of damped trends, and α of levels alone (β = φ = 0)."""
    damped = list(product(LEVEL_CONSTANTS, TREND_CONSTANTS, DAMPING))
    return np.array(damped + [(alpha, 0.0, 0.0) for alpha in LEVEL_CONSTANTS])


def _weights(errors: Array, known: NDArray[np.int64]) -> Array:
    """Weights (n, G) of constants by their mean squared errors (n, G, K) at K steps, NaN where none is known.

    exp(−n/2 · log(relative error)), the likelihood of normal errors, with the errors of each step in units of the
    best's, and half as many independent ones as periods.
    """
    seen = ~np.isnan(errors)
    best = np.where(seen, errors, np.inf).min(axis=1, keepdims=True)
    relative = np.where(seen, errors / np.maximum(best, 1e-12), 0.0).sum(axis=2)
    relative = relative / np.maximum(seen.sum(axis=2), 1)
    log = -known[:, None] / 4 * np.log(np.maximum(relative, 1.0))
    weights = np.exp(log - log.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
