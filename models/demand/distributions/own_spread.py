"""Own spread: how much wider or narrower a SKU's errors are than its class, size and volatility let expect.

SKUs of one company can be alike, so that the errors of all say most about each, or have nothing to do with each other.
How far a SKU's own errors count is learned from how differently SKUs turn out (empirical Bayes on the log scale).
"""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array

NORMAL_VARIATION = 0.57
"""Squared coefficient of variation of a normal's |error|: π/2 − 1."""

MOST_VARIATION = 20.0
"""Own errors count as no more scattered than this."""

ALIKE = 2.0
"""Errors of neighbouring periods that count as one: what disturbs one period often disturbs the next."""

PRIOR_VARIANCE, PRIOR_SKUS = 0.03, 5.0
"""Variance between SKUs of the log ratio where nothing is known, and the SKUs that it is worth."""

RATIO_BOUNDS = (-4.0, 3.0)
"""Bounds of the log ratio of a SKU's errors to those expected."""


@dataclass(frozen=True)
class ErrorsBySku:
    """Which errors are whose: `sku` (rows,) the SKU of each row, `independent` (n,) the errors a SKU's are worth."""

    sku: NDArray[np.int64]
    independent: Array

    def every(self, stride: int) -> Self:
        """The errors of every `stride`-th row."""
        return replace(self, sku=self.sku[::stride])

    def counted(self, known: NDArray[np.bool_]) -> int:
        """Number of SKUs that have errors, by which of them are `known` (rows, K)."""
        return len(np.unique(self.sku[known.any(axis=1)]))


def own_spread_factors(ratio: Array, by_sku: ErrorsBySku) -> Array:
    """Factor of each SKU's spread, (n,): exp of its log mean |error| / expected |error|, shrunk to 0.

    The shrinkage weight is τ² / (τ² + v): v is the variance of a SKU's log mean by chance, τ² that between SKUs beyond
    chance. 1 where a SKU has no errors.

    Parameters
    ----------
    ratio : array (rows, K), |error| over the expected one; NaN where not known
    """
    n = len(by_sku.independent)
    known = ~np.isnan(ratio)
    values = np.where(known, ratio, 0.0)
    count = np.bincount(by_sku.sku, known.sum(axis=1), n)
    some = (count > 0) & (by_sku.independent > 0)
    mean = np.bincount(by_sku.sku, values.sum(axis=1), n) / np.maximum(count, 1)
    square = np.bincount(by_sku.sku, (values**2).sum(axis=1), n) / np.maximum(count, 1)
    variation = np.clip(square / np.maximum(mean, 1e-9) ** 2 - 1, NORMAL_VARIATION, MOST_VARIATION)
    log = np.clip(np.log(np.maximum(mean, 1e-9)), *RATIO_BOUNDS)
    chance = ALIKE * variation / np.maximum(np.minimum(by_sku.independent, count), 1e-9)
    beyond = np.where(some, log**2 - chance, 0.0).sum()
    between = max((beyond + PRIOR_SKUS * PRIOR_VARIANCE) / (some.sum() + PRIOR_SKUS), 0.1 * PRIOR_VARIANCE)
    return np.where(some, np.exp(log * between / (between + chance)), 1.0)
