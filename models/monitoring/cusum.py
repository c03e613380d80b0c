"""A control chart that learns what is usual from few values, and knows how seldom it raises a false alarm.

The self-starting CUSUM of Hawkins (1987): each value is compared with the mean and standard deviation of those before
it, the backtest's first. What it comes to follows Student's t, and the normal score of that is standard normal however
few values there were. So the false-alarm rate is that of a CUSUM whose parameters are known.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri, stdtr

from distributions.distribution import Array

ALLOWANCE = 0.5
"""What a score must exceed to count, in standard deviations: tuned to find a shift of one of them."""

DELAY = 8
"""Periods after which a value counts as usual: a change must not hide itself by becoming the measure."""

CUT = 3.5
"""The largest score of one period."""


def run_length(height: float) -> float:
    """Mean number of periods until a CUSUM of standard normal scores reaches `height` by chance.

    Siegmund (1985): (e^(2κb) − 2κb − 1) / 2κ² with b = height + 1.166 and the allowance κ.
    """
    rise = 2 * ALLOWANCE * (height + 1.166)
    return float((np.exp(rise) - rise - 1) / (2 * ALLOWANCE**2))


def limit(periods: float) -> float:
    """Height that one CUSUM reaches by chance once in `periods` on average."""
    lowest = run_length(0.0)
    return 0.0 if periods <= lowest else float(brentq(lambda at: run_length(at) - periods, 0.0, 100.0))


def sequential_scores(before: Array, values: Array) -> Array:
    """Normal scores of `values` (T,), each against all `before` and the values more than `DELAY` periods older; (T,).

    Φ⁻¹(F_{t, N−1}((x − x̄) / (s √(1 + 1/N)))) of N older values, 0 where N < 3. Cut at ±3.5, so that no single period
    raises an alarm.
    """
    seen, m = np.concatenate([before, values]), len(before)
    count = np.maximum(np.arange(m, len(seen)) - DELAY, m)
    total, squares = (np.concatenate([[0.0], np.cumsum(x)])[count] for x in (seen, seen**2))
    n = np.maximum(count, 1)
    variance = np.maximum(squares - total**2 / n, 0.0) / np.maximum(n - 1, 1)
    spread = np.sqrt(np.maximum(variance * (1 + 1 / n), 1e-12))
    chance = stdtr(np.maximum(n - 1, 1), (values - total / n) / spread)
    scores = ndtri(np.clip(chance, 1e-6, 1 - 1e-6))
    return np.asarray(np.where(count < 3, 0.0, np.clip(scores, -CUT, CUT)))


@dataclass(frozen=True)
class Cusum:
    """C_t = max(0, C_{t−1} + score_t − κ) over T periods, upwards.

    Attributes
    ----------
    path : array (T,)
    """

    path: Array

    @classmethod
    def of(cls, scores: Array) -> Self:
        """Run over the scores of the periods."""
        path, height = np.zeros(len(scores)), 0.0
        for t, score in enumerate(scores):
            height = max(0.0, height + score - ALLOWANCE)
            path[t] = height
        return cls(path)

    def seen(self, limit: float) -> "Evidence":
        """Return where it stands: at its highest once it has reached `limit`, since an alarm stands; else now."""
        if not len(self.path):
            return Evidence(0.0, 0, 0)
        at = int(self.path.argmax()) if self.path.max() >= limit else len(self.path) - 1
        zero = np.flatnonzero(self.path[: at + 1] == 0)
        return Evidence(float(self.path[at]), int(zero[-1]) + 1 if len(zero) else 0, at + 1)


@dataclass(frozen=True)
class Evidence:
    """Height of a CUSUM, and the periods `first` … `last` − 1 it rests on: those since it last stood at zero.

    Page's estimate of when a change began.
    """

    height: float
    first: int
    last: int
