"""Stock status of each SKU on the day of planning: on hand, backorders and open orders."""

from dataclasses import dataclass

import numpy as np

from distributions.distribution import Array
from planning.projection.open_orders import Pipeline


@dataclass(frozen=True)
class StockStatus:
    """Stock of n SKUs as last counted, and their open orders.

    Attributes
    ----------
    on_hand : array (n,), units; NaN where the stock is not known
    backorders : array (n,), units promised to customers and not delivered yet
    pipeline : the open orders
    """

    on_hand: Array
    backorders: Array
    pipeline: Pipeline

    @property
    def on_order(self) -> Array:
        """Units on order, (n,), whether they will come or not."""
        return self.pipeline.on_order(len(self.on_hand))

    @property
    def net_stock(self) -> Array:
        """On hand − backorders, units (n,); 0 where the stock is not known."""
        return np.asarray(np.nan_to_num(self.on_hand - self.backorders))
