"""Times at which stock is compared with demand between ordering and the end of the replenishment cycle it serves."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution

MOST_TIMES = 12
_CHUNK = 2_000  # rows at a time: bounds memory


@dataclass(frozen=True)
class CycleTimes:
    """K times of n SKUs between ordering and the end of the replenishment cycle that the order serves.

    Attributes
    ----------
    days : array (n, K), days from the moment of ordering, rising
    arrival, end : int arrays (n, M) or (n, 1), position among the K times of the order's arrival and the cycle's end
    """

    days: Array
    arrival: NDArray[np.int64]
    end: NDArray[np.int64]


def steps_to_arrival(lead_time: Array, period: float) -> NDArray[np.int64]:
    """Number of cycle times (n,) until a certain arrival: about one a period, at least one."""
    return np.clip(np.ceil(lead_time / period), 1, MOST_TIMES - 1).astype(np.int64)


def certain_cycle_times(lead_time: Array, review: float | Array, period: float) -> CycleTimes:
    """Cycle times where the lead time (n,) is certain: `steps_to_arrival` of the longest, then the end of the cycle.

    `review` is R in days, of all or of each (n,).
    """
    n, steps = len(lead_time), int(steps_to_arrival(lead_time, period).max(initial=1))
    to_arrival = lead_time[:, None] * np.arange(1, steps + 1) / steps
    days = np.column_stack([to_arrival, lead_time + review])
    return CycleTimes(days, arrival=np.full((n, 1), steps - 1), end=np.full((n, 1), steps))


def uncertain_cycle_times(lead_time: Array, review: float | Array) -> CycleTimes:
    """Cycle times where the lead time differs by scenario (n, M): an even grid; arrivals count at the next time.

    `review` is R in days, of all or of each (n,).
    """
    cycle = np.reshape(review, (-1, 1))
    longest = np.maximum(lead_time.max(axis=1, keepdims=True) + cycle, 1e-9)
    days = longest * np.arange(1, MOST_TIMES + 1) / MOST_TIMES
    step = longest / MOST_TIMES

    def position(day: Array) -> NDArray[np.int64]:
        above = np.ceil(day / step - 1e-9)
        return np.asarray(np.clip(above - 1, 0, MOST_TIMES - 1), np.int64)

    return CycleTimes(days, arrival=position(lead_time), end=position(lead_time + cycle))


def groups_of_equal_steps(lead_time: Distribution, period: float) -> Iterator[tuple[NDArray[np.intp], bool]]:
    """Groups of SKUs with as many cycle times each, `_CHUNK` rows at most, and whether their lead time is certain."""
    certain = lead_time.values[:, -1] <= lead_time.values[:, 0]
    steps = np.where(certain, steps_to_arrival(lead_time.values[:, 0], period), 0)
    for count in np.unique(steps):
        group = np.flatnonzero(steps == count)
        for start in range(0, len(group), _CHUNK):
            yield group[start : start + _CHUNK], bool(count)
