"""The continuous ranked probability score (CRPS) of lead-time distributions when some outcomes are censored."""

import numpy as np
import pandas as pd

from distributions.distribution import Array

_POINTS = 64


def time_grid(orders: pd.DataFrame) -> tuple[Array, Array]:
    """Time grid of the CRPS: points (K,) spread by the rank of the durations, and the days each stands for (K,)."""
    durations = orders["duration"].to_numpy(float)
    edges = np.unique(np.quantile(durations, np.linspace(0, 1, _POINTS + 1)))
    edges = np.concatenate([[0.0], edges[edges > 0], [edges[-1] * 1.25 + 1.0]])
    return (edges[1:] + edges[:-1]) / 2, np.diff(edges)


def cdf_on_grid(values: Array, grid: Array) -> Array:
    """P(L ≤ t) at the points t of the CRPS grid, (n, K), from quantiles `values` (n, Q) at evenly spread levels."""
    rows, columns = values.shape
    cells = np.searchsorted(grid, values, side="left") + np.arange(rows)[:, None] * (len(grid) + 1)
    counts = np.bincount(cells.ravel(), minlength=rows * (len(grid) + 1)).reshape(rows, -1)
    return np.asarray(counts.cumsum(axis=1)[:, :-1] / columns)


def outcomes_on_grid(orders: pd.DataFrame, grid: Array) -> tuple[Array, Array]:
    """Outcomes at the points t of the CRPS grid, (n, K) each: 1 where L ≤ t, and 1 where that is not censored."""
    duration = orders["duration"].to_numpy(float)[:, None]
    is_open = orders["is_open"].to_numpy(bool)[:, None]
    arrived = ~is_open & (duration <= grid)
    known = ~is_open | (grid <= duration)
    return arrived.astype(float), known.astype(float)


def censored_crps(cdf: Array, orders: pd.DataFrame, grid: Array, days: Array) -> Array:
    """Censored CRPS of each order (n,), days: ∫ (F(t) − 1[L ≤ t])² dt over the times t with a known outcome.

    Avati et al. 2019. `cdf` is F (n, K) at the points of `grid` (K,), which stand for `days` (K,).
    """
    arrived, known = outcomes_on_grid(orders, grid)
    return np.asarray(((cdf - arrived) ** 2 * known) @ days)
