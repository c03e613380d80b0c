"""Today's order decision for each SKU on its chosen lane: how much to order, by when, at what risk."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from distributions.outer_tail import with_outer_tail
from planning.cost.lane_costs import DAYS_A_YEAR, cycle_days
from planning.lanes.lane_terms import LaneTerms, PlanSetting, order_terms
from planning.lanes.order_days import longer_waits
from planning.lanes.sending_days import SendingDays
from planning.lost_sales.order_need import NewOrder, lost_sales_need
from planning.policy.reorder_points import expected_cost
from planning.policy.targets import CYCLE
from planning.projection.expedite_value import expedite_values
from planning.projection.stock_ages import expected_outdating
from planning.projection.stock_paths import StockPaths
from planning.projection.stock_projection import LOOK_AHEAD_DAYS, StockProjection, project
from planning.projection.stock_status import StockStatus
from planning.top_ups import TopUps


@dataclass(frozen=True)
class OrderDecision:
    """Today's order decision for n SKUs, array (n,) each; what depends on stock is NaN where the stock is not known.

    Attributes
    ----------
    stock : on hand, backorders and open orders
    cover : units on order that count, being likely to arrive within the protection interval, or ordered today
    outdating : units on hand that are expected to perish within the protection interval
    topped_up : units that are ordered today from a surge supplier beside this order (`planning.top_ups`); mostly 0
    lost_sales_adjustment : units added to the inventory position so that reorder point − position is what has to be
        ordered when unmet demand is lost; 0 where it is backordered
    answered : people have approved today's order of the SKU or its supplier already: nothing more is ordered today
    quantity : units to order now
    wait : days until the last order day of the supplier that keeps the risk in bounds; infinite where none is foreseen
    accepted_risk : stockout risk per cycle that the target accepts
    risk : probability of a stockout before an order placed now can arrive
    short : units of demand expected to find no stock until then
    cost : expected holding and shortage cost of the review period that this order decides, in money
    stock_paths, projection : demand and arrivals ahead, and stock through time, if nothing more is ordered
    expedite_value : array (m,), money that each open order saves if it comes tomorrow; NaN where it was not
        worked out
    """

    stock: StockStatus
    cover: Array
    outdating: Array
    topped_up: Array
    lost_sales_adjustment: Array
    answered: NDArray[np.bool_]
    quantity: Array
    wait: Array
    accepted_risk: Array
    risk: Array
    short: Array
    cost: Array
    stock_paths: StockPaths
    projection: StockProjection
    expedite_value: Array

    @property
    def on_hand(self) -> Array:
        """Units on hand, NaN where the stock is not known."""
        return self.stock.on_hand

    @property
    def known(self) -> NDArray[np.bool_]:
        """SKUs (n,) whose stock is known."""
        return ~np.isnan(self.stock.on_hand)

    @property
    def inventory_position(self) -> Array:
        """On hand + on order − backorders, units."""
        return self.stock.on_hand + self.stock.on_order - self.stock.backorders

    @property
    def counted_position(self) -> Array:
        """Inventory position that is held against the reorder point, units.

        Open orders count only as far as they are likely to arrive in time, stock as far as it does not perish. With
        lost sales the adjustment is included: demand that is lost needs no replacement, so it counts as served when the
        next order is sized. What is topped up today counts in full.
        """
        usable = self.stock.on_hand - self.outdating + self.topped_up
        return usable + self.cover - self.stock.backorders + self.lost_sales_adjustment

    @property
    def late(self) -> NDArray[np.bool_]:
        """SKUs (n,) for which even an order placed now leaves more stockout risk than the target accepts."""
        return np.asarray((self.quantity > 0) & (self.risk > self.accepted_risk))


def decide(
    terms: LaneTerms,
    forecast: DemandForecast,
    stock: StockStatus,
    setting: PlanSetting,
    top_ups: TopUps | None = None,
) -> OrderDecision:
    """Decide today's orders of n SKUs on the `terms` of their chosen lanes (n rows): quantity, wait, risk and cost.

    What was ordered today already counts in full, as what is ordered now does: it arrives no later. Of SKUs with
    `top_ups` the order is that of the base supplier, after what is asked of the surge supplier; risk and wait go by the
    quicker of the two.
    """
    n = len(stock.on_hand)
    topped_up = np.zeros(n) if top_ups is None else top_ups.units(n)
    soonest = terms.lead_time if top_ups is None else top_ups.soonest(terms.lead_time)
    earlier = replace(stock, pipeline=stock.pipeline.before_today())
    cover = _cover(terms, earlier, setting)
    adjustment = _lost_sales_adjustment(terms, forecast, earlier, cover, setting)
    cover = cover + stock.on_order - earlier.on_order
    interval = terms.lead_time.mean() + setting.policy.review_period_days
    outdating = expected_outdating(stock.batches, forecast, interval, elapsed=setting.elapsed)
    position = stock.on_hand - outdating - stock.backorders + cover + topped_up + adjustment
    answered = stock.answered_today if top_ups is None else top_ups.answered(stock.answered_today)
    answered = answered | terms.lanes["supplier_id"].isin(setting.answered).to_numpy(bool)
    quantity = np.where(answered, 0.0, quantity_for_position(terms, position))
    stock_paths = _stock_paths(terms, forecast, stock, setting)
    projection = project(stock_paths)
    accepted = _accepted_risk(terms)
    unknown = np.isnan(stock.on_hand)
    risk = np.where(unknown, np.nan, projection.risk_before(soonest))
    return OrderDecision(
        stock=stock,
        cover=cover,
        outdating=outdating,
        topped_up=topped_up,
        lost_sales_adjustment=adjustment,
        answered=answered,
        quantity=np.where(unknown, np.nan, quantity),
        wait=np.where(
            unknown, np.nan, _wait(terms, projection.last_safe_wait(soonest, accepted), quantity, setting)
        ),
        accepted_risk=accepted,
        risk=risk,
        short=np.where(unknown, np.nan, projection.short_before(soonest)),
        cost=_cost(terms, position + quantity, setting),
        stock_paths=stock_paths,
        projection=projection,
        expedite_value=expedite_values(
            stock_paths, projection, soonest, terms.costs.shortage, where=risk > accepted
        ),
    )


def with_quantity(
    decision: OrderDecision, quantity: Array, terms: LaneTerms, setting: PlanSetting
) -> OrderDecision:
    """The order decision with other units ordered today (n,), and the cost that goes with them."""
    return replace(
        decision,
        quantity=quantity,
        cost=_cost(terms, decision.counted_position + np.nan_to_num(quantity), setting),
    )


def _cover(terms: LaneTerms, stock: StockStatus, setting: PlanSetting) -> Array:
    """Cover in today's order decision: units on order (n,) likely to arrive in time, at the target's lead time."""
    interval = terms.lead_time.quantile(terms.targets.level) + setting.policy.review_period_days
    interval += _longer_waits(terms, setting)
    return stock.pipeline.cover(len(stock.on_hand), interval)


def _longer_waits(terms: LaneTerms, setting: PlanSetting) -> Array:
    """Days (n,) that an order decided on at the next review waits longer for its supplier's order day than today's."""
    return longer_waits(terms.lanes["order_days"].tolist(), setting.as_of, cycle_days(setting.policy))


def quantity_for_position(terms: LaneTerms, position: Array) -> Array:
    """Decide how much to order at a counted `position` (n,), units: up to S where it is below s."""
    return order_terms(terms).quantity(position)


def _stock_paths(
    terms: LaneTerms, forecast: DemandForecast, stock: StockStatus, setting: PlanSetting
) -> StockPaths:
    """Stock paths that today's decision projects: twice as far as stock lasts, and the longest protection interval."""
    longest = terms.lead_time.values[:, -1] + setting.policy.review_period_days
    lasts = forecast.days_to_use(np.maximum(stock.net_stock, 0.0) + stock.on_order, elapsed=setting.elapsed)
    return StockPaths(
        forecast=forecast,
        pipeline=stock.pipeline,
        net_stock=stock.net_stock,
        horizon_days=np.clip(2 * lasts + longest, 1.0, LOOK_AHEAD_DAYS),
        elapsed=setting.elapsed,
        lost_sales=setting.policy.lost_sales,
    )


def _wait(terms: LaneTerms, safe: Array, quantity: Array, setting: PlanSetting) -> Array:
    """Decide by when to order: days (n,) until the last order day of those that are `safe` (n,), the risk accepted.

    Today's order leaves on the first order day on which its supplier is open, and the lead times have the wait for it
    in them.
    """
    review, order_days = setting.policy.review_period_days, terms.lanes["order_days"].tolist()
    suppliers = terms.lanes["supplier_id"].to_numpy(object)
    sending = SendingDays.of(order_days, suppliers, setting.closures, setting.as_of)
    after = sending.first(np.ceil(review))
    # an order placed at the next review serves as well as one placed today, or today's would not be needed
    then = np.where(pd.isna(order_days) & (after <= np.ceil(review)), review, after)
    wait = sending.first() + safe
    wait = np.where(quantity > 0, np.minimum(wait, then), np.maximum(wait, then))
    return np.where(terms.bought | (quantity > 0), sending.last(wait), np.inf)


def _lost_sales_adjustment(
    terms: LaneTerms, forecast: DemandForecast, stock: StockStatus, cover: Array, setting: PlanSetting
) -> Array:
    """Units (n,) added to the position in today's decision so that it orders what is needed when unmet demand is lost.

    The order up to the reorder point is then the lost-sales need. Where the lane was played, its reorder point is one
    for lost sales already.
    """
    if not setting.policy.lost_sales or (terms.played | ~terms.bought).all():
        return np.zeros(len(forecast))
    order = NewOrder(
        lead_time=terms.lead_time,
        supplier_id=terms.lanes["supplier_id"].to_numpy(object),
        targets=terms.targets,
        whole=terms.lanes["whole"].to_numpy(bool),
        longer=_longer_waits(terms, setting),
    )
    review, elapsed = setting.policy.review_period_days, setting.elapsed
    need = lost_sales_need(forecast, stock, order, review=review, elapsed=elapsed)
    adjustment = terms.reorder_point - need - np.nan_to_num(stock.on_hand + cover)
    return np.where(terms.bought & ~terms.played, adjustment, 0.0)


def _accepted_risk(terms: LaneTerms) -> Array:
    """Stockout risk (n,) of a cycle that the order decision accepts: 1 − α, or what the reorder point leaves open.

    That is more where another target, goods that perish or a played year set it lower.
    """
    demand, level = terms.demand.lead_time_demand, terms.targets.level
    above = 1 - demand.cdf(terms.reorder_point)
    outer = np.flatnonzero(level > demand.levels[-1])
    above[outer] = 1 - with_outer_tail(demand[outer]).cdf(terms.reorder_point[outer])
    least = np.where((terms.targets.kind == CYCLE) & (terms.target_premium == 0), 1 - level, 1e-4)
    return np.asarray(np.clip(above, least, 1.0))


def _cost(terms: LaneTerms, position: Array, setting: PlanSetting) -> Array:
    """Expected cost (n,) of today's order decision, money: holding and shortage of the review period that it serves.

    `position` (n,) is the inventory position with the order, units.
    """
    holding = terms.costs.holding * cycle_days(setting.policy) / DAYS_A_YEAR
    return expected_cost(
        terms.demand.to_cycle_end,
        terms.demand.before_arrival,
        np.maximum(position, 0.0),
        holding=holding,
        shortage=terms.costs.shortage,
    )
