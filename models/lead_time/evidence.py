"""Evidence gate: a gain counts only where it exceeds chance by k standard errors.

Used wherever lead-time learning may deviate from its default (weights, half-lives, spread, forgetting, seasons,
working time, shared delay). The lower the k, the cheaper a mistake is or the fewer alternatives were tried.
"""

from typing import TypeVar

import numpy as np

from distributions.distribution import Array

T = TypeVar("T", float, Array)


def gain_lower_bound(gain: T, standard_error: T, *, k: float) -> T:
    """Evidence for a gain: its lower bound, the gain less k standard errors, of any shape; above zero it counts."""
    return gain - k * standard_error


def mean_gain_lower_bound(gains: Array, *, k: float) -> Array:
    """Evidence for the mean of n independent gains, (n, …) → (…): its lower bound m − k·s/√n, s their deviation."""
    standard_error = gains.std(axis=0, ddof=1) / np.sqrt(len(gains))
    return np.asarray(gain_lower_bound(np.asarray(gains.mean(axis=0)), np.asarray(standard_error), k=k))
