"""Simulation of ordering policies on common random scenarios: every policy meets the same demand and lead times.

All SKUs and scenarios move at once; the only loop is over periods. In a period orders are placed and received,
then demand is served. Each order has a lead time of its own, so orders can overtake each other, as they do in life
and as no formula for lead-time demand allows for.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.policy.order_size import OrderLimits
from planning.simulation.inventory import Inventory
from planning.simulation.ordering_policies import OrderingPolicy
from planning.simulation.simulation_result import SimulationResult

_NOTHING = 1e-9  # units: what is left of a position by rounding is no order


@dataclass(frozen=True)
class Scenarios:
    """Demand and lead times of n SKUs over T periods in M scenarios, whatever is ordered.

    Attributes
    ----------
    demand : array (T, n, M), units
    lead_time : int array (T, n, M), or broadcasting to that: periods that an order placed in a period takes
    initial_stock : array (n,), units on hand before the first period; nothing is on order
    lost_sales : unmet demand is lost; false: it is backordered
    warm_up : periods that pass before anything is counted
    """

    demand: Array
    lead_time: NDArray[np.int64]
    initial_stock: Array
    lost_sales: bool
    warm_up: int = 0


def simulate(
    scenarios: Scenarios, policy: OrderingPolicy, *, review: int = 1, limits: OrderLimits | None = None
) -> SimulationResult:
    """Simulate `policy` with a review every `review` periods, from the first one on; `limits` (n) bind every order."""
    demand, lead_time = scenarios.demand, np.asarray(scenarios.lead_time)
    periods, n, m = demand.shape
    same = lead_time.size == 1 or lead_time.min() == lead_time.max()
    times = np.broadcast_to(lead_time, (periods, 1, 1) if same else demand.shape)
    inventory = Inventory(np.repeat(scenarios.initial_stock[:, None], m, axis=1), int(lead_time.max()))
    limits_by_row = None if limits is None else _limits_by_row(limits)
    sums = _RunningSums(n, m)
    for t in range(periods):
        ordered = np.zeros((n, m))
        if t % review == 0:
            ordered = policy.order_quantity(inventory.net_stock + inventory.on_order)
            ordered = np.where(ordered > _NOTHING, ordered, 0.0)
            ordered = ordered if limits_by_row is None else limits_by_row.allowed(ordered)
            inventory.place(ordered, times[t, 0, 0] if same else times[t])
        arrived = inventory.receive()
        missed = inventory.sell(demand[t], lost_sales=scenarios.lost_sales)
        if t >= scenarios.warm_up:
            sums.add(inventory.net_stock, demand[t], missed, ordered, arrived)
    return sums.result(periods - scenarios.warm_up)


def _limits_by_row(limits: OrderLimits) -> OrderLimits:
    """Order limits (n,) as columns (n, 1), to simulate with: they bind every order in all scenarios (n, M)."""
    return OrderLimits(*(getattr(limits, part.name)[:, None] for part in fields(limits)))


class _RunningSums:
    """Running sums over the simulated periods, arrays (n, M): the fields of `SimulationResult`."""

    def __init__(self, n: int, m: int) -> None:
        counted = [part.name for part in fields(SimulationResult) if part.name != "periods"]
        self._sums = {name: np.zeros((n, m)) for name in counted}
        self._short = np.zeros((n, m), bool)

    def add(self, net_stock: Array, demand: Array, missed: Array, ordered: Array, arrived: Array) -> None:
        """Add what a period came to, arrays (n, M) in units."""
        ended, short = arrived > 0, missed > _NOTHING
        # a delivery ends the cycle before it, whose last period was the one before
        period = {
            "demand": demand,
            "missed": missed,
            "on_hand": np.maximum(net_stock, 0.0),
            "backorders": np.maximum(-net_stock, 0.0),
            "orders": ordered > 0,
            "ordered": ordered,
            "short_periods": short,
            "cycles": ended,
            "short_cycles": ended & self._short,
        }
        for name, values in period.items():
            np.add(self._sums[name], values, out=self._sums[name])
        self._short = (self._short & ~ended) | short

    def result(self, periods: int) -> SimulationResult:
        """The sums over the `periods` that count."""
        return SimulationResult(periods, **self._sums)
