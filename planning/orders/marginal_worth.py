"""Marginal worth of an order line: what any quantity of a SKU costs today, against nothing until its next chance.

With y units above the reorder point, a rate of d units a day, a lot Q and a holding cost h a unit and day, ordering
goes on at g = K·d/Q + h·Q/2 a day. An order of q today instead of one when it is due carries the SKU q/d days further,
which saves g·q/d, and costs its line and what it holds (stock runs from y + q down, instead of from y):

    C(q) = K − A + [h·q·(2y + q)/2 − g·q]/d + b·E[(D(L+R) − x − q)⁺] + q·(p(q) − p(Q))

beside b·E[(D(L+R) − x)⁺] without it; x is the position, b the cost of a unit short, A what the line saves of its
supplier's coming orders where it joins one. An order when it is due (y = 0,
q = Q) costs nothing beyond the usual; a day earlier costs the day of a cycle and what it holds.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from distributions.take_rows import take_rows
from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import OrderLimits


@dataclass(frozen=True)
class LineWorth:
    """What an order line of n SKUs is worth by its quantity, array (n,) or n rows each.

    Attributes
    ----------
    above : y, units above the reorder point; below 0: that much is missing
    daily : d, units a day, > 0
    holding : h, money a unit and day
    line_cost : K, money an order line
    lot : Q, units of a usual order
    position : x, units of the counted inventory position
    shortage : b, money a unit short
    demand : D(L+R)
    prices, limits : of the offer
    saved : A, money of coming orders that a line today saves
    most : units of an order that raise no question: they sell in time, and the offer allows them
    """

    above: Array
    daily: Array
    holding: Array
    line_cost: Array
    lot: Array
    position: Array
    shortage: Array
    demand: Distribution
    prices: PriceBreaks
    limits: OrderLimits
    saved: Array
    most: Array

    def __len__(self) -> int:
        return len(self.above)

    def select(self, rows: NDArray[np.intp]) -> "LineWorth":
        """The worth of lines of the SKUs `rows` (k,)."""
        picked: LineWorth = take_rows(self, rows)
        return picked

    def price(self, quantity: Array) -> Array:
        """Money a unit (n,) in an order of `quantity` (n,); 0 where no price is known."""
        return np.nan_to_num(self.prices.price(quantity))

    def cost(self, quantity: Array) -> Array:
        """C(q) (n,), money, of a line of `quantity` (n,) units today; of none what is expected to fall short."""
        q, lot = quantity, np.maximum(self.lot, 1e-9)
        going_on = self.line_cost * self.daily / lot + self.holding * lot / 2
        held = (self.holding * q * (2 * self.above + q) / 2 - going_on * q) / self.daily
        dearer = q * (self.price(q) - self.price(lot))
        short = self.shortage * self.demand.expected_excess(self.position + q)
        return np.asarray(np.where(q > 0, self.line_cost - self.saved + held + dearer, 0.0) + short)

    def worth(self, quantity: Array) -> Array:
        """Money (n,) that a line of `quantity` (n,) units is worth today against none until its next chance."""
        return self.cost(np.zeros(len(self))) - self.cost(quantity)

    def quantity_up_to(self, units: Array) -> Array:
        """Largest quantity (n,) that the offer allows, of at most `units` (n,); 0 where it allows none."""
        bound = np.minimum(units, self.limits.maximum)
        fits = replace(self.limits, maximum=np.maximum(bound, 0.0))
        return np.where(fits.impossible, 0.0, fits.largest)
