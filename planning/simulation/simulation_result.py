"""Result of a simulated policy: service, stock, orders and cost of each SKU, each with its Monte Carlo error."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from distributions.distribution import Array


@dataclass(frozen=True)
class Estimate:
    """Monte Carlo estimates for n SKUs.

    Attributes
    ----------
    value : array (n,)
    error : array (n,), standard error over the scenarios; NaN with a single one
    """

    value: Array
    error: Array

    @classmethod
    def mean(cls, values: Array) -> Self:
        """Mean over M scenarios (n, M), with its standard error."""
        return cls(values.mean(axis=1), _standard_error(values))

    @classmethod
    def ratio(cls, part: Array, whole: Array) -> Self:
        """Σ part / Σ whole over M scenarios (n, M); the error is the delta method's: SD(p − r·w) / (w̄·√M).

        NaN where the whole is 0.
        """
        below = whole.mean(axis=1)
        value = np.divide(part.mean(axis=1), below, out=np.full_like(below, np.nan), where=below > 0)
        spread = _standard_error(part - value[:, None] * whole)
        return cls(value, np.divide(spread, below, out=np.full_like(below, np.nan), where=below > 0))


@dataclass(frozen=True)
class UnitCosts:
    """Unit costs of n simulated SKUs, money, arrays (n,).

    Attributes
    ----------
    holding : per unit left at the end of a period
    shortage : per unit missed
    ordering : per order
    backorder : per unit backordered at the end of a period; none: what is missed costs once
    """

    holding: Array
    shortage: Array
    ordering: Array
    backorder: Array | None = None


@dataclass(frozen=True)
class SimulationResult:
    """n SKUs simulated in M scenarios, sums over the `periods` that count, arrays (n, M).

    Attributes
    ----------
    demand, missed : units of demand, and of it not served in its own period
    on_hand, backorders : units on hand, and backordered, at the end of each period
    orders, ordered : number of orders and their units
    short_periods : periods in which something was missed
    cycles, short_cycles : deliveries, and those before which something had been missed since the last one
    """

    periods: int
    demand: Array
    missed: Array
    on_hand: Array
    backorders: Array
    orders: Array
    ordered: Array
    short_periods: Array
    cycles: Array
    short_cycles: Array

    @property
    def fill_rate(self) -> Estimate:
        """Share of demand served from the shelf in its own period."""
        return Estimate.ratio(self.demand - self.missed, self.demand)

    @property
    def cycle_service(self) -> Estimate:
        """Share of replenishment cycles, from delivery to delivery, in which nothing was missed."""
        return Estimate.ratio(self.cycles - self.short_cycles, self.cycles)

    @property
    def period_service(self) -> Estimate:
        """Share of simulated periods in which nothing was missed."""
        return Estimate.mean(1 - self.short_periods / self.periods)

    @property
    def mean_stock(self) -> Estimate:
        """Mean units on hand at the end of a simulated period."""
        return Estimate.mean(self.on_hand / self.periods)

    @property
    def mean_backorders(self) -> Estimate:
        """Mean units backordered at the end of a simulated period."""
        return Estimate.mean(self.backorders / self.periods)

    @property
    def orders_a_period(self) -> Estimate:
        """Mean number of orders placed in a simulated period."""
        return Estimate.mean(self.orders / self.periods)

    def cost(self, costs: UnitCosts) -> Estimate:
        """Mean holding, shortage and ordering cost of a simulated period, in money."""
        return Estimate.mean(self.total_cost(costs) / self.periods)

    def total_cost(self, costs: UnitCosts) -> Array:
        """Holding, shortage and ordering cost of all simulated periods, in money, (n, M)."""
        total = costs.holding[:, None] * self.on_hand + costs.shortage[:, None] * self.missed
        total = total + costs.ordering[:, None] * self.orders
        return total if costs.backorder is None else total + costs.backorder[:, None] * self.backorders


def _standard_error(values: Array) -> Array:
    """Monte Carlo error (n,) of a simulation result: standard error of the mean over its M scenarios (n, M)."""
    m = values.shape[1]
    if m < 2:
        return np.full(len(values), np.nan)
    return np.asarray(values.std(axis=1, ddof=1) / np.sqrt(m))
