"""Seasonal level member: an exponentially smoothed level times a pooled season; quick, and at home with gaps."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array, Panel
from features.demand.seasonality.profile import season_factors
from models.demand.members.local_member import LocalMember

ALPHAS = (0.02, 0.05, 0.1, 0.2)
"""Smoothing constants that each SKU's level is averaged over."""


@dataclass(frozen=True)
class GapFreeHistory:
    """Demand without gaps, as classical models need it.

    Attributes
    ----------
    y : array (n, T); missing periods hold what was expected of them one step before
    first : array (n,), each SKU's first known period
    season : array (n, T + h), seasonal factors of the past and the next h periods
    """

    y: Array
    first: NDArray[np.int64]
    season: Array


class SeasonalLevel(LocalMember):
    """Level × season, the level by exponential smoothing over the known periods, censored ones as expected.

    l_t = l_{t−1} + a_t (y_t / S_t − l_{t−1}) with a_t = max(α, 1 / periods known so far), so that the start is a
    plain mean. Each SKU's level is the average over the α's, weighted by how well they forecast its past.
    """

    def __init__(self, season: int) -> None:
        self.season = season

    def mean(self, panel: Panel, h: int) -> Array:
        """Expected demand of the next h periods as level × season, shape (n, h)."""
        factors = season_factors(panel, h, self.season)
        level, _ = smoothed(panel.uncensored, factors[:, : panel.periods])
        return np.asarray(level[:, None] * factors[:, panel.periods :])

    def one_step(self, panel: Panel) -> Array:
        """One-step forecasts of all past periods by level × season, shape (n, T)."""
        factors = season_factors(panel, 0, self.season)
        return np.asarray(smoothed(panel.uncensored, factors)[1] * factors)

    def filled(self, panel: Panel, h: int) -> GapFreeHistory:
        """Demand with missing periods filled by the seasonal level's one-step forecasts, and its season."""
        y, season = panel.uncensored, season_factors(panel, h, self.season)
        past = season[:, : panel.periods]
        expected = smoothed(y, past)[1] * past
        first = np.argmax(~np.isnan(y), axis=1)
        return GapFreeHistory(np.where(np.isnan(y), expected, y), first, season)


def smoothed(y: Array, season: Array) -> tuple[Array, Array]:
    """Exponentially smoothed level of demand y (n, T) without its `season`, after the last period and before each.

    (n,) and (n, T); 0 before anything is known. Smoothed demand over smoothed season, not the mean of their ratios: a
    rare seller's season rises where it happened to sell, and divided by it each sale would count for less.
    """
    alphas = np.array(ALPHAS)
    n, periods = y.shape
    demand, usual, seen = np.zeros((n, len(alphas))), np.zeros((n, len(alphas))), np.zeros(n)
    before = np.zeros((n, periods, len(alphas)), np.float32)
    for t in range(periods):
        before[:, t] = demand / np.maximum(usual, 1e-12)
        known = ~np.isnan(y[:, t])
        seen += known
        step = np.where(known[:, None], np.maximum(alphas[None, :], 1 / np.maximum(seen, 1)[:, None]), 0.0)
        demand += step * (np.nan_to_num(y[:, t])[:, None] - demand)
        usual += step * (season[:, t, None] - usual)
    weights = _alpha_weights(y / season, before)
    return (demand / np.maximum(usual, 1e-12) * weights).sum(axis=1), np.einsum("nta,na->nt", before, weights)


def _alpha_weights(y: Array, before: NDArray[np.float32]) -> Array:
    """Weights (n, α) by which a seasonal level is averaged over α: better forecasts of a SKU's past weigh more."""
    error = np.nanmean(
        np.where(np.isnan(y)[:, :, None], 0.0, (np.nan_to_num(y)[:, :, None] - before) ** 2), axis=1
    )
    relative = error / np.maximum(error.min(axis=1, keepdims=True), 1e-12)
    known = (~np.isnan(y)).sum(axis=1)[:, None]
    weights = np.exp(-known / 2 * np.log(np.maximum(relative, 1.0)) / 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
