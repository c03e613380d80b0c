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
class DeskYear:
    """What the purchasing desk leaves behind after a year.

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
    """Running state of n products: net stock, what is on order, and what the coming days bring."""

    net: Array
    on_order: Array
    arriving: Array
    closing: Array
    placed: list[pd.DataFrame] = field(default_factory=list)

    def open_day(self, day: int) -> None:
        """Book the day's receipts."""
        self.net += self.arriving[day]
        self.on_order -= self.closing[day]

    def place(self, product: NDArray[np.intp], quantity: Array, deliveries: Deliveries) -> None:
        """Book the lines' receipts on the days on which they will come."""
        self.on_order += np.bincount(product, quantity, len(self.net))
        first, last = deliveries.first_day.astype(int), deliveries.last_day.astype(int)
        np.add.at(self.arriving, (first, product), deliveries.first_quantity)
        np.add.at(self.closing, (first, product), deliveries.first_quantity)
        np.add.at(self.arriving, (last, product), deliveries.last_quantity - deliveries.rejected)
        np.add.at(self.closing, (last, product), quantity - deliveries.first_quantity)


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
) -> DeskYear:
    """Play the purchasing desk over the days of `units` (n, days), which begin on a Monday."""
    n, days = units.shape
    rates = _sales_rates(units, buyers["memory_weeks"].to_numpy())
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
        need = _order_need(stock, rates[day], quoted, buyers, day, rng)
        product = np.flatnonzero(need > 0)
        if len(product):
            chosen = _choose_offers(offers, usual, product, rng)
            terms = offers.loc[chosen]
            quantity = _round_to_terms(need[product], terms)
            expedited = _expedited(stock.net[product], rates[day][product], terms, rng)
            deliveries = deliver(suppliers.iloc[terms["supplier"].to_numpy()], day, quantity, expedited, rng)
            stock.place(product, quantity, deliveries)
            line = {"day": day, "offer": chosen, "quantity": quantity, "expedited": expedited}
            stock.placed.append(pd.DataFrame({**line, **vars(deliveries)}))
    return DeskYear(pd.concat(stock.placed, ignore_index=True), start, stock.net)


def _sales_rates(units: Array, weeks: NDArray[np.int_]) -> Array:
    """Mean weekly sales (the desk's forecast) over the last `weeks` weeks before each day, shape (days, n).

    Before the year, the desk is taken to know the level of the first four weeks.
    """
    n, days = units.shape
    known = np.hstack([np.repeat(units[:, :28].mean(axis=1, keepdims=True), _MEMORY_DAYS, axis=1), units])
    total = np.hstack([np.zeros((n, 1)), known.cumsum(axis=1)])
    now = _MEMORY_DAYS + np.arange(days)[:, None]
    rows = np.arange(n)[None, :]
    return np.asarray((total[rows, now] - total[rows, now - 7 * weeks[None, :]]) / weeks)


def _order_need(
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


def _expedited(net: Array, rate: Array, offers: pd.DataFrame, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Lines that the desk expedites: one in two of those with less than a week of stock and more of lead time."""
    lead_time_days = offers["lead_time_days"].to_numpy()
    critical = net < np.minimum(rate, lead_time_days / 7 * rate)
    return np.asarray(critical & (rng.random(len(net)) < 0.5) & (lead_time_days > 7), bool)
