"""Reasons of order lines and orders: codes, facts and a sentence, as JSON, for pages and other programs."""

import json
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from configs.formats import days, money, quantity
from distributions.distribution import Array
from planning.orders.joint_orders import FILLS, JOINS, RAISED, TRIMMED, JointOrders
from planning.top_ups import TOP_UP

_FILLED = {
    "minimum": "the supplier's minimum",
    "free_freight": "free freight",
    "container": "the container",
    "trimmed": "the container",
}


class _Line(NamedTuple):
    """Numbers that the reason of one order line is made of."""

    origin: str
    units: float
    alone: float
    shared: float
    due_in: float
    saved: float
    worth: float
    filled_for: str
    period: float
    budget: str
    position: float
    reorder_point: float


class _Order(NamedTuple):
    """Numbers that the reason of one supplier's order is made of."""

    waits: bool
    out_of_reach: bool
    too_small: bool
    filled_for: str
    fill_cost: float
    due_value: float
    due_units: float
    minimum_value: float
    minimum_quantity: float
    wait_days: float


def line_reasons(orders: JointOrders, at: NDArray[np.intp], *, currency: str) -> list[str]:
    """Reasons of the order lines of the SKUs `at` (k,) of joint orders."""
    state, shared = orders.state, orders.shared
    columns = (
        orders.origin, orders.quantity, state.alone, shared.quantity, shared.due_in, shared.worth.saved, orders.worth,
        orders.met.filled_for[state.supplier], shared.period[state.supplier], orders.kept.bound_by,
        state.position, state.terms.reorder_point,
    )  # fmt: skip
    rows = zip(*(column[at].tolist() for column in columns), strict=True)
    return [_line_reason(_Line(*row), currency) for row in rows]


def order_reasons(orders: JointOrders, wait_days: Array, *, currency: str) -> list[str]:
    """Reasons of the orders of the suppliers (S,) of joint orders, which wait `wait_days` (S,) where they do."""
    state, met = orders.state, orders.met
    count = len(state.suppliers)
    due = state.alone * np.nan_to_num(state.terms.costs.prices.price(state.alone))
    value, units = (np.bincount(state.supplier, x, count) for x in (due, state.alone))
    columns = (
        met.waits, met.out_of_reach, orders.kept.too_small, met.filled_for, met.fill_cost, value, units,
        state.suppliers.minimum_value, state.suppliers.minimum_quantity, wait_days,
    )  # fmt: skip
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [_order_reason(_Order(*row), currency) for row in rows]


def _reason(codes: Sequence[str], sentence: str, facts: dict[str, float]) -> str:
    """A reason as JSON, with null where a number is not known."""
    known = {name: value if math.isfinite(value) else None for name, value in facts.items()}
    return json.dumps({"codes": list(codes), "facts": known, "sentence": sentence}, ensure_ascii=False)


def _line_reason(line: _Line, currency: str) -> str:
    """Reason of one order line."""
    facts = {"alone": line.alone, "due_in_days": line.due_in, "saved": line.saved, "worth": line.worth}
    fills = f"fills {_FILLED.get(line.filled_for, 'the order')}"
    if line.origin == JOINS:
        cost = line.saved - line.worth
        gain = f"saves {money(line.saved, currency)} of coming orders, costs {money(cost, currency)}"
        if not cost > 0:
            gain = f"worth {money(line.worth, currency)} more than at the next review"
        said = f"Due in about {days(line.due_in)}, joins because the order goes anyway: {gain}."
        return _reason(["joins_order"], said, facts)
    if line.origin == FILLS:
        return _reason(["fills_order"], f"Not due yet: {fills}.", facts)
    if line.origin == RAISED:
        lasts = f"lasts until the supplier's next order, best every {days(line.period)}"
        why = {"lasts_until_next_order": lasts} if line.shared > line.alone + 1e-9 else {}
        why |= {"fills_order": fills} if line.units > line.shared + 1e-9 else {}
        return _reason(list(why), f"Raised from {quantity(line.alone)}: {'; '.join(why.values())}.", facts)
    if line.origin == TOP_UP:
        said = (
            f"Tops up the SKU's other supplier, as agreed: {quantity(line.position)} will be here within the lead "
            f"time, fewer than {quantity(line.reorder_point)}."
        )
        return _reason(["tops_up"], said, facts)
    if line.origin == TRIMMED:
        code = "trimmed_by_budget" if line.budget else "trimmed_by_terms"
        cause = f"budget {line.budget}" if line.budget else "saves a further container"
        return _reason([code], f"Trimmed from {quantity(line.alone)}: {cause}.", facts)
    return _reason(["needed"], "Needed by the SKU alone.", facts)


def _order_reason(order: _Order, currency: str) -> str:
    """Reason of one supplier's order."""
    facts = {"due_value": order.due_value, "due_units": order.due_units, "fill_cost": order.fill_cost}
    bounds = [money(order.minimum_value, currency)] if order.minimum_value > 0 else []
    bounds += [f"{quantity(order.minimum_quantity)} units"] if order.minimum_quantity > 0 else []
    minimum = f"the minimum of {' and '.join(bounds)}"
    said = {
        "minimum_out_of_reach": f"Waits about {days(order.wait_days)}: {minimum} cannot be filled today with what may "
        "be ordered and sells in time",
        "waits_for_minimum": f"Waits about {days(order.wait_days)}: {money(order.due_value, currency)} is due, and "
        f"filling {minimum} is not worth it today",
        "trimmed_by_budget": f"No order: a budget leaves less than {minimum}",
        "trimmed_by_terms": "Trimmed, which saves the freight of a further container",
        "fills_order": f"Filled up to {_FILLED.get(order.filled_for, 'the order')}, which costs "
        f"{money(max(order.fill_cost, 0.0), currency)}",
        "needed": "What is due, and what joins",
    }
    holds = {
        "minimum_out_of_reach": order.out_of_reach,
        "waits_for_minimum": order.waits,
        "trimmed_by_budget": order.too_small,
        "trimmed_by_terms": order.filled_for == "trimmed",
        "fills_order": bool(order.filled_for),
    }
    code = next((code for code, hold in holds.items() if hold), "needed")
    return _reason([code], f"{said[code]}.", facts)
