"""Working time: how long orders wait for a better weekday, and what days of a supplier's shutdowns cost them."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array
from features.orders.supplier_calendar import SupplierCalendar
from models.lead_time.calendar.shutdowns_ahead import ShutdownsAhead, days_since_1970


@dataclass(frozen=True)
class WorkingTime:
    """Turns days since the order into working days, and back.

    An order placed on weekday d waits w_s(d) days; from then on a day of shutdown called e counts for 1 − q_s(e) days.
    Lead times are learned in working days and predicted in calendar days: what is late because of a shutdown says
    nothing of orders that meet none, and an order before the next one is forecast to be late.

    Attributes
    ----------
    suppliers : (S,)
    weekday_wait : w, days, (S + 1, 7), Monday first; the last row is for suppliers not learned from
    names : (E,), shutdowns that cost time
    lost_share : q, (S + 1, E)
    """

    suppliers: pd.Index
    weekday_wait: Array
    names: tuple[str, ...]
    lost_share: Array

    @classmethod
    def all_days(cls) -> Self:
        """Working time in which every calendar day counts fully and no order waits."""
        return cls(pd.Index([], dtype=object), np.zeros((1, 7)), (), np.zeros((1, 0)))

    @property
    def depends_on_weekday(self) -> bool:
        """Whether a weekday of ordering costs any supplier's orders time."""
        return bool((self.weekday_wait > 0).any())

    @property
    def depends_on_shutdowns(self) -> bool:
        """Whether a shutdown costs any supplier's orders time."""
        return bool((self.lost_share > 0).any())

    def without(self, *, weekday: bool = False, shutdowns: bool = False) -> Self:
        """Working time without the waits for a weekday, without the shutdowns, or without both."""
        result = self
        if weekday:
            result = replace(result, weekday_wait=np.zeros_like(self.weekday_wait))
        if shutdowns:
            result = replace(result, lost_share=np.zeros_like(self.lost_share))
        return result

    def in_working_days(self, orders: pd.DataFrame, supplier_calendar: SupplierCalendar) -> pd.DataFrame:
        """Orders with `duration` in working days, and `ordered_at` later by the days that were lost.

        So an order ends on the day it ended, and nothing is known of it earlier than it was.
        """
        if not self.depends_on_weekday and not self.depends_on_shutdowns:
            return orders
        start, duration = days_since_1970(orders["ordered_at"]), orders["duration"].to_numpy(float)
        wait = np.minimum(self._wait(orders), duration)
        ahead = self._shutdowns_ahead(orders, supplier_calendar)
        lost = wait + ahead.lost_days(start + wait, duration - wait)
        return orders.assign(
            duration=duration - lost, ordered_at=orders["ordered_at"] + pd.to_timedelta(lost, unit="D")
        )

    def in_calendar_days(
        self, values: Array, orders: pd.DataFrame, supplier_calendar: SupplierCalendar
    ) -> Array:
        """Lead-time quantiles (n, Q) in working days turned into calendar days since each order was placed."""
        if not self.depends_on_weekday and not self.depends_on_shutdowns:
            return values
        wait = self._wait(orders)
        start = days_since_1970(orders["ordered_at"]) + wait
        return wait[:, None] + self._shutdowns_ahead(orders, supplier_calendar).elapsed_days(start, values)

    def _row(self, orders: pd.DataFrame) -> NDArray[np.int64]:
        """Row (n,) of `weekday_wait` and `lost_share` for each order's supplier."""
        at = self.suppliers.get_indexer(pd.Index(orders["supplier_id"].astype(str)))
        return np.where(at < 0, len(self.suppliers), at)

    def _wait(self, orders: pd.DataFrame) -> Array:
        """Days (n,) that each order waits because of the weekday it was placed on."""
        weekday = orders["ordered_at"].dt.dayofweek.to_numpy(float)
        waited = self.weekday_wait[self._row(orders), np.nan_to_num(weekday).astype(int)]
        return np.where(np.isnan(weekday), 0.0, waited)

    def _shutdowns_ahead(self, orders: pd.DataFrame, supplier_calendar: SupplierCalendar) -> ShutdownsAhead:
        """Shutdowns ahead of each order with the share of them that is lost."""
        if not self.depends_on_shutdowns:
            return ShutdownsAhead(*np.zeros((3, len(orders), 0)))
        code, ids = pd.factorize(orders["supplier_id"].astype(str))
        shutdowns = supplier_calendar.shutdowns_of(ids)
        at = pd.Index(self.names).get_indexer(pd.Index(shutdowns.names))
        lost_share = np.where(at >= 0, self.lost_share[:, at], 0.0)
        return ShutdownsAhead.of(shutdowns, code, lost_share[self._row(orders)])

    def save(self, folder: Path) -> None:
        """Write the working time as `waits.json`."""
        facts = {
            "suppliers": list(self.suppliers),
            "weekday": self.weekday_wait.tolist(),
            "names": list(self.names),
            "share": self.lost_share.tolist(),
        }
        (folder / "waits.json").write_text(json.dumps(facts), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the working time that `save` wrote."""
        facts = json.loads((folder / "waits.json").read_text(encoding="utf-8"))
        lost_share = np.array(facts["share"], float).reshape(len(facts["share"]), len(facts["names"]))
        suppliers = pd.Index(facts["suppliers"], dtype=object)
        return cls(suppliers, np.array(facts["weekday"], float), tuple(facts["names"]), lost_share)
