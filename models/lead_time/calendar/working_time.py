"""What an order waits for before and while it is worked on: a better weekday, and days on which the supplier rests."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.orders.supplier_calendar import Shutdowns, SupplierCalendar

MOST = 0.98
"""Share of a day of rest that can be lost at most: time must go on, or two days of work would end in one moment."""
_DAY = pd.Timedelta(days=1)
_EPOCH = pd.Timestamp("1970-01-01")


@dataclass(frozen=True)
class WorkingTime:
    """Turns days since the order into days of work, and back.

    An order placed on weekday d waits w_s(d) days; from then on a day of rest called e counts for 1 − q_s(e) days.
    Lead times are learned in days of work and handed out in days of the calendar: what is late because of a
    shutdown says nothing of orders that meet none, and who orders before the next one is told so.

    Attributes
    ----------
    suppliers : (S,)
    weekday : w, days, (S + 1, 7), Monday first; the last row is for suppliers not learned from
    names : (E,), rests that cost time
    share : q, (S + 1, E)
    """

    suppliers: pd.Index
    weekday: Array
    names: tuple[str, ...]
    share: Array

    @classmethod
    def nothing(cls) -> Self:
        """Nobody waits."""
        return cls(pd.Index([], dtype=object), np.zeros((1, 7)), (), np.zeros((1, 0)))

    @property
    def by_weekday(self) -> bool:
        """Whether a weekday costs anybody time."""
        return bool((self.weekday > 0).any())

    @property
    def by_rest(self) -> bool:
        """Whether a rest does."""
        return bool((self.share > 0).any())

    def without(self, *, weekday: bool = False, rest: bool = False) -> Self:
        """Without the waits for one of the two, or both."""
        result = self
        if weekday:
            result = replace(result, weekday=np.zeros_like(self.weekday))
        if rest:
            result = replace(result, share=np.zeros_like(self.share))
        return result

    def worked(self, orders: pd.DataFrame, supplier_calendar: SupplierCalendar) -> pd.DataFrame:
        """`orders` with `duration` in days of work, `ordered_at` later by what was waited.

        So an order ends on the day it ended, and nothing is known of it earlier than it was.
        """
        if not self.by_weekday and not self.by_rest:
            return orders
        start, duration = days_of(orders["ordered_at"]), orders["duration"].to_numpy(float)
        wait = np.minimum(self._wait(orders), duration)
        lost = wait + self._stretch(orders, supplier_calendar).lost(start + wait, duration - wait)
        return orders.assign(
            duration=duration - lost, ordered_at=orders["ordered_at"] + pd.to_timedelta(lost, unit="D")
        )

    def calendar_days(
        self, values: Array, orders: pd.DataFrame, supplier_calendar: SupplierCalendar
    ) -> Array:
        """Quantiles (n, Q) in days of work as days since each order was placed."""
        if not self.by_weekday and not self.by_rest:
            return values
        wait = self._wait(orders)
        start = days_of(orders["ordered_at"]) + wait
        return wait[:, None] + self._stretch(orders, supplier_calendar).elapsed(start, values)

    def _row(self, orders: pd.DataFrame) -> NDArray[np.int64]:
        at = self.suppliers.get_indexer(pd.Index(orders["supplier_id"].astype(str)))
        return np.where(at < 0, len(self.suppliers), at)

    def _wait(self, orders: pd.DataFrame) -> Array:
        weekday = orders["ordered_at"].dt.dayofweek.to_numpy(float)
        waited = self.weekday[self._row(orders), np.nan_to_num(weekday).astype(int)]
        return np.where(np.isnan(weekday), 0.0, waited)

    def _stretch(self, orders: pd.DataFrame, supplier_calendar: SupplierCalendar) -> "Stretch":
        if not self.by_rest:
            return Stretch(*np.zeros((3, len(orders), 0)))
        code, ids = pd.factorize(orders["supplier_id"].astype(str))
        rests = supplier_calendar.rests_of(ids)
        at = pd.Index(self.names).get_indexer(pd.Index(rests.names))
        share = np.where(at >= 0, self.share[:, at], 0.0)
        return Stretch.of(rests, code, share[self._row(orders)])

    def save(self, folder: Path) -> None:
        """Write `waits.json`."""
        facts = {
            "suppliers": list(self.suppliers),
            "weekday": self.weekday.tolist(),
            "names": list(self.names),
            "share": self.share.tolist(),
        }
        (folder / "waits.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        facts = json.loads((folder / "waits.json").read_text(encoding="utf-8"))
        share = np.array(facts["share"], float).reshape(len(facts["share"]), len(facts["names"]))
        suppliers = pd.Index(facts["suppliers"], dtype=object)
        return cls(suppliers, np.array(facts["weekday"], float), tuple(facts["names"]), share)


@dataclass(frozen=True)
class Stretch:
    """The rests ahead of n orders: K spans each, in the order of time, with the share of each that is lost, (n, K)."""

    begin: Array
    end: Array
    share: Array

    @classmethod
    def of(cls, rests: Shutdowns, supplier: NDArray[np.int64], share: Array) -> Self:
        """For orders of `supplier` (n,), rows of `rests`, who lose `share` (n, E) of each kind."""
        calendar = rests.calendar[supplier]
        lost = np.take_along_axis(share, rests.kind[calendar], axis=1) if share.shape[1] else share
        return cls(rests.begin[calendar], rests.end[calendar], lost)

    def elapsed(self, start: Array, work: Array) -> Array:
        """Days from `start` (n,) until `work` (n, Q) days of work are done, (n, Q); `work` rises along a row."""
        finish = start[:, None] + work
        for k in range(self.begin.shape[1]):
            late = finish[:, -1] > self.begin[:, k]
            rows = np.flatnonzero(late & (self.end[:, k] > start) & (self.share[:, k] > 0))
            if len(rows) == 0:
                continue
            share, end = self.share[rows, k, None], self.end[rows, k, None]
            begin = np.maximum(self.begin[rows, k], start[rows])[:, None]
            over = np.maximum(finish[rows] - begin, 0.0)
            finish[rows] += np.minimum(over * share / (1 - share), (end - begin) * share)
        return np.asarray(finish - start[:, None])

    def lost(self, start: Array, days: Array) -> Array:
        """Days of the `days` (n,) since `start` (n,) on which nothing was done, (n,)."""
        finish = start + days
        total = np.zeros(len(start))
        for k in range(self.begin.shape[1]):
            touched = np.minimum(finish, self.end[:, k]) - np.maximum(start, self.begin[:, k])
            total += np.where(touched > 0, touched, 0.0) * self.share[:, k]
        return np.asarray(total)


def days_of(dates: pd.Series) -> Array:
    """Days since 1970 of each date (n,), NaN where there is none."""
    return np.asarray((dates - _EPOCH) / _DAY, float)
