"""The CUSUM control chart of a series of errors, self-starting and with a known rate of false alarms.

The self-starting CUSUM of Hawkins (1987): each value is compared with the mean and standard deviation of those before
it, the backtest's first. The standardised value follows Student's t, and its normal score is standard normal however
few values there were. So the false-alarm rate is that of a CUSUM whose parameters are known.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtri, stdtr

from distributions.distribution import Array

ALLOWANCE = 0.5
"""κ: what a score must exceed to add to the CUSUM, in standard deviations; tuned to find a shift of one of them."""

BASELINE_LAG = 8
"""Periods after which a value joins the baseline: a change must not become the normal it is compared with."""

SCORE_CAP = 3.5
"""The largest score of one period."""


def average_run_length(height: float) -> float:
    """Average run length of a CUSUM: periods until standard normal scores reach `height` by chance.

    Siegmund (1985): (e^(2κb) − 2κb − 1) / 2κ² with b = height + 1.166 and the allowance κ.
    """
    rise = 2 * ALLOWANCE * (height + 1.166)
    return float((np.exp(rise) - rise - 1) / (2 * ALLOWANCE**2))


def control_limit(periods: float) -> float:
    """Control limit of a CUSUM: the height that it reaches by chance once in `periods` on average."""
    lowest = average_run_length(0.0)
    if periods <= lowest:
        return 0.0
    return float(brentq(lambda height: average_run_length(height) - periods, 0.0, 100.0))


def self_starting_scores(baseline: Array, values: Array) -> Array:
    """Normal scores of `values` (T,) for a CUSUM, each against `baseline` and values over `BASELINE_LAG` periods older.

    Φ⁻¹(F_{t, N−1}((x − x̄) / (s √(1 + 1/N)))) of N older values, 0 where N < 3. Capped at ±3.5, so that no single
    period raises an alarm. Hawkins (1987).
    """
    series, m = np.concatenate([baseline, values]), len(baseline)
    count = np.maximum(np.arange(m, len(series)) - BASELINE_LAG, m)
    total, squares = (np.concatenate([[0.0], np.cumsum(x)])[count] for x in (series, series**2))
    n = np.maximum(count, 1)
    variance = np.maximum(squares - total**2 / n, 0.0) / np.maximum(n - 1, 1)
    spread = np.sqrt(np.maximum(variance * (1 + 1 / n), 1e-12))
    probability = stdtr(np.maximum(n - 1, 1), (values - total / n) / spread)
    scores = ndtri(np.clip(probability, 1e-6, 1 - 1e-6))
    return np.asarray(np.where(count < 3, 0.0, np.clip(scores, -SCORE_CAP, SCORE_CAP)))


@dataclass(frozen=True)
class CusumEvidence:
    """Height of a CUSUM, and the periods `first` … `last` − 1 it rests on: those since it last stood at zero.

    The first of them is Page's estimate of when a change began.
    """

    height: float
    first: int
    last: int


@dataclass(frozen=True)
class Cusum:
    """Upper CUSUM of T periods: C_t = max(0, C_{t−1} + score_t − κ).

    Attributes
    ----------
    path : array (T,), C_1 … C_T
    """

    path: Array

    @classmethod
    def of(cls, scores: Array) -> Self:
        """Cumulate the normal scores (T,) of the periods into a CUSUM."""
        path, height = np.zeros(len(scores)), 0.0
        for t, score in enumerate(scores):
            height = max(0.0, height + score - ALLOWANCE)
            path[t] = height
        return cls(path)

    def evidence(self, limit: float) -> CusumEvidence:
        """Where the CUSUM stands: at its highest once it has reached `limit`, since an alarm stands; else now."""
        if not len(self.path):
            return CusumEvidence(0.0, 0, 0)
        at = int(self.path.argmax()) if self.path.max() >= limit else len(self.path) - 1
        zero = np.flatnonzero(self.path[: at + 1] == 0)
        return CusumEvidence(float(self.path[at]), int(zero[-1]) + 1 if len(zero) else 0, at + 1)
