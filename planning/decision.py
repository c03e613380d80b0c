"""Today's decision for each SKU on its chosen lane: how much to order, by when, at what risk."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from planning.cost.costs import DAYS_A_YEAR, cycle_days
from planning.lanes.terms import LaneTerms, PlanSetting
from planning.lost_sales.order_need import lost_sales_need
from planning.policy.order_size import order_quantity
from planning.policy.reorder_points import expected_cost
from planning.policy.targets import CYCLE
from planning.projection.expedite_value import expedite_values
from planning.projection.open_orders import Pipeline
from planning.projection.projection import LOOK_AHEAD_DAYS, Projection, project
from planning.projection.stock_paths import StockPaths


@dataclass(frozen=True)
class OrderDecision:
    """n SKUs, array (n,) each; what depends on stock is NaN for a SKU whose stock is not known.

    Attributes
    ----------
    on_hand, backorders, on_order : units
    cover : units of `on_order` that count, being likely to arrive within the protection interval
    lost : units of demand that will find no stock before an order arrives and need no replacement; with
        backorders none
    quantity : units to order now
    wait : days the next order can wait with the risk in bounds; infinite where none is foreseen
    bound : stockout risk per cycle that the target accepts
    risk : probability of a stockout before an order placed now can arrive
    short : units of demand expected to find no stock until then
    cost : expected holding and shortage cost of the review period that this order decides, in money
    stock_paths, projection : what is ahead, and stock through time, if nothing more is ordered
    expedite : array (m,), money that each open order saves if it comes tomorrow; NaN where it was not
        worked out
    """

    on_hand: Array
    backorders: Array
    on_order: Array
    cover: Array
    lost: Array
    quantity: Array
    wait: Array
    bound: Array
    risk: Array
    short: Array
    cost: Array
    stock_paths: StockPaths
    projection: Projection
    expedite: Array

    @property
    def known(self) -> NDArray[np.bool_]:
        """SKUs whose stock is known."""
        return ~np.isnan(self.on_hand)

    @property
    def inventory_position(self) -> Array:
        """On hand + on order − backorders, units."""
        return self.on_hand + self.on_order - self.backorders

    @property
    def counted_position(self) -> Array:
        """Inventory position with open orders counted only as far as they arrive in time, units.

        It counts up what will be lost: demand that goes away is as good as served when the next order is sized.
        """
        return self.on_hand + self.cover - self.backorders + self.lost

    @property
    def late(self) -> NDArray[np.bool_]:
        """SKUs for which even an order placed now leaves more risk than the target accepts."""
        return np.asarray((self.quantity > 0) & (self.wait < 1) & (self.risk > self.bound))


def decide(
    terms: LaneTerms,
    forecast: DemandForecast,
    stock: tuple[Array, Array],
    pipeline: Pipeline,
    setting: PlanSetting,
) -> OrderDecision:
    """Decide for n SKUs: `terms` of their chosen lanes (n rows), `stock` = on hand and backorders (n,) each."""
    n, review = len(forecast), setting.policy.review_period_days
    on_hand, backorders = stock
    on_order = pipeline.on_order(n)
    cover = pipeline.cover(n, terms.lead_time.quantile(terms.targets.level) + review)
    lost = _lost(terms, forecast, (on_hand, pipeline), on_hand + cover, setting)
    position = on_hand - backorders + cover + lost
    below = position < terms.reorder_point - 1e-9
    need = np.where(below, terms.order_up_to - position, 0.0)
    holding = np.where(np.isnan(terms.costs.holding), 0.0, terms.costs.holding)
    quantity = order_quantity(need, terms.yearly_demand, holding, terms.costs.prices, terms.limits)
    net = np.nan_to_num(on_hand - backorders)
    longest = terms.lead_time.values[:, -1] + review
    reach = 2 * forecast.days_to_use(np.maximum(net, 0.0) + on_order, elapsed=setting.elapsed) + longest
    reach = np.clip(reach, 1.0, LOOK_AHEAD_DAYS)
    stock_paths = StockPaths(forecast, pipeline, net, reach, setting.elapsed, setting.policy.lost_sales)
    projection = project(stock_paths)
    bound = _accepted_risk(terms)
    wait = projection.last_safe_wait(terms.lead_time, bound)
    # an order placed at the next review serves as well as one placed today, or today's would not be needed
    wait = np.where(quantity > 0, np.minimum(wait, review), np.maximum(wait, review))
    risk = np.where(np.isnan(on_hand), np.nan, projection.risk_before(terms.lead_time))
    expedite = expedite_values(
        stock_paths, projection, terms.lead_time, terms.costs.shortage, where=risk > bound
    )
    return OrderDecision(
        on_hand=on_hand,
        backorders=backorders,
        on_order=on_order,
        cover=cover,
        lost=lost,
        quantity=np.where(np.isnan(on_hand), np.nan, quantity),
        wait=np.where(np.isnan(on_hand), np.nan, wait),
        bound=bound,
        risk=risk,
        short=np.where(np.isnan(on_hand), np.nan, projection.short_before(terms.lead_time)),
        cost=_cost(terms, position + quantity, setting),
        stock_paths=stock_paths,
        projection=projection,
        expedite=expedite,
    )


def _lost(
    terms: LaneTerms,
    forecast: DemandForecast,
    stock: tuple[Array, Pipeline],
    position: Array,
    setting: PlanSetting,
) -> Array:
    """What makes reorder point − position the need of a world of lost sales, (n,); 0 with backorders."""
    if not setting.policy.lost_sales:
        return np.zeros(len(forecast))
    need = lost_sales_need(
        forecast, terms.lead_time, (np.nan_to_num(stock[0]), stock[1]), terms.targets,
        review=setting.policy.review_period_days, elapsed=setting.elapsed,
        whole=terms.lanes["whole"].to_numpy(bool),
    )  # fmt: skip
    return np.asarray(terms.reorder_point - need - np.nan_to_num(position))


def _accepted_risk(terms: LaneTerms) -> Array:
    """Stockout risk of a cycle that starts at the reorder point: 1 − α, or what another target comes to."""
    at_reorder_point = 1 - terms.demand.cdf(terms.reorder_point)
    return np.where(
        terms.targets.kind == CYCLE, 1 - terms.targets.level, np.clip(at_reorder_point, 1e-4, 1.0)
    )


def _cost(terms: LaneTerms, position: Array, setting: PlanSetting) -> Array:
    holding = terms.costs.holding * cycle_days(setting.policy) / DAYS_A_YEAR
    return expected_cost(
        terms.cycle, terms.before, np.maximum(position, 0.0), holding=holding, shortage=terms.costs.shortage
    )
