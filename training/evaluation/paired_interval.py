"""Confidence interval of the mean difference of two models, paired over blocks of time and SKUs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from features.demand.panel import Array

CONFIDENCE = 0.90
"""Of the two-sided interval: 5 % on the side that decides."""

LEAST_BLOCKS = 2
"""Blocks of time below which there is no interval."""


@dataclass(frozen=True)
class PairedInterval:
    """Mean difference of two models with its confidence bounds, which are infinite where there are too few blocks."""

    mean: float
    low: float
    high: float

    @property
    def below(self) -> bool:
        """Whether the difference is below zero beyond chance: the whole interval is."""
        return self.high < 0

    @property
    def above(self) -> bool:
        """Whether the difference is above zero beyond chance: the whole interval is."""
        return self.low > 0


def paired_interval(difference: Array, weight: Array) -> PairedInterval:
    """Confidence interval of the mean difference Σ difference / Σ weight, clustered by block of time and by SKU.

    With residuals r = difference − θ·weight, V = V_time + V_SKU − V_cell (Cameron, Gelbach and Miller, 2011), at
    least the largest of V_time and V_SKU; Student's t with blocks − 1 degrees of freedom. A bad week hits all SKUs
    at once, and a SKU one model cannot forecast is wrong every week, so neither cells nor SKUs alone are
    independent draws. A formula rather than a bootstrap of blocks and SKUs: with the few blocks there are, resampled
    percentiles are too narrow where whole weeks go wrong together. In simulations with 3 to 10 blocks and 100 SKUs
    this 90 % interval held 87–99 % of truths, the bootstrap's 67–98 %, that of SKUs alone 10–92 %.

    Parameters
    ----------
    difference : array (B, n), summed difference of the two models in each block of time and SKU
    weight : array (B, n) ≥ 0, what it counts, for example periods
    """
    blocks, total = len(difference), float(weight.sum())
    if total <= 0:
        return PairedInterval(np.nan, -np.inf, np.inf)
    mean = float(difference.sum()) / total
    if blocks < LEAST_BLOCKS:
        return PairedInterval(mean, -np.inf, np.inf)
    residual = difference - mean * weight
    by_time, by_sku = _variance(residual.sum(axis=1)), _variance(residual.sum(axis=0))
    variance = max(by_time + by_sku - _variance(residual.ravel()), by_time, by_sku)
    half = float(stdtrit(blocks - 1, (1 + CONFIDENCE) / 2)) * float(np.sqrt(variance)) / total
    return PairedInterval(mean, mean - half, mean + half)


def sum_by_window(values: Array, window: NDArray[np.int64]) -> Array:
    """Sum paired differences or weights (O, n) over the origins of each window: (W, n).

    Parameters
    ----------
    window : array (O,), rising
    """
    return np.add.reduceat(values, np.unique(window, return_index=True)[1])


def _variance(sums: Array) -> float:
    """Variance of the total of independent cluster sums, corrected for their number."""
    return float((sums**2).sum()) * len(sums) / max(len(sums) - 1, 1)
