"""Order size: the economic order quantity, then what MOQ, multiple, maximum and price breaks make of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from distributions.distribution import Array
from planning.cost.price_breaks import PriceBreaks

_ROUNDING = 1e-9  # a quotient this close to a whole number is one
_BELOW = 0.999  # where any quantity may be ordered, so much of a break's start counts as just below it


@dataclass(frozen=True)
class OrderLimits:
    """Order limits of n offers: quantities are 0, or at least `moq`, a multiple of `multiple`, at most `maximum`.

    A MOQ that is no multiple is met by the next one (MOQ 100 in multiples of 30: 120, 150, …), a maximum by the last
    one below it (150 in multiples of 100: 100).

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
        """Offers that allow no quantity: none from the MOQ to the maximum is a multiple."""
        return np.asarray((self.smallest > self.largest) | (self.largest <= 0))

    def without_lots(self) -> Self:
        """The same order limits in any quantity up to the maximum: no MOQ, no multiple."""
        none = np.zeros_like(self.moq)
        return replace(self, moq=none, multiple=none)

    def allowed(self, quantity: ArrayLike) -> Array:
        """Smallest allowed quantity that covers `quantity` (n,), or the largest one allowed; 0 stays 0."""
        needed = np.asarray(quantity, float)
        rounded = _up(np.maximum(needed, self.smallest), self.multiple)
        return np.where((needed <= 0) | self.impossible, 0.0, np.minimum(rounded, self.largest))

    def below(self, start: ArrayLike) -> Array:
        """Largest allowed quantity below `start` (n,), finite; 0 where there is none."""
        bound = np.asarray(start, float)
        step = np.where(self.multiple > 0, self.multiple, 1.0)
        steps = np.ceil(bound / step - _ROUNDING) - 1
        under = np.minimum(np.where(self.multiple > 0, _multiples(steps, step), _BELOW * bound), self.largest)
        return np.where(under >= self.smallest, under, 0.0)


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
    for quantity in _candidates(free, prices, limits, least):
        price = prices.price(quantity)
        cost = np.where(np.isnan(price), 0.0, price) * demand
        cost = cost + yearly_order_cost(quantity, demand, ordering_cost, holding)
        better = cost < best_cost - 1e-9
        best, best_cost = np.where(better, quantity, best), np.where(better, cost, best_cost)
    return best


def _candidates(free: Array, prices: PriceBreaks, limits: OrderLimits, least: Array) -> Iterator[Array]:
    """Order sizes (n,) one of which is the economic one: in each price bracket the `free` one, or the nearer end.

    The upper end counts only where the next bracket is dearer.
    """
    for start in prices.starts.T:
        yield limits.allowed(np.where(np.isfinite(start), np.maximum(free, start), free))
    for start in prices.dearer_starts.T:
        dearer = np.isfinite(start)
        under = limits.below(np.where(dearer, start, 0.0))
        yield np.where(dearer & (under >= least) & (under > 0), under, limits.allowed(free))


def need_within_price(
    need: Array, least: Array, lot: Array, prices: PriceBreaks, limits: OrderLimits
) -> Array:
    """The `need` (n,), cut to stay below a break from which units cost more, where that covers `least` (n,) too.

    Only breaks above the economic `lot` (n,) count: what is worth its dearer price anyway is not cut.
    """
    ordered, result = limits.allowed(need), need
    cut = np.zeros(len(need), bool)
    for start in prices.dearer_starts.T:
        reached = np.isfinite(start) & (start > lot) & (ordered >= start)
        under = limits.below(np.where(reached, start, 0.0))
        cuts = reached & ~cut & (under >= least) & (under > 0)
        result, cut = np.where(cuts, under, result), cut | cuts
    return result


def order_quantity(
    need: Array,
    demand: Array,
    holding: Array,
    prices: PriceBreaks,
    limits: OrderLimits,
    *,
    sellable: ArrayLike = np.inf,
) -> Array:
    """Order quantity (n,) for `need` (n,) units within the limits, raised to the next price break where that pays.

    Buying q′ − q units early to reach a break at q′ saves q′·(p − p′) now and holds them until they are used:
    H·(q′² − q²)/(2·D). It is never raised beyond the `sellable` units, a number or (n,): a discount is no reason to buy
    what will spoil.
    """
    quantity = limits.allowed(need)
    raised = prices.next_start(quantity)
    reachable = (quantity > 0) & np.isfinite(raised) & (raised <= limits.largest)
    target = limits.allowed(np.where(reachable, raised, quantity))
    saved = target * (prices.price(quantity) - prices.price(target))
    held = np.divide(
        holding * (target**2 - quantity**2), 2 * demand, out=np.full(len(need), np.inf), where=demand > 0
    )
    return np.where(reachable & (saved > held) & (target <= np.asarray(sellable, float)), target, quantity)


def _up(quantity: Array, multiple: Array) -> Array:
    """Order `quantity` rounded up to a multiple; as it is where `multiple` is 0."""
    step = np.where(multiple > 0, multiple, 1.0)
    return np.where(multiple > 0, _multiples(np.ceil(quantity / step - _ROUNDING), step), quantity)


def _down(quantity: Array, multiple: Array) -> Array:
    """Order `quantity` rounded down to a multiple; as it is where `multiple` is 0."""
    step = np.where(multiple > 0, multiple, 1.0)
    return np.where(multiple > 0, _multiples(np.floor(quantity / step + _ROUNDING), step), quantity)


def _multiples(count: Array, step: Array) -> Array:
    """Order quantity of `count` times `step`: three times 0.1 is 0.3, not a hair above a maximum of 0.3."""
    exact = count * step
    return np.where(step == np.round(step), exact, np.round(exact, 9))
