"""Evidence gate: a gain counts only where it exceeds chance by k standard errors.

Used wherever lead-time learning may deviate from its default (weights, half-lives, spread, forgetting, seasons,
working time, shared delay). The lower the k, the cheaper a mistake is or the fewer alternatives were tried.
"""

from typing import TypeVar

import numpy as np

from distributions.distribution import Array

T = TypeVar("T", float, Array)


def gain_lower_bound(gain: T, standard_error: T, *, k: float) -> T:
    """Lower bound of a gain: the gain less k standard errors, of any shape."""
    return gain - k * standard_error


def mean_gain_lower_bound(gains: Array, *, k: float) -> Array:
    """Lower bound of the mean over n independent gains, (n, …) → (…): mean − k·s/√n with the sample's deviation s."""
    standard_error = gains.std(axis=0, ddof=1) / np.sqrt(len(gains))
    return np.asarray(gain_lower_bound(np.asarray(gains.mean(axis=0)), np.asarray(standard_error), k=k))
