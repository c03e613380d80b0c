"""Prefix sums: the mean of a series over any range of periods in one look-up."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array

Codes = NDArray[np.int64]


@dataclass(frozen=True)
class PrefixSums:
    """Prefix sums of a (n, T) array with gaps: the mean of any row over any range of periods in one look-up.

    Attributes
    ----------
    total, count : arrays (n, T + 1), running sum of the known values, and how many they are
    """

    total: Array
    count: Array

    @classmethod
    def of(cls, values: Array) -> Self:
        """Prefix sums of values (n, T), NaN where unknown."""
        known = ~np.isnan(values)
        pad = ((0, 0), (1, 0))
        return cls(
            np.cumsum(np.pad(np.where(known, values, 0.0), pad), axis=1),
            np.cumsum(np.pad(known.astype(np.float64), pad), axis=1),
        )

    def mean(self, i: Codes, start: Codes, stop: Codes) -> Array:
        """Mean over periods start … stop − 1 of row i from the prefix sums, (R,); NaN where nothing there is known."""
        last = self.total.shape[1] - 1
        low, high = np.clip(start, 0, last), np.clip(stop, 0, last)
        count = self.count[i, high] - self.count[i, low]
        total = self.total[i, high] - self.total[i, low]
        return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan))
