"""Past cycles replayed: what an order rule would have cost with the demand forecasts of the time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.lost_sales.cycle_shortfall import (
    cycle_demand,
    cycle_shortfall,
)
from planning.lost_sales.cycle_times import certain_cycle_times
from planning.lost_sales.order_need import fill_rate_need, service_level_need
from planning.policy.targets import FILL, TargetKind, critical_fractile
from planning.projection.demand_scenarios import demand_paths
from planning.simulation.inventory import Inventory

_GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class PastCycles:
    """n SKUs over T periods that lie behind us, to be replayed.

    Attributes
    ----------
    forecasts : made before their outcome was known, each of the n SKUs, by rising cutoff
    origins : array (O,) rising from 0, number of periods of `demand` that had passed when each forecast was made
    demand : array (n, T), units; NaN where unknown: such a period is not scored, and a draw from the
        forecast of the time moves the stock (without sales it would pile up, and every rule look too generous)
    holding : array (n,), money per unit left at the end of a period
    shortage : array (n,), money per unit missed
    lead_time : int array (n,), periods from ordering to arrival, both at the start of a period
    review : periods between orders, at least 1
    lost_sales : unmet demand is lost; false: it is backordered
    """

    forecasts: Sequence[DemandForecast]
    origins: NDArray[np.int64]
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
class ReplayResult:
    """Cost and service of C candidate rules in replayed past cycles, array (C, n) each, over the periods that count.

    Attributes
    ----------
    cost : money
    demand, missed : units
    short_cycles, cycles : periods at whose end something had been missed, and periods with known demand
    """

    cost: Array
    demand: Array
    missed: Array
    short_cycles: Array
    cycles: Array

    def fill_rate(self, rows: NDArray[np.bool_]) -> Array:
        """Fill rate in the replayed past cycles, (C,): share of the demand of the SKUs in `rows` served from stock."""
        demand = self.demand[:, rows].sum(axis=1)
        return np.asarray(1 - self.missed[:, rows].sum(axis=1) / np.maximum(demand, 1e-12))

    def cycle_service(self, rows: NDArray[np.bool_]) -> Array:
        """Cycle service in the replayed past cycles, (C,): share of periods with nothing missed, SKUs in `rows`."""
        cycles = self.cycles[:, rows].sum(axis=1)
        return np.asarray(1 - self.short_cycles[:, rows].sum(axis=1) / np.maximum(cycles, 1e-12))


def replay(past: PastCycles, target: TargetKind, levels: Array) -> ReplayResult:
    """Replay past cycles with each candidate's levels.

    Every candidate starts with its own order-up-to level of the first day on hand and nothing on order; the
    periods before the first order's cycle is over do not count.

    Parameters
    ----------
    target : what the level means: a fractile of the shortfall (cycle service, cost), or a fill rate
    levels : array (C, n)
    """
    total = np.zeros((5, *levels.shape))
    for _, period in _replayed_periods(past, target, levels):
        total += period
    return ReplayResult(*total)


def replay_by_period(
    past: PastCycles, target: TargetKind, level: Array
) -> tuple[NDArray[np.int64], ReplayResult]:
    """Replay past cycles by one rule, each SKU with its level (n,), and report period by period.

    Which periods count, (P,), and what each of them came to: here the fields of `ReplayResult` are arrays (P, n).
    """
    replayed = list(_replayed_periods(past, target, level[None, :]))
    none = np.zeros((5, 0, len(level)))
    fields = np.stack([period[:, 0] for _, period in replayed], axis=1) if replayed else none
    return np.array([t for t, _ in replayed], np.int64), ReplayResult(*fields)


def target_levels(past: PastCycles, policy: PolicyConfig) -> Array:
    """Level (n,) by which the policy orders each SKU of past cycles: its critical fractile, or the policy's level."""
    if policy.target != "cost":
        return np.full(len(past.holding), policy.level)
    return np.asarray(critical_fractile(past.holding * past.review, past.shortage))


def _replayed_periods(past: PastCycles, target: TargetKind, levels: Array) -> Iterator[tuple[int, Array]]:
    """Every replayed period of the past cycles that counts, with the five fields of `ReplayResult` in it, (5, C, n)."""
    candidates, n = levels.shape
    longest = int(past.lead_time.max())
    inventory = Inventory(np.zeros((candidates, n)), longest)
    for t in range(past.demand.shape[1]):
        if t == 0:
            inventory.net_stock += np.maximum(_order_quantities(past, 0, inventory, target, levels), 0.0)
        elif t % past.review == 0:
            quantity = np.maximum(_order_quantities(past, t, inventory, target, levels), 0.0)
            inventory.place(quantity, past.lead_time)
        inventory.receive()
        missed = inventory.sell(_demand(past, t), lost_sales=past.lost_sales)
        if t >= longest + past.review:
            yield t, _scored(past, t, inventory.net_stock, missed)


def _scored(past: PastCycles, t: int, net_stock: Array, missed: Array) -> Array:
    """Cost, demand, units missed, short cycles and cycles of the past period `t`, (5, C, n); 0 without known demand."""
    known = ~np.isnan(past.demand[:, t])
    missed = known * missed
    demand = np.broadcast_to(np.nan_to_num(past.demand[:, t]), missed.shape)
    cost = known * (past.holding * np.maximum(net_stock, 0.0) + past.shortage * missed)
    return np.stack([cost, demand, missed, missed > 0, np.broadcast_to(known, missed.shape)])


def _order_quantities(
    past: PastCycles, t: int, inventory: Inventory, target: TargetKind, levels: Array
) -> Array:
    """Units to order when past period `t` is replayed, (C, n), by the forecast of the time; negative with too much."""
    forecast, age = _latest_forecast(past, t)
    ends = np.concatenate([[0.0], forecast.ends_days])
    period = ends[-1] / forecast.horizon
    elapsed = float(ends[age]) if age < len(ends) else period * age
    times = certain_cycle_times(past.lead_time * period, past.review * period, period)
    whole = forecast.whole_units
    paths = demand_paths(forecast, times.days, elapsed=elapsed, whole=whole)
    # units that arrive at the start of period t + j are there before each later time
    periods = times.days / period - 1e-9
    result = np.empty_like(levels)
    for c in range(len(levels)):
        supply = np.repeat(inventory.net_stock[c][:, None], periods.shape[1], axis=1)
        for j in range(inventory.longest_lead_time + 1):
            supply += inventory.due(j)[c][:, None] * (periods > j)
        shortfall = cycle_shortfall(paths, supply[:, :, None], times, lost_sales=past.lost_sales)
        if target == FILL:
            result[c] = fill_rate_need(shortfall, cycle_demand(paths, times), levels[c])
        else:
            result[c] = service_level_need(shortfall, levels[c])
    return np.where(whole, np.ceil(result - 1e-9), result)


def _latest_forecast(past: PastCycles, t: int) -> tuple[DemandForecast, int]:
    """Forecast of the time at the past period `t`: the latest one made by then, and its age in periods."""
    latest = int(np.searchsorted(past.origins, t, side="right")) - 1
    return past.forecasts[latest], t - int(past.origins[latest])


def _demand(past: PastCycles, t: int) -> Array:
    """Demand of past period `t` in the replay, units (n,); where not known a draw from the forecast of the time."""
    demand = past.demand[:, t]
    unknown = np.flatnonzero(np.isnan(demand))
    if not len(unknown):
        return demand
    forecast, age = _latest_forecast(past, t)
    period = forecast.quantiles[unknown, min(age, forecast.horizon - 1)]
    draw = Distribution(forecast.levels, period).quantile((unknown * np.sqrt(2.0) + t * _GOLDEN) % 1.0)
    filled = demand.copy()
    filled[unknown] = np.where(forecast.whole_units[unknown], np.round(draw), draw)
    return filled
