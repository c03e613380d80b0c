"""What to order when unmet demand is lost: stock projected by scenario to the arrival, then the cycle after it.

Every SKU meets the same random numbers, by the number of the order and of the supplier among its own, as in the stock
projection: what is ordered for a SKU does not depend on the SKUs beside it.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.lost_sales.cycle_shortfall import (
    cycle_demand,
    cycle_shortfall,
    cycle_supply,
)
from planning.lost_sales.cycle_times import (
    MOST_TIMES,
    certain_cycle_times,
    groups_of_equal_steps,
    uncertain_cycle_times,
)
from planning.policy.targets import FILL, Targets
from planning.projection.arrival_scenarios import arrival_ranks, scenarios_at_ranks
from planning.projection.demand_scenarios import demand_paths
from planning.projection.stock_status import StockStatus


@dataclass(frozen=True)
class NewOrder:
    """The order that each of n SKUs could place now.

    Attributes
    ----------
    lead_time : n rows
    supplier_id : array (n,)
    targets : n rows
    whole : array (n,), counted in whole units
    longer : array (n,), days that the order of the next review waits longer for its supplier's order day than this one
    """

    lead_time: Distribution
    supplier_id: NDArray[np.object_]
    targets: Targets
    whole: NDArray[np.bool_]
    longer: Array


def lost_sales_need(
    forecast: DemandForecast, stock: StockStatus, order: NewOrder, *, review: float, elapsed: float
) -> Array:
    """Units to order now for each SKU's target when unmet demand is lost, (n,); negative where more is there already.

    Parameters
    ----------
    forecast, stock, order : n rows each
    review : R, days
    elapsed : days since the start of the forecast
    """
    period = float(forecast.ends_days[-1]) / forecast.horizon
    rank_row = stock.pipeline.new_order_rank_row(order.supplier_id)
    need = np.empty(len(forecast))
    for rows, certain in groups_of_equal_steps(order.lead_time, period):
        lead_time: Distribution = order.lead_time[rows]
        cycle = np.asarray(review + order.longer[rows], float)
        if certain:
            times = certain_cycle_times(lead_time.values[:, 0], cycle, period)
        else:
            ranks = arrival_ranks(stock.pipeline.shared_delay, MOST_TIMES)[rank_row[rows]]
            times = uncertain_cycle_times(scenarios_at_ranks(lead_time, ranks), cycle)
        demand = demand_paths(forecast, times.days, elapsed=elapsed, rows=rows, whole=order.whole[rows])
        shortfall = cycle_shortfall(demand, cycle_supply(stock, rows, times), times, lost_sales=True)
        level = order.targets.level[rows]
        need[rows] = np.where(
            order.targets.kind[rows] == FILL,
            fill_rate_need(shortfall, cycle_demand(demand, times), level),
            service_level_need(shortfall, level),
        )
    return np.where(order.whole, np.ceil(need - 1e-9), need)


def service_level_need(shortfall: Array, level: ArrayLike) -> Array:
    """Order needed for a service level or fractile α, a number or (n,): smallest q (n,) with P(N ≤ q) ≥ α.

    Negative where more than enough is there. `shortfall` N is an array (n, M) over the scenarios.
    """
    m = shortfall.shape[1]
    levels = np.broadcast_to(np.asarray(level, float), (len(shortfall),))
    rank = np.clip(np.ceil(levels * m - 1e-9).astype(np.int64) - 1, 0, m - 1)[:, None]
    return np.asarray(np.take_along_axis(np.sort(shortfall, axis=1), rank, axis=1)[:, 0])


def fill_rate_need(shortfall: Array, demand: Array, level: ArrayLike) -> Array:
    """Order needed for a fill rate β, a number or (n,): smallest q (n,) with E[min((N − q)⁺, D)] ≤ (1 − β)·E[D].

    No more can be missed in a cycle than is demanded in it: N, `shortfall`, and D, the cycle's `demand`, are (n, M).
    """
    allowed = (1 - np.asarray(level, float)) * demand.mean(axis=1)
    low, high = shortfall.min(axis=1) - demand.max(axis=1), shortfall.max(axis=1)
    for _ in range(40):
        middle = (low + high) / 2
        missed = np.minimum(np.maximum(shortfall - middle[:, None], 0.0), demand).mean(axis=1)
        enough = missed <= allowed
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    return np.asarray(high)
