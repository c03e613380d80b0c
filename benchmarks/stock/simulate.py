"""Simulation of past weeks under order-up-to levels, many candidates at once: stock held and fill rate."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.demand.data_sets import DATA_SETS
from benchmarks.demand.peers import fill_gaps
from benchmarks.raw_data import raw_folder
from distributions.distribution import Array
from features.demand.panel import Panel


@dataclass(frozen=True)
class OrderWeeks:
    """The W past weeks that are simulated, in which orders are placed: the periods first … first + W − 1.

    Attributes
    ----------
    panel : all of history; a contender sees `panel.until(t)` at period t
    lead_time : periods; an order must last for `lead_time` + 1 of them
    """

    panel: Panel
    first: int
    lead_time: int

    @property
    def protection(self) -> int:
        """Periods from an order in the simulation to the arrival of the next one."""
        return self.lead_time + 1

    def weeks(self) -> Iterator[tuple[int, Panel]]:
        """Each simulated week in which orders are placed, and the panel known at its start."""
        for t in range(self.first, self.panel.periods):
            yield t, self.panel.until(t)


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


def past_demand(name: str, weeks: OrderWeeks) -> PastDemand:
    """Demand of the past weeks to simulate; a gap is filled by what came before it, at least with what was sold."""
    panel, played = weeks.panel, slice(weeks.first, None)
    items = DATA_SETS[name](raw_folder(name))["items"].set_index("unique_id")
    cost = items["unit_cost"].reindex(panel.unique_ids) if "unit_cost" in items else None
    guess = np.maximum(np.nan_to_num(fill_gaps(panel)), np.nan_to_num(panel.y))
    demand = np.where(np.isnan(panel.known_demand), np.round(guess), panel.known_demand)
    return PastDemand(
        demand[:, played],
        ~np.isnan(panel.known_demand)[:, played],
        np.ones(len(panel)) if cost is None else cost.fillna(cost.median()).to_numpy(float),
        weeks.lead_time,
    )


def simulate_stock(past: PastDemand, levels: Array) -> StockHeld:
    """Simulate the past periods: order each up to `levels` (C, n, W), whole units; unmet demand waits (backorders).

    Everybody starts with the first level on hand. The periods before the second order can arrive are not scored.
    """
    candidates, n, periods = levels.shape
    net = np.ceil(levels[:, :, 0] - 1e-9)
    coming = np.zeros((past.lead_time + 1, candidates, n))
    demanded, missed, units, money, counted = np.zeros((5, candidates))
    for t in range(periods):
        position = net + coming.sum(axis=0)
        coming[-1] += np.maximum(np.ceil(levels[:, :, t] - 1e-9) - position, 0.0)
        available, demand = net + coming[0], past.demand[:, t]
        coming = np.concatenate([coming[1:], np.zeros_like(coming[:1])])
        net = available - demand
        if t <= past.lead_time:
            continue
        known, left = past.known[:, t], np.maximum(net, 0.0)
        demanded += (demand * known).sum()
        missed += (known * (demand - np.clip(available, 0.0, demand))).sum(axis=1)
        units += left.sum(axis=1)
        money += left @ past.unit_cost
        counted += 1
    return StockHeld(1 - missed / np.maximum(demanded, 1e-12), units / counted, money / counted)
