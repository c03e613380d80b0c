"""CUSUM limits: how high a control chart may climb, for a stated rate of false alarms (in-control run length)."""

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from models.lead_time.changes.rank_likelihoods import LEAST_REFERENCE

FALSE_ALARM_YEARS = 3.0
"""A supplier that does not change is flagged once in so many years, on average, at most."""

_SLOPE, _LESS = 2.1, 22.0
"""A run length of 2.1 n − 22 gives about n orders between two false alarms, simulated for n = 36 … 360:
`python -m benchmarks.changes --calibrate`."""
_LEAST_ORDERS = 24.0
_SHARES = np.array([0.6, 0.1, 0.6, 0.05])
"""Weight of each chart in the false alarms: what comes later or less surely costs more than what comes sooner. They
sum to more than one, for with few and large steps the charts of the scatter raise fewer than `cusum_limits` expects."""
_LEARNING = 20.0  # simulated: keeps the rate of false alarms about the same from 20 orders to 200


def in_control_run_length(orders_a_year: Array) -> Array:
    """Run length of the charts by orders a year, for one false alarm in `FALSE_ALARM_YEARS` on average, (S,).

    A supplier with few orders is flagged less often: a lower limit would be reached by next to nothing.
    """
    between = np.maximum(orders_a_year * FALSE_ALARM_YEARS, _LEAST_ORDERS)
    return np.asarray(_SLOPE * between - _LESS)


def chart_run_lengths(run_length: Array, reference_orders: NDArray[np.int64]) -> Array:
    """Run length (4, S) of each control chart from that (S,) of all: its share of the false alarms.

    More while there are few reference orders, for the errors in what is usual add to the chart's drift.
    """
    more = 1 + run_length / (_LEARNING * np.maximum(reference_orders, LEAST_REFERENCE))
    return np.asarray(run_length * more / _SHARES[:, None])


def cusum_limits(log_ratios: Array, run_length: Array) -> Array:
    """Limit at which a CUSUM of log-likelihood ratios raises a false alarm once in `run_length` (…, S) orders.

    Siegmund (1985): the mean run is (eˣ − x − 1) / |μ| with x = h + 1.166 σ, and μ, σ of one step, which is one of
    `log_ratios` (…, S, K) with equal chance.
    """
    drift, spread = -log_ratios.mean(axis=-1), log_ratios.std(axis=-1)
    x = np.ones_like(drift)
    for _ in range(8):
        x = np.log1p(x + drift * run_length)
    return np.asarray(np.maximum(x - 1.166 * spread, 0.5))
