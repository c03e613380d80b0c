"""Projected stock: when it runs out, how likely, how much falls short, and by when the next order must be placed.

A SKU with nothing on order is computed exactly: having run out by day t means that D(t) was more than its stock. With
open orders the path matters (one that comes too late does not undo the stockout before it), and so does which of
several comes first: these SKUs are played forward in common scenarios, orders overtaking each other as they may.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from distributions.parallel import map_in_threads, row_chunks
from planning.policy.lead_time_demand import lead_time_atoms
from planning.projection.arrival_scenarios import arrival_ranks
from planning.projection.scenario_levels import STEPS, TIME_GRID
from planning.projection.stock_paths import StockPaths

CHUNK = 1_000  # rows at a time: what arrives and when, in 128 scenarios and 34 steps, are 35 MB
LOOK_AHEAD_DAYS = 730.0
"""Nothing is projected further than this."""


@dataclass(frozen=True)
class StockProjection:
    """Projected stock of n SKUs if nothing more is ordered, at T + 1 points in time: arrays (n, T + 1).

    Attributes
    ----------
    horizon_days : array (n,), days that are looked ahead; the points are `horizon_days` × `scenario_levels.TIME_GRID`
    risk : probability of having run out by then
    short : expected units of demand until then that find no stock, lost or backordered
    stock : expected units on hand
    arrived : expected units of the open orders arrived
    """

    horizon_days: Array
    risk: Array
    short: Array
    stock: Array
    arrived: Array

    def risk_within(self, days: Array) -> Array:
        """Probability of a stockout within `days` (n, K), linear between points and constant past the last."""
        return curve_at(self.risk, self.horizon_days, days)

    def risk_before(self, lead_time: Distribution, wait: Array | float = 0.0) -> Array:
        """Probability (n,) of a stockout before an order placed `wait` days from now (n,) arrives."""
        return at_arrival(self.risk, self.horizon_days, lead_time, wait)

    def short_before(self, lead_time: Distribution) -> Array:
        """Units (n,) expected short before an order placed now arrives."""
        return at_arrival(self.short, self.horizon_days, lead_time)

    def last_safe_wait(self, lead_time: Distribution, bound: Array) -> Array:
        """Days (n,) the next order can wait with its stockout risk at most `bound` (n,); 0 when already too late.

        Infinite where the risk stays in bounds as far as is looked ahead.
        """
        days, weights = lead_time_atoms(lead_time)

        def risk(wait: Array) -> Array:
            return np.asarray(np.einsum("ij,j->i", self.risk_within(days + wait[:, None]), weights))

        low, high = np.zeros(len(bound)), self.horizon_days
        safe_always = risk(high) <= bound
        for _ in range(16):  # two years to a quarter of an hour
            middle = (low + high) / 2
            safe = risk(middle) <= bound
            low, high = np.where(safe, middle, low), np.where(safe, high, middle)
        return np.where(safe_always, np.inf, low)

    def first_day(self, probability: float) -> Array:
        """Days (n,) until the stockout probability reaches `probability`; infinite where it does not."""
        reached = self.risk >= probability
        at = reached.argmax(axis=1)
        rows = np.arange(len(at))
        before = np.maximum(at - 1, 0)
        low, high = self.risk[rows, before], self.risk[rows, at]
        gap = np.where(high > low, high - low, 1.0)
        share = np.where(at > 0, np.clip((probability - low) / gap, 0, 1), 0.0)
        days = self.horizon_days * (TIME_GRID[before] + share * (TIME_GRID[at] - TIME_GRID[before]))
        return np.where(reached.any(axis=1), days, np.inf)


def curve_at(curve: Array, horizon_days: Array, days: Array) -> Array:
    """A projected curve (n, T + 1) at `days` (n, K), linear between its points and constant past the last.

    The points lie on `TIME_GRID` × `horizon_days` (n,).
    """
    share = np.clip(days / horizon_days[:, None], 0.0, 1.0)
    upper = np.clip(np.searchsorted(TIME_GRID, share, side="left"), 1, STEPS)
    low, high = np.take_along_axis(curve, upper - 1, 1), np.take_along_axis(curve, upper, 1)
    part = (share - TIME_GRID[upper - 1]) / (TIME_GRID[upper] - TIME_GRID[upper - 1])
    return np.asarray(low + part * (high - low))


def at_arrival(
    curve: Array, horizon_days: Array, lead_time: Distribution, wait: Array | float = 0.0
) -> Array:
    """Projected curve (n, T + 1) when an order placed after `wait` days arrives, averaged over its lead time, (n,)."""
    days, weights = lead_time_atoms(lead_time)
    later = np.broadcast_to(wait, len(days))[:, None]
    return np.asarray(np.einsum("ij,j->i", curve_at(curve, horizon_days, days + later), weights))


def project(stock_paths: StockPaths) -> StockProjection:
    """Project the stock of every SKU: exactly where nothing is on order, in scenarios where open orders come."""
    n = len(stock_paths.net_stock)
    curves = np.zeros((4, n, STEPS + 1))
    on_order = np.bincount(stock_paths.pipeline.sku, minlength=n) > 0
    if on_order.any():
        arrival_ranks(stock_paths.pipeline.shared_delay)  # made once, not by every thread
    for group, play in ((~on_order, _project_exactly), (on_order, _project_in_scenarios)):
        chunks = row_chunks(np.flatnonzero(group), CHUNK)
        for some, found in zip(chunks, map_in_threads(partial(play, stock_paths), chunks), strict=True):
            curves[:, some] = found
    risk, short, stock, arrived = curves
    return StockProjection(stock_paths.horizon_days, risk=risk, short=short, stock=stock, arrived=arrived)


def _project_exactly(stock_paths: StockPaths, rows: NDArray[np.intp]) -> Array:
    """Risk, units short, stock and arrivals of SKUs with nothing on order, (4, m, T + 1): exact, from D(t)."""
    quantiles, means = stock_paths.forecast.window(
        stock_paths.days(rows), elapsed=stock_paths.elapsed, rows=rows
    )
    quantiles[means <= 0] = 0.0  # where no demand is expected nothing runs out
    m, points, levels = quantiles.shape
    demand = Distribution(stock_paths.forecast.levels, quantiles.reshape(m * points, levels))
    net = np.repeat(stock_paths.net_stock[rows], points)
    on_hand = np.maximum(net, 0.0)
    # a hair of slack, so that stock that covers a certain demand exactly is not read as short of it
    risk = np.where(net < 0, 1.0, 1 - demand.cdf(net + 1e-9)).reshape(m, points)
    short = demand.expected_excess(
        on_hand
    )  # at most the forecast's mean, which the quantiles' own can be above
    left = np.maximum(on_hand - demand.mean() + short, 0.0)
    return np.stack(
        [
            np.maximum.accumulate(risk, axis=1),
            np.minimum(short.reshape(m, points), means),
            left.reshape(m, points),
            np.zeros((m, points)),
        ]
    )


def _project_in_scenarios(stock_paths: StockPaths, rows: NDArray[np.intp]) -> Array:
    """Risk, units short, stock and arrivals of SKUs with open orders, (4, m, T + 1): means over the scenarios."""
    curves = np.empty((4, len(rows), STEPS + 1))
    for k, state in enumerate(stock_paths.play(rows, stock_paths.arrivals(rows))):
        for curve, values in zip(curves, (state.out, state.short, state.stock, state.supply), strict=True):
            curve[:, k] = values.mean(axis=1)
    curves[3] -= stock_paths.net_stock[rows][:, None]
    return curves
