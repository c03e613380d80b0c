"""What to order when unmet demand is lost: stock projected by scenario to the arrival, then the cycle after it.

Every SKU meets the same random numbers, by the number of the order and of the supplier among its own, as in the stock
projection: what is ordered for a SKU does not depend on the SKUs beside it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.lost_sales.cycle_shortfall import (
    cycle_demand,
    cycle_shortfall,
    fill_rate_order,
    shortfall_quantile,
)
from planning.lost_sales.cycle_times import (
    MOST_TIMES,
    CycleTimes,
    certain_cycle_times,
    steps_to_arrival,
    uncertain_cycle_times,
)
from planning.policy.targets import FILL, Targets
from planning.projection.arrival_scenarios import arrival_ranks
from planning.projection.demand_scenarios import demand_paths
from planning.projection.scenario_levels import SCENARIOS
from planning.projection.stock_status import StockStatus

_CHUNK = 2_000  # rows at a time: bounds memory


@dataclass(frozen=True)
class NewOrder:
    """The order that each of n SKUs could place now.

    Attributes
    ----------
    lead_time : n rows
    supplier_id : array (n,)
    targets : n rows
    whole : array (n,), counted in whole units
    """

    lead_time: Distribution
    supplier_id: NDArray[np.object_]
    targets: Targets
    whole: NDArray[np.bool_]


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
    for rows, certain in _groups_of_equal_steps(order.lead_time, period):
        lead_time = order.lead_time[rows]
        if certain:
            times = certain_cycle_times(lead_time.values[:, 0], review, period)
        else:
            ranks = arrival_ranks(stock.pipeline.shared_delay, MOST_TIMES)[rank_row[rows]]
            times = uncertain_cycle_times(_at_ranks(lead_time, ranks), review)
        demand = demand_paths(forecast, times.days, elapsed=elapsed, rows=rows, whole=order.whole[rows])
        shortfall = cycle_shortfall(demand, _supply(stock, rows, times), times, lost_sales=True)
        level = order.targets.level[rows]
        need[rows] = np.where(
            order.targets.kind[rows] == FILL,
            fill_rate_order(shortfall, cycle_demand(demand, times), level),
            shortfall_quantile(shortfall, level),
        )
    return np.where(order.whole, np.ceil(need - 1e-9), need)


def _groups_of_equal_steps(lead_time: Distribution, period: float) -> Iterator[tuple[NDArray[np.intp], bool]]:
    """SKUs with as many cycle times, and whether their lead time is certain: `_CHUNK` rows at a time."""
    certain = lead_time.values[:, -1] <= lead_time.values[:, 0]
    steps = np.where(certain, steps_to_arrival(lead_time.values[:, 0], period), 0)
    for count in np.unique(steps):
        group = np.flatnonzero(steps == count)
        for start in range(0, len(group), _CHUNK):
            yield group[start : start + _CHUNK], bool(count)


def _supply(stock: StockStatus, rows: NDArray[np.intp], times: CycleTimes) -> Array:
    """Units on hand or arriving from open orders before each cycle time, (k, K, M), of the SKUs `rows` (k,)."""
    pipeline, K = stock.pipeline, times.days.shape[1]
    at = np.searchsorted(rows, pipeline.sku)
    lines = np.flatnonzero(rows[np.minimum(at, len(rows) - 1)] == pipeline.sku)
    arriving = np.zeros((len(rows), K + 1, SCENARIOS))
    ranks = arrival_ranks(pipeline.shared_delay, K)[pipeline.rank_row[lines]]
    arrival = _at_ranks(pipeline.remaining[lines], ranks)
    first = (times.days[at[lines], :, None] <= arrival[:, None, :] + 1e-9).sum(axis=1)
    scenario = np.broadcast_to(np.arange(SCENARIOS), first.shape)
    sku = np.broadcast_to(at[lines, None], first.shape)
    np.add.at(arriving, (sku, first, scenario), pipeline.quantity[lines, None])
    return np.asarray(np.nan_to_num(stock.on_hand)[rows, None, None] + np.cumsum(arriving[:, :K], axis=1))


def _at_ranks(distribution: Distribution, ranks: NDArray[np.int64]) -> Array:
    """Scenarios (k, M) of each distribution: its quantiles at the middles of M slices, by their `ranks` (k, M)."""
    return np.asarray(distribution.quantile((ranks + 0.5) / SCENARIOS))
