"""Demand of each lane over its lead time, its review cycle and a year."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.cost.lane_costs import DAYS_A_YEAR
from planning.policy.lead_time_demand import expected_lead_time_demand, lead_time_demand


@dataclass(frozen=True)
class LaneDemand:
    """Demand of n lanes, n rows or array (n,) each.

    Attributes
    ----------
    lead_time_demand : D(L+R), until an order of the next review arrives
    before_arrival : D(L), until today's does
    to_cycle_end : D(L+R) as costs and fill rates take it, a continuous review (R = 0) being a daily one
    expected : E[D(L+R)], units
    yearly : D, units a year
    a_cycle : units expected in a review cycle
    """

    lead_time_demand: Distribution
    before_arrival: Distribution
    to_cycle_end: Distribution
    expected: Array
    yearly: Array
    a_cycle: Array


def lane_demand(
    forecast: DemandForecast,
    lead_time: Distribution,
    *,
    review: float,
    waits: Array,
    elapsed: float,
    rows: NDArray[np.intp],
) -> LaneDemand:
    """Demand of n lanes from the forecast's `rows` (n,) and the lanes' lead times (n).

    Parameters
    ----------
    review : R in days
    waits : array (n,), days that the order of the next review waits longer for its supplier's order day than today's
    elapsed : days since the start of the forecast
    """
    cycle = max(review, 1.0)
    following = Distribution(
        lead_time.levels, lead_time.values + waits[:, None]
    )  # of the next review's order
    over_lead_time = lead_time_demand(forecast, following, review=review, elapsed=elapsed, rows=rows)
    before_arrival = to_cycle_end = over_lead_time
    if review > 0 or waits.any():
        before_arrival = lead_time_demand(forecast, lead_time, elapsed=elapsed, rows=rows)
    if cycle > review:
        to_cycle_end = lead_time_demand(forecast, following, review=cycle, elapsed=elapsed, rows=rows)
    return LaneDemand(
        lead_time_demand=over_lead_time,
        before_arrival=before_arrival,
        to_cycle_end=to_cycle_end,
        expected=expected_lead_time_demand(forecast, following, review=review, elapsed=elapsed, rows=rows),
        yearly=forecast.mean_until(DAYS_A_YEAR, elapsed=elapsed, rows=rows),
        a_cycle=forecast.mean_until(cycle, elapsed=elapsed, rows=rows),
    )
