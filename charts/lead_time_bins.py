"""Bins of the lead-time histogram, which its table has too; apart from it, because tables need no Matplotlib."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 30
"""Most bars of a histogram."""


def lead_time_bins(days: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Edges (m + 1,) and counts (m,) of lead times in whole-day bins: the table of the lead-time histogram."""
    values = np.asarray(days, float)
    values = values[np.isfinite(values)]
    if not len(values):
        return np.array([0.0, 1.0]), np.array([0])
    low, high = np.floor(values.min()), np.floor(values.max()) + 1
    width = max(np.ceil((high - low) / BINS), 1.0)
    counts, edges = np.histogram(values, np.arange(low, high + width, width))
    return edges, counts
