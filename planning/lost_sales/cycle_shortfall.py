"""Shortfall at the end of a replenishment cycle if nothing is ordered, from the demand and the supply of the cycle.

With lost sales the plain inventory position is wrong by what will be lost before the order arrives: demand that
finds no stock goes away and needs no replacement. Measured on VN2 with the same forecasts, ordering for what is
needed then instead of up to a quantile of D(L+R) saves another 3 to 4 % of all cost.
"""

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.lost_sales.cycle_times import CycleTimes
from planning.projection.arrival_scenarios import arrival_ranks, scenarios_at_ranks
from planning.projection.demand_scenarios import running_maximum
from planning.projection.first_parts import split_ahead
from planning.projection.scenario_levels import SCENARIOS
from planning.projection.stock_status import StockStatus


def cycle_shortfall(demand: Array, supply: Array, times: CycleTimes, *, lost_sales: bool) -> Array:
    """Units missing at the end of the cycle if nothing is ordered now, per scenario: (n, M).

    N = D(L+R) − A(L+R) − lost(L), with lost(L) = max over t ≤ L of (D(t) − A(t))⁺, and 0 with backorders.
    Negative where stock is left over: an order of q units leaves (q − N)⁺ and misses (N − q)⁺.

    Parameters
    ----------
    demand : array (n, K, M), D(t) at the cycle times
    supply : array (n, K, M) or (n, K, 1), A(t): on hand now, less backorders, and what comes in before t
    """
    short = demand - supply
    missing = _at_position(short, times.end)
    if not lost_sales:
        return missing
    lost = np.maximum(short, 0.0)
    running_maximum(lost)
    return np.asarray(missing - _at_position(lost, times.arrival))


def cycle_demand(demand: Array, times: CycleTimes) -> Array:
    """Demand of a cycle, the most its shortfall can miss: D(L+R) − D(L) per scenario (n, M), from D(t) (n, K, M)."""
    return np.asarray(_at_position(demand, times.end) - _at_position(demand, times.arrival))


def cycle_supply(stock: StockStatus, rows: NDArray[np.intp], times: CycleTimes) -> Array:
    """Supply of a cycle, A(t) of its shortfall: on hand or arriving by each time, units (k, K, M) of SKUs `rows`."""
    pipeline, K = stock.pipeline, times.days.shape[1]
    at = np.searchsorted(rows, pipeline.sku)
    lines = np.flatnonzero(rows[np.minimum(at, len(rows) - 1)] == pipeline.sku)
    arriving = np.zeros((len(rows), K + 1, SCENARIOS))
    ranks = arrival_ranks(pipeline.shared_delay, K)[pipeline.rank_row[lines]]
    arrival = scenarios_at_ranks(pipeline.remaining[lines], ranks, pipeline.never[lines])
    quantity, scenario = pipeline.quantity[lines], np.arange(SCENARIOS)[None, :]

    def add(some: NDArray[np.intp], days: Array, units: Array) -> None:
        """Add units (s,) of some of the lines, which arrive after `days` (s, M)."""
        sku = at[lines[some]]
        position = (times.days[sku, :, None] <= days[:, None, :] + 1e-9).sum(axis=1)
        np.add.at(arriving, (sku[:, None], position, scenario), units[:, None])

    if pipeline.parts is not None:
        split, sooner, ahead = split_ahead(pipeline.parts[lines], arrival, quantity)
        add(split, sooner, ahead)
        quantity[split] -= ahead
    add(np.arange(len(lines)), arrival, quantity)
    return np.asarray(np.nan_to_num(stock.on_hand)[rows, None, None] + np.cumsum(arriving[:, :K], axis=1))


def _at_position(values: Array, position: NDArray[np.int64]) -> Array:
    """`values` (n, K, M) at the `position` (n, M) or (n, 1) of a cycle time among the K, (n, M)."""
    n, _, m = values.shape
    index = np.broadcast_to(position, (n, m))[:, None, :]
    return np.asarray(np.take_along_axis(values, index, axis=1)[:, 0])
