"""Training rows of the boosting models, the rows they forecast, and feature rows as a matrix."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from features.demand.feature_rows.prepared_panel import PreparedPanel
from features.demand.panel import Array

Indices = NDArray[np.int64]

STEPS_PER_ORIGIN = 8
"""Steps ahead taken from one origin as training rows; which ones rotates with the origin."""

CHUNK = 200_000
"""Rows forecast at once."""


def draw_training_rows(
    prepared: PreparedPanel, h: int, season: int, *, rows: int, half_life: float, seed: int
) -> tuple[Indices, Indices, Indices, Array]:
    """Draw about `rows` training rows at most: SKU, periods seen, step ahead and weight, (R,) each.

    Recent rows are drawn more often, and only where the SKU had a past and the period's demand is known. A row
    weighs half as much for every `half_life` periods of age.
    """
    n, periods = len(prepared.panel), prepared.panel.periods
    first = season if periods > 2 * season else min(4, periods // 2)
    t, k = _origin_step_grid(first, periods, h)
    weight = 0.5 ** ((periods - t - k) / half_life)
    share = _sampling_shares(weight, n, rows)
    rng = np.random.default_rng(seed)
    taken = rng.random((len(t), n)) < share[:, None]
    taken &= ~np.isnan(prepared.y[:, t + k - 1].T) & (prepared.prefix_sums["y"].count[:, t].T > 0)
    at, i = np.nonzero(taken)
    return i, t[at], k[at], (weight / share)[at]


def forecast_rows(n: int, h: int, periods: int) -> Iterator[tuple[slice, Indices, Indices, Indices]]:
    """Rows to forecast all h steps after `periods` periods of n SKUs, in chunks: SKU slice; SKU, periods seen, step."""
    width = max(1, CHUNK // h)
    for start in range(0, n, width):
        part = slice(start, min(start + width, n))
        i = np.repeat(np.arange(part.start, part.stop), h)
        yield part, i, np.full(len(i), periods), np.tile(np.arange(1, h + 1), part.stop - part.start)


def feature_matrix(rows: dict[str, Array], names: list[str]) -> NDArray[np.float32]:
    """Training rows, or rows to forecast, as a float32 matrix (R, F), columns `names`; NaN for what the panel lacks."""
    size = len(next(iter(rows.values())))
    result = np.full((size, len(names)), np.nan, np.float32)
    for j, name in enumerate(names):
        if name in rows:
            result[:, j] = rows[name]
    return result


def _origin_step_grid(first: int, periods: int, h: int) -> tuple[Indices, Indices]:
    """Pairs of periods seen and step ahead inside the panel, at most `STEPS_PER_ORIGIN` steps per origin."""
    t, j = np.meshgrid(np.arange(first, periods), np.arange(min(h, STEPS_PER_ORIGIN)), indexing="ij")
    k = 1 + (t + j * max(h, STEPS_PER_ORIGIN) // STEPS_PER_ORIGIN) % h
    inside = t + k <= periods
    return t[inside], k[inside]


def _sampling_shares(weight: Array, n: int, rows: int) -> Array:
    """Share of the n SKUs drawn as training rows at each grid point, ∝ weight, at most 1, `rows` rows in all."""
    share = np.ones_like(weight)
    for _ in range(20):
        if share.sum() * n <= rows:
            break
        free = share < 1 if (share < 1).any() else share > 0
        rest = max(rows / n - (~free).sum(), 1e-9)
        share = np.where(free, np.minimum(weight * rest / weight[free].sum(), 1.0), share)
    return share
