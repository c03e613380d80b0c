"""Prior lead-time distributions: what is assumed of lead times before any order, or hardly any, is known."""

import numpy as np
from scipy.special import ndtri

from distributions.distribution import Array
from distributions.levels import LEAD_TIME_LEVELS
from models.lead_time.members.nested_kaplan_meier import Durations
from models.lead_time.snapshots import SAME_DAY

_PRIOR_ORDERS = 3.0
_PRIOR_SIGMA = 0.5  # of log lead time: the middle of what suppliers of the public data sets have
_POINTS = 21
_UNKNOWN_DAYS = (5.0, 180.0)  # 5 % and 95 % of the lead time when nothing at all is known


def vague_prior(durations: Durations) -> Durations:
    """LogNormal prior of three pseudo-orders around the observed durations, so that one order is no certainty.

    Their spread is that of the closed orders' logarithms, itself shrunk to that of a supplier of middling
    reliability. Where nothing was received yet they lie at twice the typical age: it takes longer than that.
    """
    closed = durations.values[durations.closed]
    logs = np.log(np.maximum(closed if len(closed) else 2 * durations.values, SAME_DAY))
    n = len(closed)
    spread = np.sqrt((n * float(np.var(logs)) + _PRIOR_ORDERS * _PRIOR_SIGMA**2) / (n + _PRIOR_ORDERS))
    points = np.exp(float(np.median(logs)) + spread * ndtri((np.arange(_POINTS) + 0.5) / _POINTS))
    return pseudo_orders(points, _PRIOR_ORDERS)


def pseudo_orders(points: Array, weight: float) -> Durations:
    """Prior as closed pseudo-orders of durations `points` (m,), which together weigh as much as `weight` orders."""
    count = len(points)
    return Durations(points, np.ones(count, bool), np.full(count, weight / count))


def unknown_quantiles() -> Array:
    """Prior lead-time quantiles, (1, Q), log-uniform in days, for a company without a single order."""
    low, high = np.log(_UNKNOWN_DAYS)
    return np.asarray(np.exp(low + (high - low) * (LEAD_TIME_LEVELS - 0.05) / 0.9))[None, :]
