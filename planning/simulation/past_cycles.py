"""Past cycles played again: what an order rule would have cost with the forecasts of the time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.lost_sales.needs import (
    certain_edges,
    cycle_demand,
    fill_rate_of_needs,
    fractile_of_needs,
    needs,
)
from planning.projection.demand_scenarios import demand_paths
from planning.simulation.stock import Stock

Target = Literal["cycle_service_level", "fill_rate", "cost"]

_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class PastCycles:
    """n SKUs over T periods that lie behind us.

    Attributes
    ----------
    forecasts : made before their outcome was known, each of the n SKUs, by rising cutoff
    made : array (O,) rising from 0, number of periods of `demand` that had passed when each was made
    demand : array (n, T), units; NaN where unknown: such a period is not scored, and a draw from the
        forecast of the time moves the stock (without sales it would pile up, and every rule look too generous)
    holding : array (n,), money per unit left at the end of a period
    shortage : array (n,), money per unit missed
    lead_time : int array (n,), periods from ordering to arrival, both at the start of a period
    review : periods between orders, at least 1
    lost_sales : unmet demand is lost; false: it is backordered
    """

    forecasts: Sequence[DemandForecast]
    made: NDArray[np.int64]
    demand: Array
    holding: Array
    shortage: Array
    lead_time: NDArray[np.int64]
    review: int
    lost_sales: bool

    @property
    def demand_class(self) -> NDArray[np.object_]:
        """Demand class of each SKU at the first forecast, (n,)."""
        return self.forecasts[0].demand_class


@dataclass(frozen=True)
class Outcome:
    """What C candidate rules came to, array (C, n) each, over the periods that count.

    Attributes
    ----------
    cost : money
    asked, missed : units
    short, cycles : periods at whose end something had been missed, and periods with known demand
    """

    cost: Array
    asked: Array
    missed: Array
    short: Array
    cycles: Array

    def fill_rate(self, rows: NDArray[np.bool_]) -> Array:
        """Share of demand served from stock over the SKUs in `rows`, (C,)."""
        asked = self.asked[:, rows].sum(axis=1)
        return np.asarray(1 - self.missed[:, rows].sum(axis=1) / np.maximum(asked, 1e-12))

    def cycle_service(self, rows: NDArray[np.bool_]) -> Array:
        """Share of periods in which nothing was missed over the SKUs in `rows`, (C,)."""
        cycles = self.cycles[:, rows].sum(axis=1)
        return np.asarray(1 - self.short[:, rows].sum(axis=1) / np.maximum(cycles, 1e-12))


def replay(past: PastCycles, target: Target, levels: Array) -> Outcome:
    """Play `past` with each candidate's levels.

    Every candidate starts with its own order-up-to level of the first day on hand and nothing on order; the
    periods before the first order's cycle is over do not count.

    Parameters
    ----------
    target : what the level means: a fractile of what is needed (cycle service, cost), or a fill rate
    levels : array (C, n)
    """
    total = np.zeros((5, *levels.shape))
    for _, counted in _periods(past, target, levels):
        total += counted
    return Outcome(*total)


def replay_by_period(past: PastCycles, target: Target, level: Array) -> tuple[NDArray[np.int64], Outcome]:
    """Play `past` by one rule, each SKU with its level (n,).

    Which periods count, (P,), and what each of them came to: here the fields of `Outcome` are arrays (P, n).
    """
    played = list(_periods(past, target, level[None, :]))
    counted = np.stack([each[:, 0] for _, each in played], axis=1) if played else np.zeros((5, 0, len(level)))
    return np.array([t for t, _ in played], np.int64), Outcome(*counted)


def _periods(past: PastCycles, target: Target, levels: Array) -> Iterator[tuple[int, Array]]:
    """Every period that counts, with the five fields of `Outcome` in it, (5, C, n)."""
    candidates, n = levels.shape
    stock = Stock(np.zeros((candidates, n)), int(past.lead_time.max()))
    warm = int(past.lead_time.max()) + past.review
    for t in range(past.demand.shape[1]):
        if t == 0:
            stock.net += np.maximum(_orders(past, 0, stock, target, levels), 0.0)
        elif t % past.review == 0:
            stock.place(np.maximum(_orders(past, t, stock, target, levels), 0.0), past.lead_time)
        stock.receive()
        missed = stock.sell(_asked(past, t), lost_sales=past.lost_sales)
        if t >= warm:
            known = ~np.isnan(past.demand[:, t])
            missed = known * missed
            asked = np.broadcast_to(np.nan_to_num(past.demand[:, t]), missed.shape)
            cost = known * (past.holding * np.maximum(stock.net, 0.0) + past.shortage * missed)
            every = np.broadcast_to(known, missed.shape)
            yield t, np.stack([cost, asked, missed, missed > 0, every])


def _orders(past: PastCycles, t: int, stock: Stock, target: Target, levels: Array) -> Array:
    """Quantities (C, n), negative where too much is there, by the latest forecast made at or before `t`."""
    forecast, age = _latest(past, t)
    ends = np.concatenate([[0.0], forecast.ends_days])
    period = ends[-1] / forecast.horizon
    elapsed = float(ends[age]) if age < len(ends) else period * age
    edges = certain_edges(past.lead_time * period, past.review * period, period)
    whole = whole_units(forecast)
    paths = demand_paths(forecast, edges.times, elapsed=elapsed, whole=whole)
    # units that come in at the start of period t + j are there before each later edge
    before = edges.times / period - 1e-9
    result = np.empty_like(levels)
    for c in range(len(levels)):
        supply = np.repeat(stock.net[c][:, None], before.shape[1], axis=1)
        for j in range(stock.longest + 1):
            supply += stock.due(j)[c][:, None] * (before > j)
        need = needs(paths, supply[:, :, None], edges, lost_sales=past.lost_sales)
        if target == "fill_rate":
            result[c] = fill_rate_of_needs(need, cycle_demand(paths, edges), levels[c])
        else:
            result[c] = fractile_of_needs(need, levels[c])
    return np.where(whole, np.ceil(result - 1e-9), result)


def _latest(past: PastCycles, t: int) -> tuple[DemandForecast, int]:
    """The latest forecast made at or before `t`, and its age in periods."""
    latest = int(np.searchsorted(past.made, t, side="right")) - 1
    return past.forecasts[latest], t - int(past.made[latest])


def _asked(past: PastCycles, t: int) -> Array:
    """Demand of period `t`, (n,); where it is not known a draw from the forecast of the time."""
    demand = past.demand[:, t]
    unknown = np.flatnonzero(np.isnan(demand))
    if not len(unknown):
        return demand
    forecast, age = _latest(past, t)
    period = forecast.quantiles[unknown, min(age, forecast.horizon - 1)]
    draw = Distribution(forecast.levels, period).quantile((unknown * np.sqrt(2.0) + t * _GOLDEN) % 1.0)
    filled = demand.copy()
    filled[unknown] = np.where(whole_units(forecast)[unknown], np.round(draw), draw)
    return filled


def whole_units(forecast: DemandForecast) -> NDArray[np.bool_]:
    """SKUs whose demand comes in whole units, (n,): all their quantiles are."""
    return np.asarray((forecast.cumulative == np.round(forecast.cumulative)).all(axis=(1, 2)))
