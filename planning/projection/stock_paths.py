"""Stock paths in scenarios: demand and arrivals of open orders played forward to stock, stockouts and units short."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.projection.arrival_scenarios import arrival_ranks, sorted_scenarios
from planning.projection.expedite_calls import ExpediteCalls
from planning.projection.first_parts import split_ahead
from planning.projection.open_orders import Pipeline
from planning.projection.scenario_levels import SCENARIOS, STEPS, TIME_GRID, Float32Array, scenario_levels

_GUIDES = 256  # equal slices of the horizon, each of which knows at which point in time its search begins
_SLACK = 1e-6  # share of the supply by which demand must pass it: ten times the error of single precision


@dataclass(frozen=True)
class StockState:
    """m SKUs at one point in time, arrays (m, M) over the scenarios.

    Attributes
    ----------
    supply : units on hand at the start, less backorders, and arrived since
    stock : units on hand
    out : stock has run out by now
    short : units of demand since the start that found no stock, lost or backordered; on average no more than the
        forecast expects of demand
    """

    supply: Float32Array
    stock: Float32Array
    out: NDArray[np.bool_]
    short: Float32Array


@dataclass(frozen=True)
class Arrivals:
    """Arrivals of m SKUs between one point in time and the next, arrays (STEPS + 1, m, M).

    Attributes
    ----------
    units : units that arrive
    passed : share of the interval that has passed when the last of them comes
    """

    units: Float32Array
    passed: Float32Array


@dataclass(frozen=True)
class StockPaths:
    """Demand and open orders of n SKUs ahead, from which their stock paths are played, if nothing more is ordered.

    Attributes
    ----------
    forecast, pipeline : demand, and the open orders
    net_stock : array (n,), units on hand less backorders
    horizon_days : array (n,), days looked ahead, > 0
    elapsed : days between the start of the forecast's first period and now
    lost_sales : unmet demand is lost; false: it is backordered
    """

    forecast: DemandForecast
    pipeline: Pipeline
    net_stock: Array
    horizon_days: Array
    elapsed: float
    lost_sales: bool

    def days(self, rows: NDArray[np.intp]) -> Array:
        """Points in time of the stock paths of the SKUs `rows` (m,), (m, STEPS + 1), days from now."""
        return self.horizon_days[rows][:, None] * TIME_GRID

    def arrivals(self, rows: NDArray[np.intp], calls: ExpediteCalls | None = None) -> Arrivals:
        """Units of the open orders of the SKUs `rows` (m,) that arrive between two points in time, in each scenario.

        Parameters
        ----------
        rows : array (m,), repeats allowed
        calls : for each row a call that expedites one of its open orders
        """
        units, passed = np.zeros((2, STEPS + 1, len(rows), SCENARIOS), np.float32)
        first, last = (np.searchsorted(self.pipeline.sku, rows, side=side) for side in ("left", "right"))
        grid = TIME_GRID.astype(np.float32)
        guide = np.searchsorted(grid, np.arange(_GUIDES, dtype=np.float32) / _GUIDES)
        for slot in range(int((last - first).max(initial=0))):
            has = np.flatnonzero(first + slot < last)
            line = first[has] + slot
            share = self._arrival_days(line, None if calls is None else calls[has])
            share /= self.horizon_days[rows[has], None].astype(np.float32)
            quantity = self.pipeline.quantity[line].astype(np.float32)
            if self.pipeline.parts is not None:
                split, *parts = split_ahead(self.pipeline.parts[line], share, quantity)
                sooner, ahead = (values.astype(np.float32) for values in parts)
                _add_arrivals((units, passed), has[split], sooner, ahead, (grid, guide))
                quantity[split] -= ahead
            _add_arrivals((units, passed), has, share, quantity, (grid, guide))
        return Arrivals(units, passed)

    def _arrival_days(self, line: NDArray[np.intp], calls: ExpediteCalls | None) -> Float32Array:
        """Days until arrival of some open orders (k,) in each scenario, (k, M); `calls` (k,) expedite some of them."""
        sorted_days = sorted_scenarios(self.pipeline.remaining[line], self.pipeline.never[line])
        place = arrival_ranks(self.pipeline.shared_delay).take(self.pipeline.rank_row[line], axis=0)
        place += (np.arange(len(line)) * SCENARIOS)[:, None]
        days = np.asarray(sorted_days.reshape(-1).take(place))
        if calls is not None:
            called = np.flatnonzero(calls.line == line)
            days[called] = calls[called].expedited_days(days[called])
        return days

    def play(self, rows: NDArray[np.intp], arrivals: Arrivals) -> Iterator[StockState]:
        """Play the stock paths of the SKUs `rows` (m,) with their `arrivals`: the state at each point in time."""
        quantiles, means = self.forecast.window(self.days(rows)[:, 1:], elapsed=self.elapsed, rows=rows)
        quantiles[means <= 0] = 0.0
        expected = np.column_stack([np.zeros(len(rows)), means])
        net = self.net_stock[rows].astype(np.float32)[:, None]
        arriving = arrivals.units.sum(axis=(0, 2), dtype=np.float32)[:, None] / SCENARIOS
        slack = _SLACK * (np.abs(net) + arriving)
        demand = np.zeros(arrivals.units.shape[1:], np.float32)
        supply = demand + net
        short, worst = np.zeros_like(demand), np.full_like(demand, -np.inf)
        waiting = np.maximum(demand - supply, 0)
        for k, (units, passed) in enumerate(zip(arrivals.units, arrivals.passed, strict=True)):
            before_delivery = start = demand
            if k:
                distribution = Distribution(self.forecast.levels, quantiles[:, k - 1])
                demand = np.maximum(distribution.quantiles_at(scenario_levels().demand[k - 1]), start)
                before_delivery = start + passed * (demand - start)
            # stock is lowest just before a delivery, and at the end
            gap_before = before_delivery - supply
            supply = supply + units
            gap = demand - supply
            worst = np.maximum(np.maximum(worst, gap_before), gap)
            if self.lost_sales:
                lost = np.maximum(worst, 0)
                short, stock = lost - np.maximum(-net, 0), np.maximum(lost - gap, 0)
            else:
                short = short + (np.maximum(gap_before, 0) - waiting)
                waiting = np.maximum(gap, 0)
                short += waiting - np.maximum(before_delivery - supply, 0)
                stock = waiting - gap
            yield StockState(supply, stock, worst > slack, _at_most(short, expected[:, k]))


def _at_most(short: Float32Array, expected: Array) -> Float32Array:
    """Units `short` (m, M) scaled down where their mean is above what demand is `expected` (m,), in all its states.

    The forecast's mean and its quantiles are learned apart: where a sale is rarer than the outermost level, and within
    the first period, in which quantiles move with √t, scenarios drawn from the quantiles hold more than the mean.
    """
    mean = short.mean(axis=1)
    over = mean > expected
    if not over.any():
        return short
    scale = np.divide(expected, mean, out=np.ones(len(mean)), where=over)
    return np.asarray(short * scale.astype(np.float32)[:, None])


@njit(cache=True, nogil=True)
def _add_arrivals(arrivals: Any, rows: Any, share: Any, quantity: Any, points: Any) -> None:
    """Add one open order of each of some rows to the `arrivals`, units and the interval's part passed (T, m, M).

    Parameters
    ----------
    rows, quantity : arrays (k,), rows of `arrivals`, no row twice, and units that come
    share : array (k, M), share of the horizon until they come, in each scenario
    points : points in time (T,), as shares of the horizon, and where to begin the search for one of equal slices
    """
    (units, passed), (grid, guide) = arrivals, points
    last, slices = len(grid) - 1, np.float32(len(guide))
    for k in range(len(rows)):
        for j in range(share.shape[1]):
            when = share[k, j]
            if when > grid[last]:
                continue
            at = guide[min(int(when * slices), len(guide) - 1)]
            while grid[at] < when:  # after the point before it, at or before this one
                at += 1
            before = max(at - 1, 0)
            part = (when - grid[before]) / (grid[before + 1] - grid[before])
            units[at, rows[k], j] += quantity[k]
            passed[at, rows[k], j] = max(passed[at, rows[k], j], part)
