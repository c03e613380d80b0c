"""Sending days: on which day an order goes out, its supplier taking orders and not being closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.lanes.order_days import last_order_days, order_waits

_LONGEST = 366


def sending_days(
    order_days: Sequence[str | None],
    supplier_ids: NDArray[np.object_],
    closures: pd.DataFrame,
    as_of: pd.Timestamp,
    after: Array,
) -> Array:
    """Days (k,) from `as_of` to the first sending day of each supplier that is at least `after` (k,) days from it.

    Parameters
    ----------
    order_days : weekdays on which the k suppliers take orders, as texts; None: every day
    closures : supplier_id, day: days on which a supplier is closed; within a year from `after` on
    """
    waits = order_waits(order_days, np.arange(7))
    rows = np.arange(len(after))
    day = np.ceil(after - 1e-6).astype(np.int64)
    day += waits[rows, (as_of.weekday() + day) % 7]
    if closures.empty or not len(day):
        return day.astype(float)
    closed = _ClosedDays.of(supplier_ids, closures, as_of)
    for _ in range(_LONGEST):
        shut = closed.on(day)
        if not shut.any():
            break
        day = day + shut
        day += waits[rows, (as_of.weekday() + day) % 7]
    return day.astype(float)


def last_sending_days(
    order_days: Sequence[str | None],
    supplier_ids: NDArray[np.object_],
    closures: pd.DataFrame,
    as_of: pd.Timestamp,
    until: Array,
) -> Array:
    """Days (k,) from `as_of` to the last sending day of each supplier that is no later than `until` (k,) days from it.

    The first sending day where there is none so early; infinite, or in the middle of a day, as `until` is where nothing
    stands against it. The other parameters are those of `sending_days`.
    """
    first = sending_days(order_days, supplier_ids, closures, as_of, np.zeros(len(until)))
    days = last_order_days(order_days, as_of, until)
    if closures.empty or not len(days):
        return np.maximum(days, first)
    closed = _ClosedDays.of(supplier_ids, closures, as_of)
    for _ in range(_LONGEST):
        day = np.floor(np.where(np.isfinite(days), days, -1.0) + 1e-6).astype(np.int64)
        shut = closed.on(day)
        if not shut.any():
            break
        before = last_order_days(order_days, as_of, day.astype(float) - 1.0)
        days = np.where(shut, before, days)
    return np.maximum(days, first)


@dataclass(frozen=True)
class _ClosedDays:
    """Closed days from a day on: of each of S suppliers, (S, 739), and the supplier of each row, (k,)."""

    closed: NDArray[np.bool_]
    supplier: NDArray[np.intp]

    @classmethod
    def of(cls, supplier_ids: NDArray[np.object_], closures: pd.DataFrame, as_of: pd.Timestamp) -> Self:
        """The closed days of the suppliers of k rows."""
        names, supplier = np.unique(supplier_ids.astype(str), return_inverse=True)
        own = closures[closures["supplier_id"].isin(names)]
        closed = np.zeros((len(names), 2 * _LONGEST + 7), bool)
        offset = ((own["day"] - as_of.normalize()) / pd.Timedelta(days=1)).to_numpy(int)
        known = (offset >= 0) & (offset < closed.shape[1])
        closed[np.searchsorted(names, own["supplier_id"].to_numpy(str))[known], offset[known]] = True
        return cls(closed, supplier)

    def on(self, day: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Rows (k,) whose supplier is closed on a `day` (k,); on none before the first."""
        last = self.closed.shape[1] - 1
        return np.asarray(self.closed[self.supplier, np.clip(day, 0, last)] & (day >= 0))
