"""A pooled-season exponential level: quick, vectorised, at home with missing periods."""

import numpy as np
from numpy.typing import NDArray

from features.demand.groups import category_codes
from features.demand.panel import Array, Panel
from features.demand.season import positions, seasonal_profile
from models.demand.members.local import Local

ALPHAS = (0.02, 0.05, 0.1, 0.2)


class SeasonalLevel(Local):
    """Level × season, the level by exponential smoothing over the known periods, censored ones as expected.

    l_t = l_{t−1} + a_t (y_t / S_t − l_{t−1}) with a_t = max(α, 1 / periods known so far), so that the start is a
    plain mean. Each SKU's level is the average over the α's, weighted by how well they forecast its past.
    """

    def __init__(self, season: int) -> None:
        self.season = season

    def mean(self, panel: Panel, h: int) -> Array:
        """Expected demand of the next h periods, shape (n, h)."""
        y, profile, place = self._inputs(panel)
        level, _ = smoothed(y / profile[:, place])
        ahead = positions(panel.future(h)[:h], panel.freq, self.season)
        return np.asarray(level[:, None] * profile[:, ahead])

    def one_step(self, panel: Panel) -> Array:
        """What was expected of each past period one step before, shape (n, T)."""
        y, profile, place = self._inputs(panel)
        return np.asarray(smoothed(y / profile[:, place])[1] * profile[:, place])

    def filled(self, panel: Panel, h: int) -> tuple[Array, NDArray[np.int64], Array]:
        """Demand without gaps, each SKU's first known period, and the season of past and next h periods.

        Shapes (n, T), (n,), (n, T + h). Missing periods hold what was expected of them one step before.
        """
        y, profile, place = self._inputs(panel)
        expected = smoothed(y / profile[:, place])[1] * profile[:, place]
        first = np.argmax(~np.isnan(y), axis=1)
        ahead = positions(panel.future(h)[:h], panel.freq, self.season)
        return np.where(np.isnan(y), expected, y), first, profile[:, np.concatenate([place, ahead])]

    def _inputs(self, panel: Panel) -> tuple[Array, Array, NDArray[np.int64]]:
        y, place = panel.learned, positions(panel.ds, panel.freq, self.season)
        return y, seasonal_profile(y, place, self.season, category_codes(panel)), place


def smoothed(y: Array) -> tuple[Array, Array]:
    """Level after the last period (n,), and before each period (n, T); zero where nothing is known yet."""
    alphas = np.array(ALPHAS)
    n, periods = y.shape
    level, seen = np.zeros((n, len(alphas))), np.zeros(n)
    before = np.zeros((n, periods, len(alphas)), np.float32)
    for t in range(periods):
        before[:, t] = level
        known = ~np.isnan(y[:, t])
        seen += known
        step = np.maximum(alphas[None, :], 1 / np.maximum(seen, 1)[:, None])
        level = np.where(known[:, None], level + step * (np.nan_to_num(y[:, t])[:, None] - level), level)
    weights = _weights(y, before)
    return (level * weights).sum(axis=1), np.einsum("nta,na->nt", before, weights)


def _weights(y: Array, before: NDArray[np.float32]) -> Array:
    """Weights of the α's, (n, α): those that forecast a SKU's past better weigh more."""
    error = np.nanmean(
        np.where(np.isnan(y)[:, :, None], 0.0, (np.nan_to_num(y)[:, :, None] - before) ** 2), axis=1
    )
    relative = error / np.maximum(error.min(axis=1, keepdims=True), 1e-12)
    known = (~np.isnan(y)).sum(axis=1)[:, None]
    weights = np.exp(-known / 2 * np.log(np.maximum(relative, 1.0)) / 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))
