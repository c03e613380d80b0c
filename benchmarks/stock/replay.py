"""Past weeks played with order-up-to levels, many candidates at once: what they had to hold, and what they served."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array


@dataclass(frozen=True)
class World:
    """n SKUs over W periods that lie behind us.

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
class Held:
    """What C candidates came to, array (C,) each.

    Attributes
    ----------
    fill_rate : share of known demand served from the shelf in its own period
    units, money : mean stock at the end of a period, summed over SKUs
    """

    fill_rate: Array
    units: Array
    money: Array

    def at(self, fill_rate: float) -> tuple[float, float]:
        """Units and money held at the given fill rate, linear between candidates; NaN beyond them."""
        order = np.argsort(self.fill_rate)
        rates = self.fill_rate[order]
        units, money = (
            float(np.interp(fill_rate, rates, values[order], left=np.nan, right=np.nan))
            for values in (self.units, self.money)
        )
        return units, money


def play(world: World, levels: Array) -> Held:
    """Order each period up to `levels` (C, n, W), whole units; unmet demand waits (backorders).

    Everybody starts with the first level on hand. The periods before the second order can arrive are not scored.
    """
    candidates, n, periods = levels.shape
    net = np.ceil(levels[:, :, 0] - 1e-9)
    coming = np.zeros((world.lead_time + 1, candidates, n))
    asked, missed, units, money, counted = np.zeros((5, candidates))
    for t in range(periods):
        position = net + coming.sum(axis=0)
        coming[-1] += np.maximum(np.ceil(levels[:, :, t] - 1e-9) - position, 0.0)
        available, demand = net + coming[0], world.demand[:, t]
        coming = np.concatenate([coming[1:], np.zeros_like(coming[:1])])
        net = available - demand
        if t <= world.lead_time:
            continue
        known, left = world.known[:, t], np.maximum(net, 0.0)
        asked += (demand * known).sum()
        missed += (known * (demand - np.clip(available, 0.0, demand))).sum(axis=1)
        units += left.sum(axis=1)
        money += left @ world.unit_cost
        counted += 1
    return Held(1 - missed / np.maximum(asked, 1e-12), units / counted, money / counted)
