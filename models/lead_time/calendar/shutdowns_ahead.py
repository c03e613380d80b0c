"""Shutdowns ahead of orders: how many calendar days working days take across them, and the days lost to them."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.orders.shutdowns import Shutdowns

LARGEST_LOST_SHARE = 0.98
"""Share of a day of shutdown that can be lost at most: time must go on, or two days of work would end at once."""
_DAY = pd.Timedelta(days=1)
_EPOCH = pd.Timestamp("1970-01-01")


@dataclass(frozen=True)
class ShutdownsAhead:
    """Shutdowns ahead of n orders: K spans each in the order of time, and the share of each that is lost, (n, K)."""

    begin: Array
    end: Array
    lost_share: Array

    @classmethod
    def of(cls, shutdowns: Shutdowns, supplier: NDArray[np.int64], lost_share: Array) -> Self:
        """Shutdowns ahead of orders of `supplier` (n,), rows of `shutdowns`, with `lost_share` (n, E) of each kind."""
        calendar = shutdowns.calendar[supplier]
        kind = shutdowns.kind[calendar]
        lost = np.take_along_axis(lost_share, kind, axis=1) if lost_share.shape[1] else lost_share
        return cls(shutdowns.begin[calendar], shutdowns.end[calendar], lost)

    def elapsed_days(self, start: Array, work: Array) -> Array:
        """Calendar days (n, Q), shutdowns ahead of `start` (n,) included, that `work` (n, Q) working days take.

        `work` rises in a row.
        """
        finish = start[:, None] + work
        for k in range(self.begin.shape[1]):
            late = finish[:, -1] > self.begin[:, k]
            rows = np.flatnonzero(late & (self.end[:, k] > start) & (self.lost_share[:, k] > 0))
            if len(rows) == 0:
                continue
            share, end = self.lost_share[rows, k, None], self.end[rows, k, None]
            begin = np.maximum(self.begin[rows, k], start[rows])[:, None]
            over = np.maximum(finish[rows] - begin, 0.0)
            finish[rows] += np.minimum(over * share / (1 - share), (end - begin) * share)
        return np.asarray(finish - start[:, None])

    def lost_days(self, start: Array, days: Array) -> Array:
        """Days (n,) lost to the shutdowns ahead of `start` (n,) within the next `days` (n,)."""
        finish = start + days
        total = np.zeros(len(start))
        for k in range(self.begin.shape[1]):
            overlap = np.minimum(finish, self.end[:, k]) - np.maximum(start, self.begin[:, k])
            total += np.where(overlap > 0, overlap, 0.0) * self.lost_share[:, k]
        return np.asarray(total)


def days_since_1970(dates: pd.Series) -> Array:
    """Days since 1970 of each order date (n,), in which shutdowns ahead begin and end; NaN where there is none."""
    return np.asarray((dates - _EPOCH) / _DAY, float)
