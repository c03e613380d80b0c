"""Checks of an order as a whole before it is approved: its supplier's minimum, and trucks beyond those of the plan."""

import numpy as np

from configs.formats import plain
from database.purchase_orders.records import PurchaseOrder
from distributions.distribution import Array
from planning.orders.supplier_terms import SupplierTerms, unit_loads
from serving.orders.term_checks import Breach
from serving.state.served import Served

_LOADS = ("weight", "volume", "pallets")
_CENT = 0.005


def broken_order_terms(served: Served, order: PurchaseOrder) -> list[Breach]:
    """Terms of its supplier that an order as a whole breaks; a person may approve it all the same, with a reason."""
    terms = SupplierTerms.of(served.inputs.suppliers, np.array([order.supplier_id], object))
    return [*_below_minimum(order, terms), *_beyond_capacity(served, order, terms)]


def _below_minimum(order: PurchaseOrder, terms: SupplierTerms) -> list[Breach]:
    """The minimum value and quantity that the order checked does not reach."""
    value, units = float(terms.minimum_value[0]), float(terms.minimum_quantity[0])
    ordered = sum(line.quantity for line in order.ordered)
    found = []
    if order.goods < value - _CENT:
        short = plain(round(value - order.goods, 2))
        sentence = (
            f"the order to {order.supplier_id} is worth {plain(order.goods)} {order.currency}, below its minimum of "
            f"{plain(value)}; add goods for {short}, or accept it with a reason"
        )
        found.append(Breach("below_minimum", value, value, sentence))
    if ordered < units - 1e-9:
        sentence = (
            f"the order to {order.supplier_id} has {plain(ordered)} units, below its minimum of {plain(units)}; add "
            f"{plain(units - ordered)}, or accept it with a reason"
        )
        found.append(Breach("below_minimum", units, units, sentence))
    return found


def _beyond_capacity(served: Served, order: PurchaseOrder, terms: SupplierTerms) -> list[Breach]:
    """The capacity of the trucks or containers that the plan filled, where the order checked needs one more."""
    needed = _loads(served, order)
    share = needed / terms.capacity[0]
    binding = int(share.argmax())
    planned = max(np.ceil(_planned_share(served, order.supplier_id) - 1e-9), 1.0)
    if share[binding] <= planned + 1e-9:
        return []
    room = float(planned * terms.capacity[0, binding])
    over, load = float(needed[binding] - room), _LOADS[binding]
    freight = float(terms.freight[0])
    costs = f", each for {plain(freight)} {order.currency} of freight" if freight else ""
    sentence = (
        f"the order to {order.supplier_id} fills {share[binding]:.2f} trucks or containers by {load} and so needs "
        f"{plain(np.ceil(share[binding] - 1e-9))} instead of {plain(planned)}{costs}; take off {plain(round(over, 3))} "
        f"of {load}, or accept it with a reason"
    )
    return [Breach("capacity", room, room, sentence)]


def _loads(served: Served, order: PurchaseOrder) -> Array:
    """Weight, volume and pallets (3,) of the order checked, what is not known left out."""
    skus = np.array([line.unique_id for line in order.ordered], object)
    units = np.array([line.quantity for line in order.ordered])
    return np.asarray(units @ np.nan_to_num(unit_loads(served.inputs.items, skus)))


def _planned_share(served: Served, supplier_id: str) -> float:
    """Trucks or containers that the plan's order to the supplier fills; 0 where it has none."""
    assert served.snapshot is not None
    orders = served.snapshot.supplier_orders
    share = orders.loc[orders["supplier_id"] == supplier_id, "capacity_share"]
    return float(np.nan_to_num(share.iloc[0])) if len(share) else 0.0
