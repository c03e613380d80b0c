"""Which rows a boosting learns from, and rows of features as a matrix."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array
from features.demand.rows import PreparedPanel

Codes = NDArray[np.int64]

STEPS = 8
"""Steps ahead taken from one origin; which ones rotates with the origin."""

CHUNK = 200_000
"""Rows forecast at once."""


def draw(
    p: PreparedPanel, h: int, season: int, *, rows: int, half_life: float, seed: int
) -> tuple[Codes, Codes, Codes, Array]:
    """SKU, periods seen, step ahead and weight of about `rows` rows at most, recent ones drawn more often.

    Only where the SKU had a past and the period's demand is known. A row weighs half as much for every `half_life`
    periods of age.
    """
    periods = p.panel.periods
    first = season if periods > 2 * season else min(4, periods // 2)
    t, k = _grid(first, periods, h)
    weight = 0.5 ** ((periods - t - k) / half_life)
    share = _shares(weight, len(p.panel), rows)
    rng = np.random.default_rng(seed)
    taken = rng.random((len(t), len(p.panel))) < share[:, None]
    taken &= ~np.isnan(p.y[:, t + k - 1].T) & (p.running["y"].count[:, t].T > 0)
    at, i = np.nonzero(taken)
    return i, t[at], k[at], (weight / share)[at]


def ahead(n: int, h: int, periods: int) -> Iterator[tuple[slice, Codes, Codes, Codes]]:
    """All h steps after `periods` periods of n SKUs in chunks: rows of SKUs, then SKU, periods seen and step."""
    width = max(1, CHUNK // h)
    for start in range(0, n, width):
        part = slice(start, min(start + width, n))
        i = np.repeat(np.arange(part.start, part.stop), h)
        yield part, i, np.full(len(i), periods), np.tile(np.arange(1, h + 1), part.stop - part.start)


def matrix(rows: dict[str, Array], names: list[str]) -> NDArray[np.float32]:
    """Columns in the order of `names`; a feature that the panel does not have is missing."""
    size = len(next(iter(rows.values())))
    result = np.full((size, len(names)), np.nan, np.float32)
    for j, name in enumerate(names):
        if name in rows:
            result[:, j] = rows[name]
    return result


def trees(text: str) -> str:
    """A booster's text without the number of threads, which would make it differ where the model does not."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("[num_threads"))


def _grid(first: int, periods: int, h: int) -> tuple[Codes, Codes]:
    """Pairs of periods seen and step ahead inside the panel, at most `STEPS` steps per origin."""
    t, j = np.meshgrid(np.arange(first, periods), np.arange(min(h, STEPS)), indexing="ij")
    k = 1 + (t + j * max(h, STEPS) // STEPS) % h
    inside = t + k <= periods
    return t[inside], k[inside]


def _shares(weight: Array, n: int, rows: int) -> Array:
    """Share of the n SKUs drawn at each grid point, ∝ weight, at most 1, `rows` rows in all."""
    share = np.ones_like(weight)
    for _ in range(20):
        if share.sum() * n <= rows:
            break
        free = share < 1 if (share < 1).any() else share > 0
        rest = max(rows / n - (~free).sum(), 1e-9)
        share = np.where(free, np.minimum(weight * rest / weight[free].sum(), 1.0), share)
    return share
