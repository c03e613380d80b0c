"""Typical level of SKUs: outliers brought in, so that one SKU in another unit does not set the others' numbers."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

INFLUENCE = 0.9
"""Deviations of √level, times √n of n SKUs, above the median from which a level counts as this far away and no further.

So one SKU adds at most 0.8 squared deviations to the mean level, however many there are; among many, whose levels do
differ by orders of magnitude, the fence stands behind them all.
"""


def without_outliers(level: Array) -> Array:
    """Levels (n,) of demand per period, high outliers brought in to the fence."""
    fence = outlier_fence(level)
    return np.asarray(np.where(level > fence, fence, level))


def outlier_fence(level: Array) -> float:
    """Level of demand per period above which one of these levels (n,) is an outlier, by their spread on that of √level.

    The fence is the median plus `INFLUENCE` √n times 1.4826 times the median deviation (as Hampel's, 1974, but for √n),
    or, where most levels are equal, four times the median; infinite where that is zero.
    """
    root = np.sqrt(np.maximum(level, 0.0))
    if not len(root):
        return np.inf
    median = float(np.median(root))
    deviation = 1.4826 * float(np.median(np.abs(root - median)))
    fence = max(median + INFLUENCE * np.sqrt(len(root)) * deviation, 2 * median)
    return float(fence**2) if fence > 0 else np.inf
