"""Stock status of each SKU on the day of planning: on hand, backorders and open orders."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Array
from planning.inputs import PlanInputs, numbers_by_sku
from planning.projection.open_orders import Pipeline, forecast_pipeline
from planning.projection.stock_ages import stock_batches
from planning.protocols import LeadTimes


@dataclass(frozen=True)
class StockStatus:
    """Stock of n SKUs as last counted, and their open orders.

    Attributes
    ----------
    on_hand : array (n,), units; NaN where the stock is not known
    backorders : array (n,), units promised to customers and not delivered yet
    pipeline : the open orders
    batches : array (n, A, 2), stock by age: units, and days until they perish
    """

    on_hand: Array
    backorders: Array
    pipeline: Pipeline
    batches: Array

    @property
    def on_order(self) -> Array:
        """Units on order, (n,), whether they will come or not."""
        return self.pipeline.on_order(len(self.on_hand))

    @property
    def answered_today(self) -> NDArray[np.bool_]:
        """SKUs (n,) that people have ordered already on today's plan."""
        return self.pipeline.answered_today(len(self.on_hand))

    @property
    def net_stock(self) -> Array:
        """On hand − backorders, units (n,); 0 where the stock is not known."""
        return np.asarray(np.nan_to_num(self.on_hand - self.backorders))


def stock_status(
    forecast: DemandForecast, lead_times: LeadTimes, inputs: PlanInputs, *, lost_sales: bool = False
) -> StockStatus:
    """Stock status of the forecast's SKUs on the day of planning: stock as last counted, and the open orders.

    What was demanded since the count beyond all that was there is backordered, or with `lost_sales` gone.
    """
    count, ids = inputs.latest_stock(), forecast.unique_ids
    unserved = (count["sold_since"] - count["counted"] - count["received_since"]).clip(lower=0.0)
    if not lost_sales:
        count["backorders"] += unserved
    on_hand = numbers_by_sku(count, "on_hand", ids)
    shelf_life = numbers_by_sku(inputs.items, "shelf_life_days", ids)
    return StockStatus(
        on_hand=on_hand,
        backorders=numbers_by_sku(count, "backorders", ids),
        pipeline=forecast_pipeline(forecast, lead_times, inputs),
        batches=stock_batches(ids, on_hand, shelf_life, inputs.purchase_orders, inputs.as_of),
    )
