"""Meet a supplier's terms: fill up to its minimum or wait, fill up to free freight, fill or trim its containers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from distributions.distribution import Array
from planning.orders.fill_up import Orders, extra_cost, filled_to, filled_within, trimmed_to
from planning.orders.supplier_terms import SupplierTerms

_SLACK = 1e-9


@dataclass(frozen=True)
class Patience:
    """How far the orders of S suppliers can wait for their minimum.

    Attributes
    ----------
    may_wait : array (S,), every line that is due keeps its risk in bounds until the next review
    at_risk : array (S,), money that the lines lose by waiting one review
    comes : array (S,), value expected to be due in addition by the next review
    units_come : array (S,), units likewise
    """

    may_wait: NDArray[np.bool_]
    at_risk: Array
    comes: Array
    units_come: Array

    def reviews_until_enough(self, terms: SupplierTerms, value: Array, units: Array) -> Array:
        """Reviews (S,) until orders of `value` and `units` (S,) are expected to reach their minimum, 1 at least."""
        result = np.ones(len(terms))
        for bound, now, comes in (
            (terms.minimum_value, value, self.comes),
            (terms.minimum_quantity, units, self.units_come),
        ):
            gap = np.maximum(bound - now, 0.0)
            reviews = np.divide(gap, comes, out=np.where(gap > 0, np.inf, 0.0), where=comes > 0)
            result = np.maximum(result, np.ceil(reviews))
        return result


@dataclass(frozen=True)
class MetTerms:
    """Orders that meet the terms of S suppliers.

    Attributes
    ----------
    orders : with the quantities that are ordered
    waits : array (S,), nothing is ordered: the minimum is not worth filling today
    out_of_reach : array (S,), of these those whose minimum no filling reaches
    filled_for : array (S,) of "", minimum, free_freight, container and trimmed: the last thing done
    fill_cost : array (S,), money that filling costs
    """

    orders: Orders
    waits: NDArray[np.bool_]
    out_of_reach: NDArray[np.bool_]
    filled_for: NDArray[np.object_]
    fill_cost: Array


def meet_terms(orders: Orders, terms: SupplierTerms, patience: Patience) -> MetTerms:
    """Orders with the quantities in which they meet the terms at the least cost; none of what is not worth that yet."""
    count = len(terms)
    result, waits, out_of_reach = _minimum(orders, terms, patience)
    done = np.where(_changed(orders, result, count) & ~waits, "minimum", "").astype(object)
    for name, step in (("free_freight", _free_freight), ("container", _containers)):
        after = step(result, terms, waits)
        changed = _changed(result, after, count)
        fewer = after.units(count) < result.units(count)
        done = np.where(changed, np.where(fewer, "trimmed", name), done)
        result = after
    cost = np.where(waits, 0.0, extra_cost(orders, result, count))
    return MetTerms(result, waits, out_of_reach, done, cost)


def _changed(before: Orders, after: Orders, count: int) -> NDArray[np.bool_]:
    """Suppliers (S,) whose orders are not what they were before a term."""
    return before.per_supplier((before.quantity != after.quantity).astype(float), count) > 0


def _minimum(
    orders: Orders, terms: SupplierTerms, patience: Patience
) -> tuple[Orders, NDArray[np.bool_], NDArray[np.bool_]]:
    """Orders that reach their minimum value and quantity or are put off, and which suppliers (S,) wait, or have to."""
    count = len(terms)
    goes = orders.units(count) > 0
    filled, unmet = orders, np.zeros(count, bool)
    any_price, by_unit = np.full(len(orders.quantity), np.nan), np.ones(len(orders.quantity))
    for bound, measure in ((terms.minimum_value, any_price), (terms.minimum_quantity, by_unit)):
        reached = filled.value(count) if np.isnan(measure).all() else filled.units(count)
        short = np.flatnonzero(goes & ~unmet & (reached < bound - _SLACK))
        if len(short):
            quantity, met = filled_to(filled, short, bound[short], measure)
            filled = filled.with_quantity(quantity)
            unmet[short[~met]] = True
    cost = extra_cost(orders, filled, count)
    later = cost * _gap_left(orders, terms, patience) ** 2
    filling = goes & (cost != 0) & ~unmet
    waits = unmet | (filling & patience.may_wait & (patience.at_risk + later < cost))
    quantity = np.where(waits[orders.supplier], 0.0, filled.quantity)
    return orders.with_quantity(quantity), waits, unmet


def _gap_left(orders: Orders, terms: SupplierTerms, patience: Patience) -> Array:
    """Share (S,) of what an order lacks to its minimum that it is expected to lack at the next review still."""
    count = len(terms)
    left = np.zeros(count)
    for bound, now, comes in (
        (terms.minimum_value, orders.value(count), patience.comes),
        (terms.minimum_quantity, orders.units(count), patience.units_come),
    ):
        gap = np.maximum(bound - now, 0.0)
        share = np.maximum(gap - comes, 0.0) / np.where(gap > 0, gap, 1.0)
        left = np.maximum(left, share)
    return left


def _free_freight(orders: Orders, terms: SupplierTerms, waits: NDArray[np.bool_]) -> Orders:
    """Orders filled up to free freight where that costs less than the freight."""
    count = len(terms)
    value, share = orders.value(count), orders.shares(terms).max(axis=1)
    freight = terms.freight_of(value, share)
    short = np.flatnonzero((freight > 0) & np.isfinite(terms.free_from) & ~waits)
    if not len(short):
        return orders
    quantity, met = filled_to(orders, short, terms.free_from[short], np.full(len(orders.quantity), np.nan))
    filled = orders.with_quantity(quantity)
    pays = np.zeros(count, bool)
    pays[short] = met
    pays &= extra_cost(orders, filled, count) < freight
    return orders.with_quantity(np.where(pays[orders.supplier], quantity, orders.quantity))


def _containers(orders: Orders, terms: SupplierTerms, waits: NDArray[np.bool_]) -> Orders:
    """Orders trimmed by the container that is hardly begun where that costs less than its freight."""
    count = len(terms)
    shares = orders.shares(terms)
    share, binding = shares.max(axis=1), shares.argmax(axis=1)
    value = orders.value(count)
    fewer = np.ceil(share - 1e-9) - 1
    paid = terms.freight * (value < terms.free_from - _SLACK)
    over = np.flatnonzero((fewer >= 1) & (paid > 0) & ~waits)
    if not len(over):
        return orders
    load = orders.loads[np.arange(len(orders.quantity)), binding[orders.supplier]]
    bound = (fewer * terms.capacity[np.arange(count), binding])[over]
    trimmed = orders.with_quantity(trimmed_to(orders, over, bound, load))
    pays = np.zeros(count, bool)
    pays[over] = True
    pays &= trimmed.shares(terms).max(axis=1) <= fewer + 1e-9
    pays &= terms.minimum_met(trimmed.value(count), trimmed.units(count))
    pays &= extra_cost(orders, trimmed, count) < paid
    quantity = np.where(pays[orders.supplier], trimmed.quantity, orders.quantity)
    # where an order takes several, what it has in the last one is what freight is paid for by the load
    full = np.setdiff1d(over, np.flatnonzero(pays))
    result = orders.with_quantity(quantity)
    if not len(full):
        return result
    capacity = terms.capacity[full, binding[full]]
    filled = filled_within(result, full, (fewer + 1 - share)[full] * capacity, load, paid[full] / capacity)
    fits = filled.shares(terms).max(axis=1) <= np.maximum(fewer + 1, 0) + 1e-9
    return orders.with_quantity(np.where(fits[orders.supplier], filled.quantity, quantity))
