"""Between which bounds a difference of two models lies, told from the cycles both were played over."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from features.demand.panel import Array

CONFIDENCE = 0.90
"""Of the two-sided interval: 5 % on the side that decides."""

LEAST_BLOCKS = 2
"""Blocks of time below which nothing is said about chance."""


@dataclass(frozen=True)
class Interval:
    """A mean difference with its confidence bounds; the bounds are infinite where too little was played."""

    mean: float
    low: float
    high: float

    @property
    def below(self) -> bool:
        """Less than zero beyond chance."""
        return self.high < 0

    @property
    def above(self) -> bool:
        """More than zero beyond chance."""
        return self.low > 0


def paired_interval(difference: Array, weight: Array) -> Interval:
    """Confidence interval of Σ difference / Σ weight, clustered by block of time and by SKU.

    With residuals r = difference − θ·weight, V = V_time + V_SKU − V_cell (Cameron, Gelbach and Miller, 2011), at
    least the largest of V_time and V_SKU; Student's t with blocks − 1 degrees of freedom. A bad week hits all SKUs
    at once, and a SKU one model cannot forecast is wrong every week, so neither cells nor SKUs alone are
    independent draws. A formula rather than a bootstrap of blocks and SKUs: with the few blocks there are, resampled
    percentiles are too narrow where whole weeks go wrong together. In simulations with 3 to 10 blocks and 100 SKUs
    this 90 % interval held 87–99 % of truths, the bootstrap's 67–98 %, that of SKUs alone 10–92 %.

    Parameters
    ----------
    difference : array (B, n), of each block of time and SKU
    weight : array (B, n) ≥ 0, what it counts, for example periods
    """
    blocks, total = len(difference), float(weight.sum())
    if total <= 0:
        return Interval(np.nan, -np.inf, np.inf)
    mean = float(difference.sum()) / total
    if blocks < LEAST_BLOCKS:
        return Interval(mean, -np.inf, np.inf)
    residual = difference - mean * weight
    by_time, by_sku = _variance(residual.sum(axis=1)), _variance(residual.sum(axis=0))
    variance = max(by_time + by_sku - _variance(residual.ravel()), by_time, by_sku)
    half = float(stdtrit(blocks - 1, (1 + CONFIDENCE) / 2)) * float(np.sqrt(variance)) / total
    return Interval(mean, mean - half, mean + half)


def by_window(values: Array, window: NDArray[np.int64]) -> Array:
    """Sums (W, n) of `values` (O, n) over the origins of each window (O,), which rise."""
    return np.add.reduceat(values, np.unique(window, return_index=True)[1])


def _variance(sums: Array) -> float:
    """Variance of the total of independent cluster sums, corrected for their number."""
    return float((sums**2).sum()) * len(sums) / max(len(sums) - 1, 1)
