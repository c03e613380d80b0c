"""The opening state of played lanes: stock by age, what is owed to customers, and open orders still to come."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array


@dataclass(frozen=True)
class OpeningState:
    """What n lanes begin with; k open orders, sorted by lane.

    Attributes
    ----------
    batches : array (n, A, 2), units on hand and the day on which they pass their shelf life, oldest first
    owed : array (n,), units owed to customers
    first_order : array (n,), units ordered at the first review; NaN: what the policy says
    line_lane : int array (k,), lane of each open order, ascending
    line_units : array (k,), units that come of it
    line_days : int array (k, M), days until it arrives, in each scenario; negative: it never does
    line_counts : array (k, V), units of it that the policy counts at each review while it has not arrived
    """

    batches: Array
    owed: Array
    first_order: Array
    line_lane: NDArray[np.intp]
    line_units: Array
    line_days: NDArray[np.int64]
    line_counts: Array

    @classmethod
    def of_stock(cls, units: Array, shelf_life: Array) -> Self:
        """Fresh stock of so many `units` (n,) and nothing else; it keeps for `shelf_life` days (n,), NaN: for ever."""
        n = len(units)
        return cls(
            batches=np.stack([units, np.nan_to_num(shelf_life, nan=np.inf)], axis=1)[:, None],
            owed=np.zeros(n),
            first_order=np.full(n, np.nan),
            line_lane=np.zeros(0, np.intp),
            line_units=np.zeros(0),
            line_days=np.zeros((0, 0), np.int64),
            line_counts=np.zeros((0, 0)),
        )

    def arrays(self, lanes: NDArray[np.intp], reviews: int) -> tuple[Array | NDArray[np.int64], ...]:
        """What the kernel needs of the lanes `lanes` (k,), which are ascending and without gaps, at so many reviews."""
        first, last = np.searchsorted(self.line_lane, [lanes[0], lanes[-1] + 1])
        starts = np.searchsorted(self.line_lane[first:last], np.arange(lanes[0], lanes[-1] + 2))
        counts = self.line_counts[first:last]
        return (
            np.nan_to_num(self.batches[lanes], posinf=np.iinfo(np.int32).max),
            self.owed[lanes],
            self.first_order[lanes],
            starts.astype(np.int64),
            self.line_units[first:last],
            np.ascontiguousarray(self.line_days[first:last]),
            counts if counts.size else np.zeros((0, reviews)),
        )
