"""When each open order is needed, how far it can be pushed back, and how much of it is never needed."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from distributions.parallel import concat_row_slices
from planning.assessment import Assessment
from planning.inputs import numbers_by_sku
from planning.projection.stock_projection import LOOK_AHEAD_DAYS


@dataclass(frozen=True)
class OpenOrderNeeds:
    """When m open orders are needed, in the order of the pipeline, array (m,) each.

    Attributes
    ----------
    units_ahead : units of the SKU in stock, less backorders, and in orders expected before this one
    needed_after : days from now until those are no longer enough, at the target's level
    arrival : expected days until it arrives
    possible_delay : whole days by which it can come later and still be in time
    unused : units of it expected to find no use within the shelf life or the next two years
    """

    units_ahead: Array
    needed_after: Array
    arrival: Array
    possible_delay: Array
    unused: Array


def open_order_needs(assessment: Assessment) -> OpenOrderNeeds:
    """When each open order is needed, how far it can be delayed, and how much of it finds no use."""
    pipeline, forecast = assessment.pipeline, assessment.forecast
    sku, level = pipeline.sku, assessment.chosen_terms.targets.level
    arrival = pipeline.remaining.mean()
    ahead = assessment.decision.stock.net_stock[sku] + _units_before(pipeline.expected, sku, arrival)
    elapsed = assessment.setting.elapsed
    needed_after = forecast.days_to_use(ahead, elapsed=elapsed, level=level, rows=sku)
    delay = np.maximum(needed_after - pipeline.remaining.quantile(level[sku]), 0.0)
    unused = _unused(assessment, ahead, arrival)
    return OpenOrderNeeds(
        units_ahead=ahead,
        needed_after=needed_after,
        arrival=arrival,
        possible_delay=np.floor(np.minimum(delay, LOOK_AHEAD_DAYS)),
        unused=np.where(ahead < 0, 0.0, np.clip(unused, 0.0, pipeline.expected)),
    )


def _unused(assessment: Assessment, ahead: Array, arrival: Array) -> Array:
    """Units (m,) of each open order that find no use within the shelf life: E[(A + q − D)⁺] − E[(A − D)⁺]."""
    pipeline, forecast = assessment.pipeline, assessment.forecast
    sku, elapsed = pipeline.sku, assessment.setting.elapsed
    shelf_life = numbers_by_sku(assessment.inputs.items, "shelf_life_days", forecast.unique_ids)[sku]
    usable_until = np.minimum(arrival + np.where(np.isnan(shelf_life), np.inf, shelf_life), LOOK_AHEAD_DAYS)
    free = np.maximum(ahead, 0.0)

    def without_use(part: slice) -> Array:
        demand = forecast.demand_until(usable_until[part], elapsed=elapsed, rows=sku[part])
        # E[(x − D)⁺] = x − E[D] + E[(D − x)⁺], so E[D] drops out of the difference with and without the order
        with_order = demand.expected_excess(free[part] + pipeline.expected[part])
        return pipeline.expected[part] + with_order - demand.expected_excess(free[part])

    return concat_row_slices(without_use, len(sku))


def _units_before(quantity: Array, sku: NDArray[np.int64], arrival: Array) -> Array:
    """Units (m,) of the same SKU in open orders expected before each one."""
    order = np.lexsort((np.arange(len(sku)), arrival, sku))
    running = np.cumsum(quantity[order]) - quantity[order]
    starts = np.flatnonzero(np.diff(sku[order], prepend=-1))
    base = np.repeat(running[starts], np.diff(np.append(starts, len(sku))))
    before = np.empty(len(sku))
    before[order] = running - base
    return before
