"""Simulation of past weeks under order-up-to levels, many candidates at once: stock held and fill rate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array


@dataclass(frozen=True)
class PastDemand:
    """Past demand of n SKUs over W periods, with their lead time and unit cost.

    Attributes
    ----------
    demand : array (n, W), units; a gap holds a guess, the same for every contender
    known : bool array (n, W); False: the period moves stock but is not scored
    unit_cost : array (n,), money a unit
    lead_time : periods from the order, at the start of a period, to its arrival at the start of another
    """

    demand: Array
    known: NDArray[np.bool_]
    unit_cost: Array
    lead_time: int


@dataclass(frozen=True)
class StockHeld:
    """Stock held and fill rate of C candidates, array (C,) each.

    Attributes
    ----------
    fill_rate : share of known demand served from the shelf in its own period
    units, money : mean stock at the end of a period, summed over SKUs
    """

    fill_rate: Array
    units: Array
    money: Array

    def at(self, fill_rate: float) -> tuple[float, float]:
        """Stock held in units and money at the given fill rate, linear between candidates; NaN beyond them."""
        order = np.argsort(self.fill_rate)
        rates = self.fill_rate[order]
        units, money = (
            float(np.interp(fill_rate, rates, values[order], left=np.nan, right=np.nan))
            for values in (self.units, self.money)
        )
        return units, money


def simulate_stock(past_demand: PastDemand, levels: Array) -> StockHeld:
    """Simulate the past periods: order each up to `levels` (C, n, W), whole units; unmet demand waits (backorders).

    Everybody starts with the first level on hand. The periods before the second order can arrive are not scored.
    """
    candidates, n, periods = levels.shape
    net = np.ceil(levels[:, :, 0] - 1e-9)
    coming = np.zeros((past_demand.lead_time + 1, candidates, n))
    demanded, missed, units, money, counted = np.zeros((5, candidates))
    for t in range(periods):
        position = net + coming.sum(axis=0)
        coming[-1] += np.maximum(np.ceil(levels[:, :, t] - 1e-9) - position, 0.0)
        available, demand = net + coming[0], past_demand.demand[:, t]
        coming = np.concatenate([coming[1:], np.zeros_like(coming[:1])])
        net = available - demand
        if t <= past_demand.lead_time:
            continue
        known, left = past_demand.known[:, t], np.maximum(net, 0.0)
        demanded += (demand * known).sum()
        missed += (known * (demand - np.clip(available, 0.0, demand))).sum(axis=1)
        units += left.sum(axis=1)
        money += left @ past_demand.unit_cost
        counted += 1
    return StockHeld(1 - missed / np.maximum(demanded, 1e-12), units / counted, money / counted)
