"""Simulated: a purchasing desk plays the year over the real sales, by simple rules and imperfect on purpose.

Each product category has a buyer, and each buyer a habit (`BUYERS`): over how many weeks sales are averaged, how many
weeks of safety and of order cover are kept, how often a review is missed. A buyer reviews on one weekday. When the
inventory position is at or below average × (contract lead time + a week + safety), the buyer orders up to that plus
the cover from the usual supplier (one time in eight from another), in cases, and not below the minimum; of what
perishes not more than it averages in a shelf life, unless the minimum is more. Nobody
here looks at how long a supplier really takes, at promotions or at trends, and one buyer stocks up for the holidays.
A line is expedited when less than a week of stock is left while the supplier quotes more than that, one time in two.

An order goes out on the next day on which its supplier takes orders.

Customers ask for what they really bought in 2017, and get what is there: where the played stock runs out, the rest is
lost, and nobody writes it down. The desk averages the sales it has recorded, a sold-out week's like any other's.
What comes first is sold first; what is older than its shelf life in the morning is thrown away, and not written down
either. Start + received − rejected − sold − thrown away = on hand.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from examples.company.deliveries import Deliveries, deliver
from examples.company.suppliers import order_wait

Array = NDArray[np.float64]

BUYERS = pd.DataFrame(
    [
        # habit, weeks remembered, safety, cover, chance to miss a review, factor in the holiday season, share
        ("steady", 8, 1.5, 2.0, 0.05, 1.0, 0.45),
        ("anxious", 3, 2.0, 3.0, 0.00, 1.7, 0.20),
        ("stale", 26, 1.5, 2.5, 0.10, 1.0, 0.20),
        ("lean", 6, 0.8, 1.0, 0.20, 1.0, 0.15),
    ],
    columns=["habit", "memory_weeks", "safety_weeks", "cover_weeks", "missed", "holiday_factor", "share"],
)
_HOLIDAYS = 320
"""Day of the year from which the season's factor holds, to its end: mid-November."""
_OTHER_OFFER = 0.125
_MEMORY_DAYS = 7 * 26
_BEFORE_IT_PERISHES = 0.8
"""Share of a shelf life's sales up to which the desk lets a reorder point rise."""


@dataclass(frozen=True)
class DeskYear:
    """What the purchasing desk leaves behind after a year.

    Attributes
    ----------
    lines : one row an order line sent before the end, in the order of decision: day, offer (row of the offers),
        quantity, expedited, and the fields of `Deliveries`
    sold : (n, days) units sold each day: what was asked for, as far as it was there
    wasted : (n, days) units thrown away each morning
    start, end : (n,) units on hand before the first day and after the last
    """

    lines: pd.DataFrame
    sold: Array
    wasted: Array
    start: Array
    end: Array


@dataclass
class _Stock:
    """Running state of n products: what is on hand and on order, what the coming days bring, what came until each day.

    `came` (days, n) counts from the start, which has half of its shelf life (n,) left; `gone` (n,) is sold or wasted.
    """

    on_hand: Array
    on_order: Array
    arriving: Array
    closing: Array
    shelf_life: Array
    came: Array
    gone: Array
    placed: list[pd.DataFrame] = field(default_factory=list)

    def open_day(self, day: int) -> None:
        """Book the day's receipts."""
        self.on_hand += self.arriving[day]
        self.on_order -= self.closing[day]
        self.came[day] = (self.came[day - 1] if day else self.on_hand - self.arriving[day]) + self.arriving[
            day
        ]

    def throw_away(self, day: int) -> Array:
        """Take from the shelf (n,) what is older than its shelf life: first in, first out, so it should be gone."""
        last = (
            day - self.shelf_life
        )  # what came until then is too old; the start came half a life before day 0
        until = np.clip(np.nan_to_num(last, nan=-1.0), -1, None).astype(int)
        came = self.came[np.maximum(until, 0), np.arange(len(self.gone))]
        start = self.came[0] - self.arriving[0]
        old = np.where(until >= 0, came, np.where(day >= self.shelf_life / 2, start, 0.0))
        wasted = np.clip(old - self.gone, 0.0, self.on_hand)
        self.on_hand -= wasted
        self.gone += wasted
        return wasted

    def serve(self, asked: Array) -> Array:
        """Sell what is `asked` for (n,), as far as it is there; return what was sold."""
        sold = np.minimum(asked, self.on_hand)
        self.on_hand -= sold
        self.gone += sold
        return sold

    def place(self, product: NDArray[np.intp], quantity: Array, deliveries: Deliveries) -> None:
        """Book the lines' receipts on the days on which they will come."""
        self.on_order += np.bincount(product, quantity, len(self.on_hand))
        first, last = deliveries.first_day.astype(int), deliveries.last_day.astype(int)
        np.add.at(self.arriving, (first, product), deliveries.first_quantity)
        np.add.at(self.closing, (first, product), deliveries.first_quantity)
        np.add.at(self.arriving, (last, product), deliveries.last_quantity - deliveries.rejected)
        np.add.at(self.closing, (last, product), quantity - deliveries.first_quantity)


@dataclass(frozen=True)
class _Memory:
    """Sales of n products as the desk has recorded them, summed up day by day: `total` (n, days + 1)."""

    total: Array

    @classmethod
    def of_first_weeks(cls, units: Array) -> "_Memory":
        """Memory before the year, in which the desk is taken to know the level of the first four weeks."""
        n, days = units.shape
        level = units[:, :28].mean(axis=1, keepdims=True)
        total = np.zeros((n, _MEMORY_DAYS + days + 1))
        total[:, : _MEMORY_DAYS + 1] = level * np.arange(_MEMORY_DAYS + 1)
        return cls(total)

    def record(self, day: int, sold: Array) -> None:
        """Write down the day's sales (n,)."""
        self.total[:, _MEMORY_DAYS + day + 1] = self.total[:, _MEMORY_DAYS + day] + sold

    def weekly_rate(self, day: int, weeks: NDArray[np.int_]) -> Array:
        """Mean weekly sales (n,), the desk's forecast, of the last `weeks` (n,) before a day."""
        now = _MEMORY_DAYS + day
        before = self.total[np.arange(len(weeks)), now - 7 * weeks]
        return np.asarray((self.total[:, now] - before) / weeks)


def assign_buyers(categories: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Return a buyer's habit and weekday of review (0 … 4) for each product, one buyer a category."""
    names = np.sort(categories.unique())
    habit = rng.choice(len(BUYERS), len(names), p=BUYERS["share"])
    buyers = BUYERS.iloc[habit].assign(weekday=rng.integers(0, 5, len(names))).set_axis(names)
    return buyers.loc[categories].reset_index(drop=True)


def play(
    units: Array,
    offers: pd.DataFrame,
    suppliers: pd.DataFrame,
    buyers: pd.DataFrame,
    rng: np.random.Generator,
    *,
    shelf_life: Array,
) -> DeskYear:
    """Play the purchasing desk over the days of `units` (n, days), which begin on a Monday.

    `shelf_life` (n,) is in days, NaN for what keeps.
    """
    n, days = units.shape
    memory, weeks = _Memory.of_first_weeks(units), buyers["memory_weeks"].to_numpy()
    usual = offers.index[offers["preferred"]].to_numpy()[
        np.argsort(offers.loc[offers["preferred"], "product"])
    ]
    quoted = offers["lead_time_days"].to_numpy()[usual] / 7
    wanted = memory.weekly_rate(0, weeks) * (quoted + 1 + buyers["safety_weeks"].to_numpy())
    start = np.ceil(wanted + offers["moq"].to_numpy()[usual] / 2)
    far = days + 1500  # beyond the longest lead time there is
    stock = _Stock(
        start.copy(),
        np.zeros(n),
        np.zeros((far, n)),
        np.zeros((far, n)),
        shelf_life=shelf_life,
        came=np.zeros((days, n)),
        gone=np.zeros(n),
    )
    sold, wasted = np.zeros((n, days)), np.zeros((n, days))
    for day in range(days):
        stock.open_day(day)
        wasted[:, day] = stock.throw_away(day)
        sold[:, day] = stock.serve(units[:, day])
        rate = memory.weekly_rate(day, weeks)
        empty = stock.on_hand == 0
        memory.record(day, np.where(empty, np.maximum(sold[:, day], rate / 7), sold[:, day]))
        need = _order_need(stock, rate, quoted, buyers, day, rng)
        product = np.flatnonzero(need > 0)
        if len(product):
            chosen = _choose_offers(offers, usual, product, rng)
            terms = offers.loc[chosen]
            quantity = _round_to_terms(need[product], terms)
            expedited = _expedited(stock.on_hand[product], rate[product], terms, rng)
            supplier = suppliers.iloc[terms["supplier"].to_numpy()]
            sent = day + order_wait(supplier, day)
            deliveries = deliver(supplier, sent, quantity, expedited, rng)
            stock.place(product, quantity, deliveries)
            line = {"day": sent, "offer": chosen, "quantity": quantity, "expedited": expedited}
            stock.placed.append(pd.DataFrame({**line, **vars(deliveries)}))
    lines = pd.concat(stock.placed, ignore_index=True)
    return DeskYear(lines[lines["day"] < days].reset_index(drop=True), sold, wasted, start, stock.on_hand)


def _order_need(
    stock: _Stock, rate: Array, quoted: Array, buyers: pd.DataFrame, day: int, rng: np.random.Generator
) -> Array:
    """Units short of the order-up-to level, (n,), zero where nothing is due."""
    if day >= _HOLIDAYS:
        rate = rate * buyers["holiday_factor"].to_numpy()
    due = (buyers["weekday"].to_numpy() == day % 7) & (rng.random(len(rate)) >= buyers["missed"].to_numpy())
    position = stock.on_hand + stock.on_order
    sells = rate * stock.shelf_life / 7  # NaN for what keeps: fmin takes the other
    point = np.fmin(rate * (quoted + 1 + buyers["safety_weeks"].to_numpy()), _BEFORE_IT_PERISHES * sells)
    short = np.fmin(point + rate * buyers["cover_weeks"].to_numpy(), sells) - position
    return np.where(due & (position <= point) & (rate > 0), short, 0.0)


def _choose_offers(
    offers: pd.DataFrame, usual: NDArray[np.intp], product: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.intp]:
    """Row of the offer that each product is ordered by: the usual one, now and then any other."""
    first = np.searchsorted(offers["product"].to_numpy(), product, side="left")
    count = np.searchsorted(offers["product"].to_numpy(), product, side="right") - first
    other = first + rng.integers(0, count)
    return np.where(rng.random(len(product)) < _OTHER_OFFER, other, usual[product])


def _round_to_terms(need: Array, offers: pd.DataFrame) -> Array:
    """Order quantity, units, of each line: the need in cases, not below the minimum nor above the maximum."""
    multiple, moq = offers["order_multiple"].to_numpy(), offers["moq"].to_numpy()
    quantity = np.maximum(np.ceil(np.maximum(need, moq) / multiple) * multiple, moq)
    return np.asarray(np.fmin(quantity, offers["max_quantity"].to_numpy()))


def _expedited(
    on_hand: Array, rate: Array, offers: pd.DataFrame, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Lines that the desk expedites: one in two of those with less than a week of stock and more of lead time."""
    lead_time_days = offers["lead_time_days"].to_numpy()
    critical = on_hand < np.minimum(rate, lead_time_days / 7 * rate)
    return np.asarray(critical & (rng.random(len(on_hand)) < 0.5) & (lead_time_days > 7), bool)
