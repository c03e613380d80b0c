"""Sending days: on which days orders go out, their suppliers taking orders and not being closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.lanes.order_days import order_waits

_LONGEST = 2 * 366
"""Days for which closures are looked at; beyond them every supplier is open."""


@dataclass(frozen=True)
class SendingDays:
    """Days on which orders of k rows go out, counted from the day of the plan.

    Attributes
    ----------
    weekday : of the day of the plan, 0 (Monday) … 6
    waits : int array (k, 7), days that an order decided on each weekday waits until its supplier takes orders
    closed : bool array (S, 733), days on which each of S suppliers is closed; never on the last
    supplier : array (k,), supplier of each row
    """

    weekday: int
    waits: NDArray[np.int64]
    closed: NDArray[np.bool_]
    supplier: NDArray[np.intp]

    @classmethod
    def of(
        cls,
        order_days: Sequence[str | None],
        supplier_ids: NDArray[np.object_],
        closures: pd.DataFrame,
        as_of: pd.Timestamp,
    ) -> Self:
        """The sending days of k rows.

        Parameters
        ----------
        order_days : weekdays on which the rows' suppliers take orders, as texts; None: every day
        closures : supplier_id, day: days on which a supplier is closed; empty: none is
        """
        waits = order_waits(order_days, np.arange(7))
        if closures.empty:
            nobody = np.zeros((1, _LONGEST + 1), bool)
            return cls(as_of.weekday(), waits, nobody, np.zeros(len(waits), np.intp))
        names, supplier = np.unique(supplier_ids.astype(str), return_inverse=True)
        own = closures[closures["supplier_id"].isin(names)]
        offset = ((own["day"] - as_of.normalize()) / pd.Timedelta(days=1)).to_numpy(int)
        known = (offset >= 0) & (offset < _LONGEST)
        closed = np.zeros((len(names), _LONGEST + 1), bool)
        closed[np.searchsorted(names, own["supplier_id"].to_numpy(str))[known], offset[known]] = True
        return cls(as_of.weekday(), waits, closed, supplier)

    def first(self, after: Array | float = 0.0) -> Array:
        """First sending day (k,) of each row that is at least `after` days, (k,) or a number, from the plan's."""
        day = np.ceil(np.broadcast_to(after, len(self.waits)) - 1e-6).astype(np.int64)
        rows = np.arange(len(day))
        while len(rows):
            day[rows] += self.waits[rows, (self.weekday + day[rows]) % 7]
            rows = rows[self._is_closed(rows, day[rows])]
            day[rows] += 1
        return day.astype(float)

    def last(self, until: Array) -> Array:
        """Last sending day (k,) of each row that is no later than `until` (k,) days from the plan's.

        The first one where there is none so early; infinite, or in the middle of a day, as `until` is where nothing
        stands against it.
        """
        days, rows = until.copy(), np.flatnonzero(np.isfinite(until))
        while len(rows):
            days[rows] = self._last_taken(rows, days[rows])
            day = np.floor(days[rows] + 1e-6).astype(np.int64)
            shut = self._is_closed(rows, day)
            rows = rows[shut]
            days[rows] = day[shut] - 1.0
        return np.maximum(days, self.first())

    def _last_taken(self, rows: NDArray[np.intp], days: Array) -> Array:
        """Last day no later than `days` (m,) on which the suppliers of `rows` (m,) take orders, closed or not."""
        whole, waits = np.floor(days + 1e-6).astype(np.int64), self.waits[rows]
        back = (self.weekday + whole[:, None] - np.arange(7)) % 7
        since = np.take_along_axis(waits == 0, back, axis=1).argmax(axis=1)
        return np.where((waits > 0).any(axis=1), whole - since, days)

    def _is_closed(self, rows: NDArray[np.intp], day: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether the suppliers of `rows` (m,) are closed on a `day` (m,); on none before the plan's."""
        return np.asarray(self.closed[self.supplier[rows], np.clip(day, 0, _LONGEST)] & (day >= 0))
