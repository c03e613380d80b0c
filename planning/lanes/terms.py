"""The standing terms of each lane: targets, reorder point, order size and cost, whatever is in stock today."""

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from planning.cost.costs import DAYS_A_YEAR, Costs, costs_of, cycle_days
from planning.cost.shelf_life import spoiled_a_year
from planning.cost.total_cost import SteadyState, TotalCost, total_cost
from planning.inputs import numbers
from planning.policy.lead_time_demand import expected_lead_time_demand, lead_time_demand
from planning.policy.order_rules import OrderRules
from planning.policy.order_size import OrderLimits, economic_quantity
from planning.policy.reorder_points import expected_shortage
from planning.policy.targets import Targets, reorder_points, service_levels, with_cost_fractiles


@dataclass(frozen=True)
class LaneTerms:
    """n lanes, array (n,) or n rows each.

    Attributes
    ----------
    lanes : frame of `planning.inputs.lanes`, with `whole`: counted in whole units
    lead_time : L in days
    demand, before : D(L+R) and D(L)
    cycle : D(L+R) as costs and fill rates take it, a continuous review (R = 0) being a daily one
    expected : E[D(L+R)], units
    targets, costs, limits : what is aimed at, what it costs, what the offer allows
    reorder_point, economic, order_up_to : s, Q and S in units
    yearly_demand : D, units a year
    flow : the steady state behind the cost
    total : cost of the lane a year
    """

    lanes: pd.DataFrame
    lead_time: Distribution
    demand: Distribution
    before: Distribution
    cycle: Distribution
    expected: Array
    targets: Targets
    costs: Costs
    limits: OrderLimits
    reorder_point: Array
    economic: Array
    order_up_to: Array
    yearly_demand: Array
    flow: SteadyState
    total: TotalCost

    @property
    def safety_stock(self) -> Array:
        """Reorder point − E[D(L+R)], units."""
        return self.reorder_point - self.expected

    def select(self, rows: NDArray[np.intp]) -> Self:
        """The terms of some lanes."""
        picked: Self = _rows(self, rows)
        return picked


@dataclass(frozen=True)
class PlanSetting:
    """What holds for a whole plan: the policy, its calibrated rules and the moment.

    Attributes
    ----------
    elapsed : days between the start of the forecast's first period and `as_of`
    """

    policy: PolicyConfig
    rules: OrderRules
    as_of: pd.Timestamp
    elapsed: float


def make_terms(
    lanes: pd.DataFrame,
    forecast: DemandForecast,
    lead_time: Distribution,
    items: pd.DataFrame,
    setting: PlanSetting,
) -> LaneTerms:
    """LaneTerms of n lanes from the forecast (of the SKUs in `lanes["row"]`), the lead times (n) and the item table.

    Raises
    ------
    PlanningError
        When an offer's price breaks cannot be read.
    """
    policy, elapsed, rows = setting.policy, setting.elapsed, lanes["row"].to_numpy(np.intp)
    demand, before, cycle, expected = _demands(forecast, lead_time, setting, rows)
    service = service_levels(lanes, items, policy)
    period = float(np.median(np.diff(np.concatenate([[0.0], forecast.ends_days]))))
    costs = costs_of(lanes, items, policy, period_days=period, level=service.level)
    targets = with_cost_fractiles(service, costs, policy, setting.rules, forecast.demand_class[rows])
    whole = lanes["whole"].to_numpy(bool)
    s = reorder_points(targets, demand, before, cycle, whole=whole)
    limits = _limits(lanes, whole)
    yearly = forecast.mean_until(DAYS_A_YEAR, elapsed=elapsed, rows=rows)
    per_cycle = forecast.mean_until(cycle_days(policy), elapsed=elapsed, rows=rows)
    shelf = numbers(items, "shelf_life_days", lanes["unique_id"].to_numpy(object))
    economic = economic_size(
        yearly, per_cycle, costs, within_shelf_life(limits, forecast, shelf, elapsed, rows)
    )
    sold = forecast.mean_until(lead_time.mean() + np.nan_to_num(shelf), elapsed=elapsed, rows=rows)
    order_up_to = s + np.maximum(economic - per_cycle, 0.0)
    # beyond what must be there anyway, no more than sells within its shelf life
    order_up_to = np.where(np.isnan(shelf), order_up_to, np.minimum(order_up_to, np.maximum(s, sold)))
    flow = SteadyState(
        demand=yearly, quantity=economic, safety_stock=s - expected, lead_time=lead_time.mean(),
        shortage=expected_shortage(cycle, before, s),
        spoiled=spoiled_a_year(forecast, shelf, economic, yearly=yearly, elapsed=elapsed, rows=rows),
        cycle_days=cycle_days(policy),
    )  # fmt: skip
    return LaneTerms(
        lanes, lead_time, demand, before, cycle, expected, targets, costs, limits, s, economic,
        np.where(whole, np.ceil(order_up_to - 1e-9), order_up_to), yearly, flow, total_cost(costs, flow),
    )  # fmt: skip


def within_shelf_life(
    limits: OrderLimits, forecast: DemandForecast, shelf_life: Array, elapsed: float, rows: NDArray[np.intp]
) -> OrderLimits:
    """Limits (n,) under which a lot is no larger than what is expected to sell in its shelf life, if the MOQ allows.

    A price break must not tempt anyone to buy what will spoil. NaN in `shelf_life` (days) does not bind.
    """
    sold = forecast.mean_until(np.where(np.isnan(shelf_life), 1.0, shelf_life), elapsed=elapsed, rows=rows)
    least = np.maximum(np.maximum(limits.moq, limits.multiple), sold)
    return replace(
        limits, maximum=np.where(np.isnan(shelf_life), limits.maximum, np.minimum(limits.maximum, least))
    )


def economic_size(yearly: Array, per_cycle: Array, costs: Costs, limits: OrderLimits) -> Array:
    """Economic order size (n,), not below a cycle's demand; without a known holding cost just that."""
    known = ~np.isnan(costs.holding)
    ordering, holding = np.where(known, costs.ordering, 0.0), np.where(known, costs.holding, 1.0)
    return economic_quantity(yearly, ordering, holding, costs.prices, limits, least=per_cycle)


def _demands(
    forecast: DemandForecast, lead_time: Distribution, setting: PlanSetting, rows: NDArray[np.intp]
) -> tuple[Distribution, Distribution, Distribution, Array]:
    """D(L+R), D(L), D(L + a cycle) and E[D(L+R)]."""
    review, cycle, elapsed = setting.policy.review_period_days, cycle_days(setting.policy), setting.elapsed
    demand = lead_time_demand(forecast, lead_time, review=review, elapsed=elapsed, rows=rows)
    before, daily = demand, demand
    if review > 0:
        before = lead_time_demand(forecast, lead_time, elapsed=elapsed, rows=rows)
    if cycle > review:
        daily = lead_time_demand(forecast, lead_time, review=cycle, elapsed=elapsed, rows=rows)
    expected = expected_lead_time_demand(forecast, lead_time, review=review, elapsed=elapsed, rows=rows)
    return demand, before, daily, expected


def _limits(lanes: pd.DataFrame, whole: NDArray[np.bool_]) -> OrderLimits:
    multiple = lanes["order_multiple"].fillna(0.0).to_numpy(float)
    return OrderLimits(
        moq=lanes["moq"].fillna(0.0).to_numpy(float),
        multiple=np.where(multiple > 0, multiple, np.where(whole, 1.0, 0.0)),
        maximum=lanes["max_quantity"].fillna(np.inf).to_numpy(float),
    )


def _rows(value: Any, rows: NDArray[np.intp]) -> Any:
    """`rows` of an array, a frame, a distribution or a dataclass of these; anything else as it is."""
    if isinstance(value, pd.DataFrame):
        return value.iloc[rows].reset_index(drop=True)
    if isinstance(value, np.ndarray | Distribution):
        return value[rows]
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{part.name: _rows(getattr(value, part.name), rows) for part in fields(value)})
    return value
