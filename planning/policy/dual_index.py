"""Dual index: when an order of the slow supplier counts for what is asked of the quick one."""

import numpy as np

from distributions.distribution import Array, Distribution

_SURELY = 0.8
"""Chance with which an order of the base supplier must be there as soon as one from the surge supplier, to count."""


def counts_from(base: Distribution, surge: Distribution) -> Array:
    """Age in days (n,) from which an order of the base supplier counts for the surge supplier's: it is there as soon.

    Surely enough, that is, by the lead times of either (n).
    """
    return np.asarray(np.maximum(base.quantile(_SURELY) - surge.mean(), 0.0))
