"""What to order when unmet demand is lost: stock projected by scenario to the arrival, then the cycle after it."""

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.lost_sales.needs import (
    Edges,
    certain_edges,
    cycle_demand,
    fill_rate_of_needs,
    fractile_of_needs,
    needs,
    uncertain_edges,
)
from planning.policy.targets import FILL, Targets
from planning.projection.demand_scenarios import SCENARIOS, demand_paths
from planning.projection.open_orders import Pipeline

_CHUNK = 2_000  # rows at a time: bounds memory
_GOLDEN = 0.6180339887498949


def lost_sales_need(
    forecast: DemandForecast,
    lead_time: Distribution,
    stock: tuple[Array, Pipeline],
    targets: Targets,
    *,
    review: float,
    elapsed: float,
    whole: NDArray[np.bool_],
) -> Array:
    """Units to order now for each SKU's target, shape (n,); negative where more than that is there already.

    Parameters
    ----------
    forecast, lead_time, targets : n rows each
    stock : on hand (n,) and the open orders
    review, elapsed : days
    whole : array (n,), counted in whole units
    """
    period = float(forecast.ends_days[-1]) / forecast.horizon
    need = np.empty(len(forecast))
    certain = lead_time.values[:, -1] <= lead_time.values[:, 0]
    for group in (np.flatnonzero(certain), np.flatnonzero(~certain)):
        for start in range(0, len(group), _CHUNK):
            rows = group[start : start + _CHUNK]
            if certain[rows[0]]:
                edges = certain_edges(lead_time.values[rows, 0], review, period)
            else:
                edges = uncertain_edges(_sampled(lead_time[rows], rows), review)
            demand = demand_paths(forecast, edges.times, elapsed=elapsed, rows=rows, whole=whole[rows])
            missing = needs(demand, _supply(stock, rows, edges), edges, lost_sales=True)
            level = targets.level[rows]
            need[rows] = np.where(
                targets.kind[rows] == FILL,
                fill_rate_of_needs(missing, cycle_demand(demand, edges), level),
                fractile_of_needs(missing, level),
            )
    return np.where(whole, np.ceil(need - 1e-9), need)


def _supply(stock: tuple[Array, Pipeline], rows: NDArray[np.intp], edges: Edges) -> Array:
    """Units that are or come in before each edge, (m, K, M)."""
    on_hand, pipeline = stock
    at = np.searchsorted(rows, pipeline.sku)
    mine = np.flatnonzero(rows[np.minimum(at, len(rows) - 1)] == pipeline.sku)
    K = edges.times.shape[1]
    coming = np.zeros((len(rows), K + 1, SCENARIOS))
    arrival = _sampled(pipeline.remaining[mine], mine)
    first = (edges.times[at[mine], :, None] <= arrival[:, None, :] + 1e-9).sum(axis=1)
    scenario = np.broadcast_to(np.arange(SCENARIOS), first.shape)
    sku = np.broadcast_to(at[mine, None], first.shape)
    np.add.at(coming, (sku, first, scenario), pipeline.quantity[mine, None])
    return np.asarray(on_hand[rows, None, None] + np.cumsum(coming[:, :K], axis=1))


def _sampled(law: Distribution, number: NDArray[np.intp]) -> Array:
    """Evenly spread draws (m, M) of each law, in an order of their own by `number`: laws do not move together."""
    turn = (number[:, None] + 1) * np.sqrt(2.0) + (number[:, None] % 97 + 1) * _GOLDEN * np.arange(SCENARIOS)
    rank = np.argsort(np.argsort(turn % 1.0, axis=1), axis=1)
    return np.asarray(law.quantile((rank + 0.5) / SCENARIOS))
