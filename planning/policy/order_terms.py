"""Order terms: what decides how much is ordered today at a given inventory position."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import OrderLimits, need_within_price, order_quantity


@dataclass(frozen=True)
class OrderTerms:
    """Order terms of n lanes, array (n,) or n rows each.

    Attributes
    ----------
    reorder_point, order_up_to, economic_lot : s, S and the lot without MOQ and multiple, units
    yearly : units a year
    holding : money per unit and year, NaN where not known
    prices, limits : what the offer asks and allows
    sellable : units beyond which no order is raised for a price
    whole : counted in whole units: a position is taken to the nearest, so that an order placed yesterday, which counts
        a hair less than in full, is not followed by another one
    """

    reorder_point: Array
    order_up_to: Array
    economic_lot: Array
    yearly: Array
    holding: Array
    prices: PriceBreaks
    limits: OrderLimits
    sellable: Array
    whole: NDArray[np.bool_]

    def quantity(self, position: Array) -> Array:
        """Units to order at a counted `position` (n,): up to S where it is below s, 0 elsewhere."""
        position = np.where(self.whole, np.round(position), position)
        below = position < self.reorder_point - 1e-9
        need = np.where(below, self.order_up_to - position, 0.0)
        least = self.reorder_point - position
        need = need_within_price(need, least, self.economic_lot, self.prices, self.limits)
        return order_quantity(
            need,
            self.yearly,
            np.where(np.isnan(self.holding), 0.0, self.holding),
            self.prices,
            self.limits,
            sellable=self.sellable,
        )
