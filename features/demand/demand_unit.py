"""Demand unit: the step in which a SKU's demand comes, so that pieces, packs of twelve and millilitres look alike."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

DECIMALS = 6
"""Decimals of a quantity that are looked at; demand with more is continuous."""

MOST_DISPERSION = 500.0
"""Variance over mean, in demand units, that counts have at most: where it is more, the step is no matter."""

LEAST_SALES = 10
"""Sales from which a common divisor is a pack size and no chance."""

_LARGEST = 2.0**53
"""Quantities in the smallest step beyond this are no exact integers any more."""


@dataclass(frozen=True)
class DemandUnits:
    """Units in which the demand of n SKUs is counted.

    Attributes
    ----------
    step : array (n,), the step in which demand comes, the greatest common divisor of its quantities; 0: continuous
    size : array (n,), > 0, the demand unit: the step, but where that is tiny, or demand continuous, what makes it vary
        as counts do, by its variance over its mean
    """

    step: Array
    size: Array

    @property
    def count(self) -> Array:
        """What quantities are counted in, (n,): the step, the unit where demand is continuous."""
        return np.where(self.step > 0, self.step, self.size)

    @classmethod
    def of(cls, y: Array) -> Self:
        """Demand units of SKUs with demand y (n, T), NaN where missing."""
        step, rows = np.zeros(len(y)), np.arange(len(y))
        for decimals in range(DECIMALS + 1):
            divisor = _common_divisor(np.nan_to_num(y[rows]) * 10.0**decimals)
            exact = divisor >= 0
            step[rows[exact]] = np.maximum(divisor[exact], 1.0) / 10.0**decimals
            rows = rows[~exact]
            if not len(rows):
                break
        dispersion = _dispersion(y)
        return cls(step, np.where(step > 0, np.maximum(step, dispersion / MOST_DISPERSION), dispersion))


def _common_divisor(steps: Array) -> Array:
    """Greatest common divisor of each row's quantities as demand unit, (n,): 1 with few sales, −1 if not integers."""
    integers = np.round(steps)
    exact = (np.abs(steps - integers) <= 1e-9 * np.maximum(steps, 1.0)).all(axis=1) & (
        np.abs(integers) < _LARGEST
    ).all(axis=1)
    integers[~exact] = 0.0
    divisor = np.gcd.reduce(integers.astype(np.int64), axis=1).astype(float)
    enough = (integers > 0).sum(axis=1) >= LEAST_SALES
    return np.where(exact, np.where(enough, divisor, 1.0), -1.0)


def _dispersion(y: Array) -> Array:
    """Variance over mean of demand, the unit where it is continuous, (n,); the mean of one value, 1 without any."""
    known = ~np.isnan(y)
    count = np.maximum(known.sum(axis=1), 1)
    mean = np.where(known, y, 0.0).sum(axis=1) / count
    variance = (np.where(known, y - mean[:, None], 0.0) ** 2).sum(axis=1) / count
    ratio = np.where(variance > 0, variance, mean**2) / np.where(mean > 0, mean, 1.0)
    return np.where(ratio > 0, ratio, 1.0)
