"""Simulated: a purchasing desk plays the year over the real sales, by simple rules and imperfect on purpose.

Each product category has a buyer, and each buyer a habit (`BUYERS`): over how many weeks sales are averaged, how many
weeks of safety and of order cover are kept, how often a review is missed. A buyer reviews on one weekday. When the
inventory position is at or below average × (contract lead time + a week + safety), the buyer orders up to that plus
the cover from the usual supplier (one time in eight from another), in cases, and not below the minimum. Nobody
here looks at how long a supplier really takes, at promotions or at trends, and one buyer stocks up for the holidays.
A line is expedited when less than a week of stock is left while the supplier quotes more than that, one time in two.

Sales are what customers really bought. Where the played stock runs out they do not change: what was sold beyond it
becomes a backorder that the next receipt fills, so that start + received − rejected − sold = on hand − backorders.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from examples.company.deliveries import Deliveries, deliver

Array = NDArray[np.float64]

BUYERS = pd.DataFrame(
    [
        # habit, weeks remembered, safety, cover, chance to miss a review, factor in the holiday season, share
        ("steady", 8, 1.5, 2.0, 0.05, 1.0, 0.45),
        ("anxious", 3, 2.0, 3.0, 0.00, 1.7, 0.20),
        ("stale", 26, 1.0, 2.5, 0.10, 1.0, 0.20),
        ("lean", 6, 0.3, 1.0, 0.30, 1.0, 0.15),
    ],
    columns=["habit", "memory_weeks", "safety_weeks", "cover_weeks", "missed", "holiday_factor", "share"],
)
_HOLIDAYS = 320
"""Day of the year from which the season's factor holds, to its end: mid-November."""
_OTHER_OFFER = 0.125
_MEMORY_DAYS = 7 * 26


@dataclass(frozen=True)
class Year:
    """What the desk leaves behind.

    Attributes
    ----------
    lines : one row an order line, in order: day, offer (row of the offers), quantity, expedited, and the fields of
        `Deliveries`
    start, end : (n,) on hand less backorders before the first day and after the last
    """

    lines: pd.DataFrame
    start: Array
    end: Array


@dataclass
class _Stock:
    """PrefixSums state of n products: net stock, what is on order, and what the coming days bring."""

    net: Array
    on_order: Array
    arriving: Array
    closing: Array
    placed: list[pd.DataFrame] = field(default_factory=list)

    def open_day(self, day: int) -> None:
        """Book the day's receipts."""
        self.net += self.arriving[day]
        self.on_order -= self.closing[day]

    def place(self, product: NDArray[np.intp], quantity: Array, fate: Deliveries) -> None:
        """Book the lines' receipts on the days on which they will come."""
        self.on_order += np.bincount(product, quantity, len(self.net))
        first, last = fate.first_day.astype(int), fate.last_day.astype(int)
        np.add.at(self.arriving, (first, product), fate.first_quantity)
        np.add.at(self.closing, (first, product), fate.first_quantity)
        np.add.at(self.arriving, (last, product), fate.last_quantity - fate.rejected)
        np.add.at(self.closing, (last, product), quantity - fate.first_quantity)


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
) -> Year:
    """Play the desk over the days of `units` (n, days), which begin on a Monday."""
    n, days = units.shape
    rates = _remembered(units, buyers["memory_weeks"].to_numpy())
    usual = offers.index[offers["preferred"]].to_numpy()[
        np.argsort(offers.loc[offers["preferred"], "product"])
    ]
    quoted = offers["lead_time_days"].to_numpy()[usual] / 7
    start = np.ceil(
        rates[0] * (quoted + 1 + buyers["safety_weeks"].to_numpy()) + offers["moq"].to_numpy()[usual] / 2
    )
    far = days + 1500  # beyond the longest lead time there is
    stock = _Stock(start.copy(), np.zeros(n), np.zeros((far, n)), np.zeros((far, n)))
    for day in range(days):
        stock.open_day(day)
        stock.net -= units[:, day]
        wanted = _wanted(stock, rates[day], quoted, buyers, day, rng)
        product = np.flatnonzero(wanted > 0)
        if len(product):
            chosen = _choose_offers(offers, usual, product, rng)
            _order(stock, day, wanted[product], offers.loc[chosen], suppliers, rates[day], rng)
    return Year(pd.concat(stock.placed, ignore_index=True), start, stock.net)


def _remembered(units: Array, weeks: NDArray[np.int_]) -> Array:
    """Mean weekly sales over the last `weeks` weeks before each day, shape (days, n).

    Before the year, the desk is taken to know the level of the first four weeks.
    """
    n, days = units.shape
    known = np.hstack([np.repeat(units[:, :28].mean(axis=1, keepdims=True), _MEMORY_DAYS, axis=1), units])
    total = np.hstack([np.zeros((n, 1)), known.cumsum(axis=1)])
    now = _MEMORY_DAYS + np.arange(days)[:, None]
    rows = np.arange(n)[None, :]
    return np.asarray((total[rows, now] - total[rows, now - 7 * weeks[None, :]]) / weeks)


def _wanted(
    stock: _Stock, rate: Array, quoted: Array, buyers: pd.DataFrame, day: int, rng: np.random.Generator
) -> Array:
    """Units short of the order-up-to level, (n,), zero where nothing is due."""
    if day >= _HOLIDAYS:
        rate = rate * buyers["holiday_factor"].to_numpy()
    due = (buyers["weekday"].to_numpy() == day % 7) & (rng.random(len(rate)) >= buyers["missed"].to_numpy())
    position = stock.net + stock.on_order
    point = rate * (quoted + 1 + buyers["safety_weeks"].to_numpy())
    short = point + rate * buyers["cover_weeks"].to_numpy() - position
    return np.where(due & (position <= point) & (rate > 0), short, 0.0)


def _choose_offers(
    offers: pd.DataFrame, usual: NDArray[np.intp], product: NDArray[np.intp], rng: np.random.Generator
) -> NDArray[np.intp]:
    """The usual offer of each product, now and then any of its offers."""
    first = np.searchsorted(offers["product"].to_numpy(), product, side="left")
    count = np.searchsorted(offers["product"].to_numpy(), product, side="right") - first
    other = first + rng.integers(0, count)
    return np.where(rng.random(len(product)) < _OTHER_OFFER, other, usual[product])


def _order(
    stock: _Stock,
    day: int,
    wanted: Array,
    offers: pd.DataFrame,
    suppliers: pd.DataFrame,
    rate: Array,
    rng: np.random.Generator,
) -> None:
    """Round to the offers' terms, send the lines and book what becomes of them."""
    multiple, moq = offers["order_multiple"].to_numpy(), offers["moq"].to_numpy()
    quantity = np.maximum(np.ceil(np.maximum(wanted, moq) / multiple) * multiple, moq)
    quantity = np.fmin(quantity, offers["max_quantity"].to_numpy())
    product = offers["product"].to_numpy()
    critical = stock.net[product] < np.minimum(
        rate[product], offers["lead_time_days"].to_numpy() / 7 * rate[product]
    )
    expedited = critical & (rng.random(len(product)) < 0.5) & (offers["lead_time_days"].to_numpy() > 7)
    law = suppliers.iloc[offers["supplier"].to_numpy()]
    fate = deliver(law, day, quantity, expedited, rng)
    stock.place(product, quantity, fate)
    facts = {"day": day, "offer": offers.index.to_numpy(), "quantity": quantity, "expedited": expedited}
    stock.placed.append(pd.DataFrame({**facts, **vars(fate)}))
