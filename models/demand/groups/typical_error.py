"""The typical forecast error of groups by their size, for groups with little or no past of their own."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from features.demand.panel import Array

PRIOR_ORIGINS = 4.0
"""Origins that the typical error of groups of this size, or no bias at all, is worth beside what was seen."""


@dataclass(frozen=True)
class TypicalError:
    """Mean |√y − √forecast| of a period: log-linear in the log of a group's mean demand, `at` + `slope` · size."""

    at: float
    slope: float

    @classmethod
    def fit(cls, mean: Array, error: Array) -> Self:
        """Fit typical errors by least squares over groups (G,); slope from 0 (noise) to ½ (errors in proportion)."""
        size, log = _log_size(mean), np.log(np.maximum(error, 1e-3))
        gap = size - size.mean()
        slope = float(np.clip((gap * log).sum() / max(float((gap**2).sum()), 1e-9), 0.0, 0.5))
        return cls(float(log.mean() - slope * size.mean()), slope)

    def error(self, mean: Array) -> Array:
        """Typical error of groups with these mean demands, (G,)."""
        return np.asarray(np.exp(self.at + self.slope * _log_size(mean)))

    def shrink(self, total: Array, count: NDArray[Any], mean: Array) -> Array:
        """Volatility of groups (G,): their own errors, `total` over `count` origins, shrunk to the typical error."""
        return np.asarray((total + PRIOR_ORIGINS * self.error(mean)) / (count + PRIOR_ORIGINS))


def _log_size(mean: Array) -> Array:
    """Size on which a group's typical error depends, (G,): log of its mean demand, bounded below."""
    return np.asarray(np.log(np.maximum(mean, 0.05)))
