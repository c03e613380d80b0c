"""Order size: the economic order quantity, then what MOQ, multiple, maximum and price breaks make of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from distributions.distribution import Array
from planning.cost.price_breaks import PriceBreaks

_ROUNDING = 1e-9  # a quotient this close to a whole number is one


@dataclass(frozen=True)
class OrderLimits:
    """Order limits of n offers: quantities are 0, or at least `moq`, a multiple of `multiple`, at most `maximum`.

    Attributes
    ----------
    moq, multiple, maximum : arrays (n,); multiple 0 means any quantity, maximum may be infinite
    """

    moq: Array
    multiple: Array
    maximum: Array

    @property
    def smallest(self) -> Array:
        """Smallest quantity that can be ordered, shape (n,)."""
        return _up(np.maximum(self.moq, self.multiple), self.multiple)

    @property
    def largest(self) -> Array:
        """Largest quantity that can be ordered, shape (n,)."""
        return _down(self.maximum, self.multiple)

    @property
    def impossible(self) -> NDArray[np.bool_]:
        """Offers that allow no quantity: the maximum lies below the MOQ."""
        return np.asarray(self.smallest > self.largest)

    def allowed(self, quantity: ArrayLike) -> Array:
        """Smallest allowed quantity that covers `quantity` (n,), or the largest one allowed; 0 stays 0."""
        needed = np.asarray(quantity, float)
        rounded = _up(np.maximum(needed, self.smallest), self.multiple)
        return np.where((needed <= 0) | self.impossible, 0.0, np.minimum(rounded, self.largest))


def economic_order_quantity(demand: ArrayLike, ordering_cost: ArrayLike, holding: ArrayLike) -> Array:
    """EOQ = √(2·D·S/H): D units a year, S money per order, H money per unit and year (Harris 1913).

    Holding that costs nothing would ask for an endless quantity: a year's demand is the most that is proposed.
    """
    d, s, h = (np.asarray(x, float) for x in (demand, ordering_cost, holding))
    return np.asarray(np.minimum(np.sqrt(2 * d * s / np.maximum(h, 1e-12)), d))


def yearly_order_cost(
    quantity: ArrayLike, demand: ArrayLike, ordering_cost: ArrayLike, holding: ArrayLike
) -> Array:
    """Ordering plus cycle-stock cost a year of orders of size Q: S·D/Q + H·Q/2, money."""
    q, d, s, h = (np.asarray(x, float) for x in (quantity, demand, ordering_cost, holding))
    orders = np.divide(d, q, out=np.zeros(np.broadcast(d, q).shape), where=q > 0)
    return np.asarray(s * orders + h * q / 2)


def economic_order_size(
    demand: Array,
    ordering_cost: Array,
    holding: Array,
    prices: PriceBreaks,
    limits: OrderLimits,
    *,
    least: Array,
) -> Array:
    """Economic order size within MOQ, multiple, maximum and price breaks, (n,): min of D·p(Q) + S·D/Q + H·Q/2.

    Parameters
    ----------
    demand, ordering_cost, holding : arrays (n,), as in `economic_order_quantity`
    least : array (n,), what one review period uses: ordering at reviews only, orders are not smaller on average
    """
    free = np.maximum(economic_order_quantity(demand, ordering_cost, holding), least)
    best, best_cost = limits.allowed(free), np.full(len(free), np.inf)
    for start in prices.starts.T:
        # past its start, a bracket's best quantity is the free one; before it, the start itself
        quantity = limits.allowed(np.where(np.isfinite(start), np.maximum(free, start), free))
        price = prices.price(quantity)
        cost = np.where(np.isnan(price), 0.0, price) * demand
        cost = cost + yearly_order_cost(quantity, demand, ordering_cost, holding)
        better = cost < best_cost - 1e-9
        best, best_cost = np.where(better, quantity, best), np.where(better, cost, best_cost)
    return best


def order_quantity(
    need: Array, demand: Array, holding: Array, prices: PriceBreaks, limits: OrderLimits
) -> Array:
    """Order quantity (n,) for `need` (n,) units within the limits, raised to the next price break where that pays.

    Buying q′ − q units early to reach a break at q′ saves q′·(p − p′) now and holds them until they are used:
    H·(q′² − q²)/(2·D).
    """
    quantity = limits.allowed(need)
    raised = prices.next_start(quantity)
    reachable = (quantity > 0) & np.isfinite(raised) & (raised <= limits.largest)
    target = limits.allowed(np.where(reachable, raised, quantity))
    saved = target * (prices.price(quantity) - prices.price(target))
    held = np.divide(
        holding * (target**2 - quantity**2), 2 * demand, out=np.full(len(need), np.inf), where=demand > 0
    )
    return np.where(reachable & (saved > held), target, quantity)


def _up(quantity: Array, multiple: Array) -> Array:
    """Order `quantity` rounded up to a multiple; as it is where `multiple` is 0."""
    step = np.where(multiple > 0, multiple, 1.0)
    return np.where(multiple > 0, np.ceil(quantity / step - _ROUNDING) * step, quantity)


def _down(quantity: Array, multiple: Array) -> Array:
    """Order `quantity` rounded down to a multiple; as it is where `multiple` is 0."""
    step = np.where(multiple > 0, multiple, 1.0)
    return np.where(multiple > 0, np.floor(quantity / step + _ROUNDING) * step, quantity)
