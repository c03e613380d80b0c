"""A part of the company played on, day by day: copies of SKUs with stock by age, open order lines, real demand."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.decisions.past_days.true_deliveries import Deliveries
from distributions.distribution import Array

FAR = 400
"""Days beyond the play that a delivery may lie ahead."""

_KEEPS = 100  # days that are told apart on the shelf; what keeps lies behind them


@dataclass
class Counts:
    """What n copies came to over the play, arrays (n,); `own_…` from the first delivery of an order of the play on."""

    demand: Array
    missed: Array
    wasted: Array
    stock_days: Array
    pipeline_days: Array
    orders: Array
    ordered: Array
    spent: Array
    received: Array
    own_demand: Array
    own_missed: Array
    own_cycles: Array
    own_short_cycles: Array
    own_wasted: Array
    own_days: Array
    own_pipeline_days: Array

    @classmethod
    def none(cls, n: int) -> "Counts":
        """Nothing counted yet."""
        return cls(*(np.zeros(n) for _ in cls.__annotations__))


@dataclass
class CompanyPlay:
    """n copies of SKUs in play.

    Attributes
    ----------
    demand : array (n, T), units wanted each day
    shelf_life : array (n,), days; NaN: keeps
    lost_sales : unmet demand is lost
    shelf : array (n, A), units by days left, the last column keeps
    owed, on_order : arrays (n,)
    lines : every order line: copy, supplier_id, sent_day, quantity, first_day, first_units, last_day, shown_later
        (days by which its arrival was put off, as the planner knows)
    """

    demand: Array
    shelf_life: Array
    lost_sales: bool
    shelf: Array
    owed: Array
    lines: pd.DataFrame
    counts: Counts = field(init=False)

    def __post_init__(self) -> None:
        n, days = self.demand.shape
        self.counts = Counts.none(n)
        self.arriving, self.leaving = np.zeros((days + FAR, n)), np.zeros((days + FAR, n))
        self.own = np.zeros((days + FAR, n), bool)
        self.own_on_way, self.own_leaving = np.zeros(n), np.zeros((days + FAR, n))
        self.on_way, self.short = np.zeros(n), np.zeros(n, bool)
        self.first_units = self.on_hand  # units there at the beginning, or on their way
        self.first_orders = np.zeros(n)  # those of the first week
        self.own_since, self._all_own = np.full(n, np.inf), np.zeros(n, bool)

    @property
    def days(self) -> int:
        """Days of the play."""
        return int(self.demand.shape[1])

    @property
    def on_hand(self) -> Array:
        """Units on hand (n,)."""
        return np.asarray(self.shelf.sum(axis=1))

    def place(self, copy: NDArray[np.intp], lines: pd.DataFrame, delivery: Deliveries, *, own: bool) -> None:
        """Book order lines (k,) of the copies, and what becomes of them."""
        last = (len(self.arriving) - 1) * 1.0
        days = [np.clip(day, 0, last).astype(int) for day in (delivery.first_day, delivery.last_day)]
        for day, units in zip(days, (delivery.first_units, delivery.last_units), strict=True):
            np.add.at(self.arriving, (day, copy), units)
        np.add.at(self.leaving, (days[0], copy), delivery.first_units)
        np.add.at(self.leaving, (days[1], copy), delivery.last_units + delivery.rejected)
        np.add.at(self.on_way, copy, delivery.first_units + delivery.last_units + delivery.rejected)
        if not own:
            np.add.at(self.first_units, copy, delivery.first_units + delivery.last_units)
        if own:
            np.add.at(self.own_on_way, copy, delivery.first_units + delivery.last_units + delivery.rejected)
            for day, units in (
                (days[0], delivery.first_units),
                (days[1], delivery.last_units + delivery.rejected),
            ):
                np.add.at(self.own_leaving, (day, copy), units)
            self.own[days[1], copy] = True
            self.own[days[0][delivery.first_units > 0], copy[delivery.first_units > 0]] = True
        booked = lines.assign(
            copy=copy,
            sent_day=delivery.sent_day,
            first_day=days[0],
            first_units=delivery.first_units,
            last_day=days[1],
        )
        self.lines = pd.concat([self.lines, booked], ignore_index=True) if len(self.lines) else booked

    def order(
        self, copy: NDArray[np.intp], quantity: Array, price: Array, luck: Deliveries, supplier: Array
    ) -> None:
        """Place orders of the play: units and price of each copy (k,), and what becomes of them."""
        np.add.at(self.counts.orders, copy, 1.0)
        np.add.at(self.counts.ordered, copy, quantity)
        np.add.at(self.counts.spent, copy, quantity * price)
        frame = pd.DataFrame({"supplier_id": supplier, "quantity": quantity, "shown_later": 0.0})
        self.place(copy, frame, luck, own=True)

    def start_day(self) -> None:
        """Throw away what is past its shelf life: called each morning but the first."""
        self.shelf[:, :-2] = self.shelf[:, 1:-1].copy()
        self.shelf[:, -2] = 0.0
        wasted = self.shelf[:, 0].copy()
        self.shelf[:, 0] = 0.0
        self.counts.wasted += wasted
        self.counts.own_wasted += np.where(self._all_own, wasted, 0.0)

    def day(self, t: int) -> None:
        """Receive, sell, count."""
        c, came = self.counts, self.arriving[t]
        self.own_since = np.where(np.isinf(self.own_since) & self.own[t], float(t), self.own_since)
        self.on_way -= self.leaving[t]
        self.own_on_way -= self.own_leaving[t]
        counted = (came > 0) & (self.own_since < t)
        c.own_cycles += counted
        c.own_short_cycles += counted & self.short
        self.short &= came == 0
        served = np.minimum(self.owed, came)
        self.owed -= served
        rows = np.flatnonzero(came - served > 0)
        column = np.where(np.isnan(self.shelf_life), self.shelf.shape[1] - 1, np.nan_to_num(self.shelf_life))
        self.shelf[rows, column[rows].astype(int)] += (came - served)[rows]
        wanted = self.demand[:, t]
        met = np.minimum(self.on_hand, wanted)
        before = np.cumsum(self.shelf, axis=1) - self.shelf
        self.shelf -= np.clip(met[:, None] - before, 0.0, self.shelf)
        missed = wanted - met
        if not self.lost_sales:
            self.owed += missed
        self.short |= missed > 1e-6
        own = self.own_since <= t
        c.received += came
        c.demand += wanted
        c.missed += missed
        c.own_demand += np.where(own, wanted, 0.0)
        c.own_missed += np.where(own, missed, 0.0)
        c.own_days += self._all_own
        c.stock_days += self.on_hand
        c.pipeline_days += self.on_way
        c.own_pipeline_days += self.own_on_way
        self._all_own = t - self.own_since >= np.nan_to_num(self.shelf_life)

    def open_lines(self, t: int) -> pd.DataFrame:
        """Order lines that are still open on the morning of day t, with what of them has come."""
        lines = self.lines[self.lines["last_day"] >= t]
        came = np.where(lines["first_day"] < t, lines["first_units"], 0.0)
        return lines.assign(received=came)


def shelf_of(batches: pd.DataFrame, n: int) -> Array:
    """Shelves (n, A) from batches: copy, units, days_left (NaN: keeps)."""
    shelf = np.zeros((n, _KEEPS + 1))
    left = batches["days_left"].fillna(_KEEPS).clip(1, _KEEPS).to_numpy(int)
    np.add.at(shelf, (batches["copy"].to_numpy(int), left), batches["units"].to_numpy(float))
    return shelf
