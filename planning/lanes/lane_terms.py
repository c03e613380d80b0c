"""The standing terms of each lane: targets, reorder point, order size and cost, whatever is in stock today."""

from dataclasses import dataclass, field
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array, Distribution
from distributions.take_rows import take_rows
from planning.cost.lane_costs import LaneCosts, cycle_days, lane_costs
from planning.cost.shelf_life import sellable_units, surely_sold, units_until, yearly_spoilage
from planning.cost.total_cost import SteadyState, TotalCost, total_cost
from planning.inputs import numbers_by_sku
from planning.lanes.lane_demand import LaneDemand, lane_demand
from planning.lanes.lane_order_size import lane_lot_limits, lane_order_size, offer_limits
from planning.lanes.order_days import longer_waits
from planning.policy.order_rules import OrderRules
from planning.policy.order_size import OrderLimits
from planning.policy.order_terms import OrderTerms
from planning.policy.reorder_points import expected_shortage, reorder_points
from planning.policy.targets import Targets, service_levels, with_cost_fractiles


@dataclass(frozen=True)
class LaneTerms:
    """Terms of n lanes, array (n,) or n rows each.

    Attributes
    ----------
    lanes : frame of `planning.lanes.find_lanes`, with `whole`: counted in whole units, `buying_days_left` and, where
        years are compared, `warm_up` (`planning.played_year.year_play.warm_up_days`)
    lead_time : L in days
    demand : over the lead time, a cycle and a year
    targets, costs, limits : what is aimed at, what it costs, what the offer allows
    reorder_point, order_size, order_up_to : s, Q and S in units
    sellable : units of an order that surely sell, after the safety stock, before they perish or the SKU is no longer
        bought: beyond them no order is raised for a price; infinite where neither binds
    economic_lot : what Q would be without MOQ and multiple, units; S is above s by what it exceeds a cycle's demand
    steady_state : the quantities behind the cost
    total_cost : cost of the lane a year
    target_premium : money a year that the target's own reorder point would cost more; 0 but for goods that perish
        (`planning.played_year.perishable_terms`)
    target_waste : part of that which is goods thrown away
    played : reorder point and costs are those of a played year
    played_service : share of cycles without a stockout, or of demand met for a fill rate, in a played year; NaN where
        none was played
    """

    lanes: pd.DataFrame
    lead_time: Distribution
    demand: LaneDemand
    targets: Targets
    costs: LaneCosts
    limits: OrderLimits
    reorder_point: Array
    order_size: Array
    order_up_to: Array
    sellable: Array
    economic_lot: Array
    steady_state: SteadyState
    total_cost: TotalCost
    target_premium: Array
    target_waste: Array
    played: NDArray[np.bool_]
    played_service: Array

    @property
    def safety_stock(self) -> Array:
        """Reorder point − E[D(L+R)], units (n,)."""
        return self.reorder_point - self.demand.expected

    @property
    def bought(self) -> NDArray[np.bool_]:
        """Lanes (n,) whose SKU is still bought: it is neither dead nor replaced, and some demand is expected."""
        return np.asarray((self.lanes["buying_days_left"].to_numpy(float) > 0) & (self.demand.yearly > 0))

    def select(self, rows: NDArray[np.intp]) -> Self:
        """The terms of the lanes `rows` (k,)."""
        picked: Self = take_rows(self, rows)
        return picked


@dataclass(frozen=True)
class PlanSetting:
    """What holds for a whole plan: the policy, its calibrated rules and the moment.

    Attributes
    ----------
    elapsed : days between the start of the forecast's first period and `as_of`
    delays_with_demand : correlation of an order's delay with its SKU's level of demand, in all that is played
    answered : suppliers whose orders of today people have approved already
    closures : supplier_id, day: coming days on which a supplier is closed
    """

    policy: PolicyConfig
    rules: OrderRules
    as_of: pd.Timestamp
    elapsed: float
    delays_with_demand: float = 0.0
    answered: frozenset[str] = frozenset()
    closures: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False)


def make_terms(
    lanes: pd.DataFrame,
    forecast: DemandForecast,
    lead_time: Distribution,
    items: pd.DataFrame,
    setting: PlanSetting,
) -> LaneTerms:
    """Terms of n lanes from the forecast (of the SKUs in `lanes["row"]`), the lead times (n) and the item table.

    Raises
    ------
    PlanningError
        When an offer's price breaks cannot be read.
    """
    rows, whole, elapsed = lanes["row"].to_numpy(np.intp), lanes["whole"].to_numpy(bool), setting.elapsed
    review, cycle = setting.policy.review_period_days, cycle_days(setting.policy)
    waits = longer_waits(lanes["order_days"].tolist(), setting.as_of, cycle)
    demand = lane_demand(forecast, lead_time, review=review, waits=waits, elapsed=elapsed, rows=rows)
    targets, costs = _targets_and_costs(lanes, forecast, items, setting)
    reorder_point = reorder_points(
        targets,
        demand.lead_time_demand,
        before_arrival=demand.before_arrival,
        cycle_end=demand.to_cycle_end,
        whole=whole,
    )
    buying = lanes["buying_days_left"].to_numpy(float)
    reorder_point = np.where((buying > 0) & (demand.yearly > 0), reorder_point, 0.0)
    limits = offer_limits(lanes, whole)
    shelf_life = numbers_by_sku(items, "shelf_life_days", lanes["unique_id"].to_numpy(object))
    lot_limits = lane_lot_limits(limits, forecast, shelf_life, elapsed=elapsed, rows=rows)
    order_size = lane_order_size(demand.yearly, demand.a_cycle, costs, lot_limits)
    economic_lot = lane_order_size(demand.yearly, demand.a_cycle, costs, lot_limits.without_lots())
    sellable = sellable_units(forecast, shelf_life, lead_time.mean(), elapsed=elapsed, rows=rows)
    sellable = np.minimum(sellable, units_until(forecast, buying, elapsed=elapsed, rows=rows))
    order_up_to = _order_up_to(reorder_point, economic_lot, demand.a_cycle, sellable=sellable, whole=whole)
    spoiled = yearly_spoilage(
        forecast, shelf_life, order_size, yearly=demand.yearly, elapsed=elapsed, rows=rows
    )
    steady_state = SteadyState(
        demand=demand.yearly,
        quantity=order_size,
        safety_stock=reorder_point - demand.expected,
        lead_time=lead_time.mean(),
        shortage=np.minimum(
            expected_shortage(demand.to_cycle_end, demand.before_arrival, reorder_point), demand.a_cycle
        ),
        spoiled=spoiled,
        cycle_days=cycle,
    )
    return LaneTerms(
        lanes=lanes,
        lead_time=lead_time,
        demand=demand,
        targets=targets,
        costs=costs,
        limits=limits,
        reorder_point=reorder_point,
        order_size=order_size,
        order_up_to=order_up_to,
        sellable=_surely_sellable(
            surely_sold(forecast, shelf_life, elapsed=elapsed, rows=rows),
            units_until(forecast, buying, elapsed=elapsed, rows=rows),
            reorder_point - demand.expected,
        ),
        economic_lot=economic_lot,
        steady_state=steady_state,
        total_cost=total_cost(costs, steady_state),
        target_premium=np.zeros(len(rows)),
        target_waste=np.zeros(len(rows)),
        played=np.zeros(len(rows), bool),
        played_service=np.full(len(rows), np.nan),
    )


def _surely_sellable(sold: Array, until_the_end: Array, safety_stock: Array) -> Array:
    """Units (n,) of an order that surely sell in time, with the safety stock sold before it."""
    return np.maximum(np.minimum(sold - np.maximum(safety_stock, 0.0), until_the_end), 0.0)


def _order_up_to(
    reorder_point: Array, lot: Array, a_cycle: Array, *, sellable: Array, whole: NDArray[np.bool_]
) -> Array:
    """Order-up-to level S (n,): the reorder point and what the economic lot has more than a cycle's demand, units.

    What MOQ and multiple add comes once, when the order's quantity is rounded up to them. Beyond the reorder point,
    which must be there anyway, no more than the `sellable` units (n,); rounded up in `whole` units (n,).
    """
    level = reorder_point + np.maximum(lot - a_cycle, 0.0)
    level = np.minimum(level, np.maximum(reorder_point, sellable))
    return np.where(whole, np.ceil(level - 1e-9), level) + 0.0  # never −0


def _targets_and_costs(
    lanes: pd.DataFrame, forecast: DemandForecast, items: pd.DataFrame, setting: PlanSetting
) -> tuple[Targets, LaneCosts]:
    """Targets and costs of the lanes: an unknown margin rests on the service level, a cost target on the costs."""
    service = service_levels(lanes, items, setting.policy)
    period = float(np.median(np.diff(np.concatenate([[0.0], forecast.ends_days]))))
    costs = lane_costs(lanes, items, setting.policy, period_days=period, level=service.level)
    demand_class = forecast.demand_class[lanes["row"].to_numpy(np.intp)]
    targets = with_cost_fractiles(
        service, costs, policy=setting.policy, rules=setting.rules, demand_class=demand_class
    )
    return targets, costs


def order_terms(terms: LaneTerms) -> OrderTerms:
    """What decides how much to order of each lane (n) at a given position."""
    return OrderTerms(
        reorder_point=terms.reorder_point,
        order_up_to=terms.order_up_to,
        economic_lot=terms.economic_lot,
        yearly=terms.demand.yearly,
        holding=terms.costs.holding,
        prices=terms.costs.prices,
        limits=terms.limits,
        sellable=terms.sellable,
        whole=terms.lanes["whole"].to_numpy(bool),
    )
