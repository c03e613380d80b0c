"""Brute force: one lane under its policy, day by day, in scenarios side by side; slow, obvious, with draws of its own.

Nothing here knows the engine. A day goes: what is past its shelf life is thrown away; at a review an order is placed;
deliveries come, and what is owed is served first; demand is met, oldest goods first; stock is counted.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Offer:
    """What one lane's offer allows and its goods are like: units and days.

    Attributes
    ----------
    breaks : quantities from which an order has another unit price, with that price, the first from 0
    yearly, holding : units a year and money a unit and year, by which an order is raised to a cheaper price
    sellable : units that sell before they perish, beyond which no discount is bought
    shelf_life : days from receipt on; 0: keeps
    rejected : chance of each unit to be rejected on receipt, and credited
    """

    review: int = 7
    moq: float = 0.0
    multiple: float = 0.0
    maximum: float = np.inf
    breaks: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    yearly: float = 0.0
    holding: float = 0.0
    sellable: float = math.inf
    shelf_life: int = 0
    rejected: float = 0.0
    lost_sales: bool = False


@dataclass(frozen=True)
class Policy:
    """What is ordered on a review day: below s up to S, arrays (T,) with a value for each day.

    Stock that is expected to perish unsold within the next `interval` days, at `a_day` units a day, counts for nothing
    (Broekmeulen and van Donselaar 2009).
    """

    reorder_point: Array
    order_up_to: Array
    a_day: Array
    interval: float = 0.0

    @classmethod
    def constant(cls, reorder_point: float, order_up_to: float, days: int) -> "Policy":
        """The same s and S all the time, for goods that keep."""
        return cls(np.full(days, float(reorder_point)), np.full(days, float(order_up_to)), np.zeros(days))


@dataclass
class Outcome:
    """What a lane came to over the days that count, in each of M scenarios, arrays (M,).

    Units asked for, missed on their day, thrown away and received in order; unit-days on the shelf and on their way;
    orders and their units and money; deliveries, and those before which something was missed since the last.
    """

    demand: Array
    missed: Array
    wasted: Array
    received: Array
    stock_days: Array
    pipeline_days: Array
    orders: Array
    ordered: Array
    spent: Array
    cycles: Array
    short_cycles: Array

    @property
    def fill_rate(self) -> float:
        """Share of all demand that was met on its day."""
        return float(1 - self.missed.sum() / self.demand.sum())

    @property
    def cycle_service(self) -> float:
        """Share of replenishment cycles, delivery to delivery, without a stockout."""
        return float(1 - self.short_cycles.sum() / self.cycles.sum())


def simulate(
    offer: Offer,
    demand: Array,
    lead: NDArray[np.int64],
    policy: Policy,
    *,
    warm_up: int,
    seed: int,
) -> Outcome:
    """Simulate a lane for the T days of `demand` (T, M), and count those after `warm_up`.

    Parameters
    ----------
    lead : whole days (T, M) that an order placed on a day takes
    seed : of the units that are rejected
    """
    rng = np.random.default_rng(seed)
    days, scenarios = demand.shape
    counts = {name: np.zeros(scenarios) for name in Outcome.__annotations__}
    shelf: list[tuple[int, Array]] = []  # day on which a batch perishes and what is left of it, oldest first
    arriving = np.zeros((days + int(lead.max()) + 1, scenarios))
    stock, owed, on_order = (
        np.full(scenarios, policy.order_up_to[0]),
        np.zeros(scenarios),
        np.zeros(scenarios),
    )
    if offer.shelf_life:
        shelf.append((offer.shelf_life, stock.copy()))
    short, everyone = np.zeros(scenarios, bool), np.arange(scenarios)
    for day in range(days):
        today = {name: np.zeros(scenarios) for name in counts}
        while shelf and shelf[0][0] <= day:
            today["wasted"] += shelf[0][1]
            stock -= shelf.pop(0)[1]
        if day % offer.review == 0:
            position = stock - owed + on_order - _perishing(shelf, day, policy)
            short_of = policy.order_up_to[day] - position
            need = np.where(position < policy.reorder_point[day] - 1e-6, short_of, 0.0)
            quantity = np.array([order_size(offer, each) for each in need])
            on_order += quantity
            arriving[day + lead[day], everyone] += quantity
            today["orders"] += quantity > 0
            today["ordered"] += quantity
            today["spent"] += quantity * np.array([unit_price(offer, each) for each in quantity])
        came = arriving[day]
        on_order -= came
        good = came - _rejected(offer, came, rng)
        today["received"] += good
        today["cycles"] += came > 0
        today["short_cycles"] += (came > 0) & short
        short &= came == 0
        served = np.minimum(owed, good)
        owed -= served
        stock += good - served
        if offer.shelf_life and (good - served).any():
            shelf.append((day + offer.shelf_life, good - served))
        met = np.minimum(stock, demand[day])
        stock -= met
        _take(shelf, met.copy())
        missed = demand[day] - met
        owed += 0.0 if offer.lost_sales else missed
        short |= missed > 1e-6
        today["demand"] += demand[day]
        today["missed"] += missed
        today["stock_days"] += stock
        today["pipeline_days"] += on_order
        if day >= warm_up:
            for name, value in today.items():
                counts[name] += value
    return Outcome(**counts)


def order_size(offer: Offer, need: float) -> float:
    """Units ordered for a need: what the offer allows, raised to the next cheaper price where that pays its holding."""
    quantity = _allowed(offer, need)
    price = unit_price(offer, quantity)
    cheaper = [start for start, each in offer.breaks if start > quantity and each < price]
    if quantity == 0 or not cheaper or offer.yearly <= 0:
        return quantity
    more = _allowed(offer, min(cheaper))
    saved = more * (price - unit_price(offer, more))
    held = offer.holding * (more**2 - quantity**2) / (2 * offer.yearly)
    return more if min(cheaper) <= more <= offer.sellable and saved > held else quantity


def unit_price(offer: Offer, quantity: float) -> float:
    """Price of a unit in an order of `quantity`."""
    return [price for start, price in offer.breaks if start <= quantity][-1]


def _allowed(offer: Offer, need: float) -> float:
    """Smallest quantity within the offer's limits that covers the need, or the largest that there is."""
    if need <= 0:
        return 0.0
    lot = offer.multiple if offer.multiple > 0 else 0.0
    smallest = math.ceil(round(offer.moq / lot, 9)) * lot if lot else offer.moq
    largest = (
        math.floor(round(offer.maximum / lot, 9)) * lot if lot and offer.maximum < math.inf else offer.maximum
    )
    wanted = max(need, smallest, lot)
    wanted = math.ceil(round(wanted / lot, 9)) * lot if lot else wanted
    return min(wanted, largest) if max(smallest, lot) <= largest else 0.0


def _perishing(shelf: list[tuple[int, Array]], day: int, policy: Policy) -> Array | float:
    """Units (M,) on the shelf that are expected to perish unsold within the policy's interval."""
    ahead: Array | float = 0.0
    gone: Array | float = 0.0
    for end, batch in shelf:
        if end - day <= policy.interval:
            ahead = ahead + batch
            gone = np.maximum(gone, ahead - policy.a_day[day] * (end - day))
    return gone


def _take(shelf: list[tuple[int, Array]], wanted: Array) -> None:
    """Take what is sold from the shelf's batches, the oldest first."""
    for _, batch in shelf:
        taken = np.minimum(batch, wanted)
        batch[:] -= taken
        wanted[:] -= taken


def _rejected(offer: Offer, came: Array, rng: np.random.Generator) -> Array:
    """Units rejected of what came (M,): each by chance."""
    if not offer.rejected:
        return np.zeros_like(came)
    return rng.binomial(np.round(came).astype(int), offer.rejected).astype(float)
