"""Sending days: on which day an order goes out, its supplier taking orders and not being closed."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.lanes.order_days import order_waits

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
    names, supplier = np.unique(supplier_ids.astype(str), return_inverse=True)
    own = closures[closures["supplier_id"].isin(names)]
    closed = np.zeros((len(names), 2 * _LONGEST + 7), bool)
    offset = ((own["day"] - as_of.normalize()) / pd.Timedelta(days=1)).to_numpy(int)
    known = (offset >= 0) & (offset < closed.shape[1])
    closed[np.searchsorted(names, own["supplier_id"].to_numpy(str))[known], offset[known]] = True
    for _ in range(_LONGEST):
        shut = closed[supplier, np.minimum(day, closed.shape[1] - 1)]
        if not shut.any():
            break
        day = day + shut
        day += waits[rows, (as_of.weekday() + day) % 7]
    return day.astype(float)
