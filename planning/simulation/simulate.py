"""Ordering policies played on common random scenarios: every policy meets the same demand and the same lead times.

All SKUs and scenarios move at once; the only loop is over periods. In a period orders are placed and received,
then demand is served. Each order has a lead time of its own, so orders can overtake each other, as they do in life
and as no formula for lead-time demand allows for.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.policy.order_size import OrderLimits
from planning.simulation.outcome import Simulated
from planning.simulation.policies import Policy
from planning.simulation.stock import Stock

_NOTHING = 1e-9  # units: what is left of a position by rounding is no order


@dataclass(frozen=True)
class Scenarios:
    """What happens to n SKUs over T periods in M scenarios, whatever is ordered.

    Attributes
    ----------
    demand : array (T, n, M), units asked for
    lead_time : int array (T, n, M), or broadcasting to that: periods that an order placed in a period takes
    start : array (n,), units on hand before the first period; nothing is on order
    lost_sales : unmet demand is lost; false: it waits for stock
    warm_up : periods that pass before anything is counted
    """

    demand: Array
    lead_time: NDArray[np.int64]
    start: Array
    lost_sales: bool
    warm_up: int = 0


def simulate(
    scenarios: Scenarios, policy: Policy, *, review: int = 1, limits: OrderLimits | None = None
) -> Simulated:
    """Play `policy` with a review every `review` periods, from the first one on; `limits` (n) bind every order."""
    demand, lead_time = scenarios.demand, np.asarray(scenarios.lead_time)
    periods, n, m = demand.shape
    same = lead_time.size == 1 or lead_time.min() == lead_time.max()
    times = np.broadcast_to(lead_time, (periods, 1, 1) if same else demand.shape)
    stock = Stock(np.repeat(scenarios.start[:, None], m, axis=1), int(lead_time.max()))
    allowed = None if limits is None else _by_row(limits)
    tally = _Tally(n, m)
    for t in range(periods):
        ordered = np.zeros((n, m))
        if t % review == 0:
            ordered = policy.wanted(stock.net + stock.on_order)
            ordered = np.where(ordered > _NOTHING, ordered, 0.0)
            ordered = ordered if allowed is None else allowed.allowed(ordered)
            stock.place(ordered, times[t, 0, 0] if same else times[t])
        arrived = stock.receive()
        missed = stock.sell(demand[t], lost_sales=scenarios.lost_sales)
        if t >= scenarios.warm_up:
            tally.count(stock.net, demand[t], missed, ordered, arrived)
    return tally.close(periods - scenarios.warm_up)


def _by_row(limits: OrderLimits) -> OrderLimits:
    """`limits` (n,) as columns (n, 1), to bind orders (n, M)."""
    return OrderLimits(*(getattr(limits, part.name)[:, None] for part in fields(limits)))


class _Tally:
    """PrefixSums sums of what is counted, arrays (n, M)."""

    def __init__(self, n: int, m: int) -> None:
        self._sums = np.zeros((9, n, m))
        self._short = np.zeros((n, m), bool)

    def count(self, net: Array, demand: Array, missed: Array, ordered: Array, arrived: Array) -> None:
        ended, short = arrived > 0, missed > _NOTHING
        # a delivery ends the cycle before it, whose last period was the one before
        parts = (demand, missed, np.maximum(net, 0.0), np.maximum(-net, 0.0), ordered > 0, ordered, short,
                 ended, ended & self._short)  # fmt: skip
        for total, part in zip(self._sums, parts, strict=True):
            np.add(total, part, out=total)
        self._short = (self._short & ~ended) | short

    def close(self, periods: int) -> Simulated:
        return Simulated(periods, *self._sums)
