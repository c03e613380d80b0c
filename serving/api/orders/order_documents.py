"""Orders as the JSON documents of `/v1/orders`: numbers unrounded but for sums of money, which are to the cent."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from database.purchase_orders.records import (
    OrderLine,
    ProposedOrder,
    PurchaseOrder,
    StoredEvent,
    total_goods,
)
from serving.orders.line_check import LineCheck
from serving.orders.order_view import PROPOSED, OrdersNow, OrderSummary


def summary_document(row: OrderSummary) -> dict[str, Any]:
    """Return the document of an order in a list."""
    document = asdict(row)
    document.pop("order")
    return document | {"goods": round(row.goods, 2)}


def totals_document(now: OrdersNow) -> dict[str, Any]:
    """Return the document of all orders' plan, currency and totals."""
    return {"plan": now.plan, "currency": now.currency, "totals": now.totals}


def order_document(
    order: PurchaseOrder, events: Sequence[StoredEvent] = (), changes: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return the document of a purchase order with its lines, what was done with it, and what the plan says now."""
    document = asdict(order)
    document["plan"] = document.pop("run_id")
    document.pop("counted_run")
    document["lines"] = [_line_document(line) for line in order.lines]
    document["goods"] = order.goods
    document["unpriced"] = sum(line.unit_price is None for line in order.ordered)
    return document | {"events": [asdict(event) for event in events], "changes_since": list(changes)}


def proposal_document(proposal: ProposedOrder) -> dict[str, Any]:
    """Return the document of a proposal that nobody has touched, shaped like an order's."""
    return {
        "order_id": None,
        "supplier_id": proposal.supplier_id,
        "status": PROPOSED,
        "version": 0,
        "plan": proposal.run_id,
        "currency": proposal.currency,
        "order_on": proposal.order_on,
        "lines": [_line_document(line) for line in proposal.lines],
        "goods": total_goods(proposal.lines),
        "unpriced": sum(line.unit_price is None for line in proposal.lines),
    }


def check_document(check: LineCheck) -> dict[str, Any]:
    """Return the document of a check; each breach says whether a person may accept it."""
    document = asdict(check)
    document["breaches"] = [asdict(breach) | {"may_accept": breach.may_accept} for breach in check.breaches]
    return document


def _line_document(line: OrderLine) -> dict[str, Any]:
    """Return the document of an order's line, without what only matching needs."""
    document = asdict(line)
    document.pop("known_before")
    return document | {"goods": line.goods, "edited": line.edited}
