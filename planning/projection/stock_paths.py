"""What lies ahead of each SKU in scenarios: demand as it may come, and every open order on a day of its own."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.projection.arrival_scenarios import GRID, SCENARIOS, STEPS, arrival_places, draws
from planning.projection.open_orders import Pipeline

Narrow = NDArray[np.float32]

_SLACK = (
    1e-6  # share of the supply by which demand must pass it: single precision is good for a tenth of that
)


@dataclass(frozen=True)
class StockState:
    """m SKUs at one point in time, arrays (m, M) over the scenarios.

    Attributes
    ----------
    supply : units on hand at the start, less backorders, and arrived since
    stock : units on hand
    out : stock has run out by now
    short : units of demand since the start that found no stock, lost or left waiting
    """

    supply: Narrow
    stock: Narrow
    out: NDArray[np.bool_]
    short: Narrow


@dataclass(frozen=True)
class ExpediteCalls:
    """Calls to suppliers that make open orders come sooner, arrays (m,).

    Attributes
    ----------
    line : the open order, as a row of the pipeline
    share : of the days left on the day of the call that are still needed after it; never less than a day
    wait : days from now until the call; an order that has come by then is not touched
    """

    line: NDArray[np.intp]
    share: Array
    wait: Array

    def __getitem__(self, rows: NDArray[np.intp]) -> "ExpediteCalls":
        return ExpediteCalls(self.line[rows], self.share[rows], self.wait[rows])

    def days(self, left: Narrow) -> Narrow:
        """Days until arrival (m, M) of orders that without the call have `left` (m, M) to go."""
        wait, share = (of[:, None].astype(np.float32) for of in (self.wait, self.share))
        return np.asarray(np.minimum(left, wait + np.maximum(share * (left - wait), np.float32(1.0))))


@dataclass(frozen=True)
class StockPaths:
    """n SKUs and what is ahead of them if nothing more is ordered.

    Attributes
    ----------
    forecast, pipeline : demand, and the open orders
    net : array (n,), units on hand less backorders
    reach : array (n,), days looked ahead, > 0
    elapsed : days between the start of the forecast's first period and now
    lost_sales : unmet demand is lost; false: it waits
    """

    forecast: DemandForecast
    pipeline: Pipeline
    net: Array
    reach: Array
    elapsed: float
    lost_sales: bool

    def days(self, rows: NDArray[np.intp]) -> Array:
        """Points in time of the SKUs in `rows` (m,), (m, STEPS + 1), days from now."""
        return self.reach[rows][:, None] * GRID

    def arrivals(self, rows: NDArray[np.intp], hurry: ExpediteCalls | None = None) -> tuple[Narrow, Narrow]:
        """Units that arrive between two points in time, and when, (STEPS + 1, m, M) each.

        The time is the share of the interval that has passed when the last of them comes.

        Parameters
        ----------
        rows : array (m,), repeats allowed
        hurry : for each row a call that makes one of its open orders come sooner
        """
        coming, when = np.zeros((2, STEPS + 2, len(rows), SCENARIOS), np.float32)
        first, last = (np.searchsorted(self.pipeline.sku, rows, side=side) for side in ("left", "right"))
        flat_coming, flat_when = coming.reshape(-1), when.reshape(-1)
        grid, every = GRID.astype(np.float32), np.arange(SCENARIOS)
        width = np.append(np.diff(grid), np.float32(1.0))
        for slot in range(int((last - first).max(initial=0))):
            has = np.flatnonzero(first + slot < last)
            line = first[has] + slot
            days = self._days(line)
            if hurry is not None:
                called = np.flatnonzero(hurry.line[has] == line)
                days[called] = hurry[has[called]].days(days[called])
            share = days / self.reach[rows[has], None].astype(np.float32)
            at = np.searchsorted(grid, share)  # after the point before it, at or before this one
            before = np.maximum(at - 1, 0)
            # a SKU has one order a slot: no place comes twice
            place = at * len(rows)
            place += has[:, None]
            place *= SCENARIOS
            place += every
            flat_coming[place] += self.pipeline.quantity[line, None].astype(np.float32)
            flat_when[place] = np.maximum(flat_when[place], (share - grid[before]) / width[before])
        return coming[:-1], when[:-1]

    def _days(self, line: NDArray[np.intp]) -> Narrow:
        """Days until arrival of some open orders (k,) in each scenario, (k, M)."""
        even = (np.arange(SCENARIOS) + 0.5) / SCENARIOS
        sorted_days = self.pipeline.remaining[line].quantiles_at(even)
        place = arrival_places(self.pipeline.shared).take(self.pipeline.place[line], axis=0)
        place += (np.arange(len(line)) * SCENARIOS)[:, None]
        return np.asarray(sorted_days.reshape(-1).take(place))

    def walk(self, rows: NDArray[np.intp], arrivals: tuple[Narrow, Narrow]) -> Iterator[StockState]:
        """Go through the points in time with the SKUs in `rows` (m,) and what `arrivals` says for them."""
        quantiles, _ = self.forecast.window(self.days(rows)[:, 1:], elapsed=self.elapsed, rows=rows)
        net = self.net[rows].astype(np.float32)[:, None]
        slack = _SLACK * (np.abs(net) + arrivals[0].sum(axis=(0, 2), dtype=np.float32)[:, None] / SCENARIOS)
        demand = np.zeros(arrivals[0].shape[1:], np.float32)
        supply = demand + net
        short, worst = np.zeros_like(demand), np.full_like(demand, -np.inf)
        waiting = np.maximum(demand - supply, 0)
        for k, (coming, when) in enumerate(zip(*arrivals, strict=True)):
            until = start = demand
            if k:
                law = Distribution(self.forecast.levels, quantiles[:, k - 1])
                demand = np.maximum(law.quantiles_at(draws().demand[k - 1]), start)
                until = start + when * (demand - start)
            # stock is lowest just before a delivery, and at the end
            low = until - supply
            supply = supply + coming
            gap = demand - supply
            worst = np.maximum(np.maximum(worst, low), gap)
            if self.lost_sales:
                lost = np.maximum(worst, 0)
                short, stock = lost - np.maximum(-net, 0), np.maximum(lost - gap, 0)
            else:
                short = short + (np.maximum(low, 0) - waiting)
                waiting = np.maximum(gap, 0)
                short += waiting - np.maximum(until - supply, 0)
                stock = waiting - gap
            yield StockState(supply, stock, worst > slack, short)
