"""The page of one purchase order, or of what is proposed to a supplier: terms, lines to edit, history, files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from database.purchase_orders.order_list import order_with_events
from database.purchase_orders.records import ProposedOrder, PurchaseOrder, StoredEvent
from serving.http.problems import Problem
from serving.orders.export_formats import FORMS
from serving.orders.order_view import PROPOSED, open_proposal, plan_changes
from serving.pages.orders.order_lines import ShownLine, shown_lines
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.follower import Follower, follower_of
from serving.state.lookup import NO_PLAN
from serving.state.served import Served


@dataclass(frozen=True)
class OrderForm:
    """What a form sent that is not saved: quantities by SKU, the error that came of it, breaches to be accepted.

    `failed` says what was not done.
    """

    quantities: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    acceptable: bool = False
    reason: str = ""
    status: int = 200
    failed: str = "Not saved."


NOTHING_SENT = OrderForm()


def order_page(request: Request) -> Response:
    """Show the page of one purchase order."""
    return show_order(request, request.path_params["order_id"])


def proposal_page(request: Request) -> Response:
    """Show the page of what is still proposed to a supplier."""
    return show_proposal(request, request.path_params["supplier_id"])


def show_order(request: Request, order_id: str, sent: OrderForm = NOTHING_SENT) -> Response:
    """Render the page of a purchase order, with what a form `sent` that could not be saved, or is only looked at."""
    follower = follower_of(request)
    order, events = order_with_events(follower.engine, order_id)
    changes = []
    if order.status == "draft":
        changes = plan_changes(order, open_proposal(follower, order.supplier_id, of=order.order_id))
    return _render(request, follower, order, sent, events=events, changes=changes)


def show_proposal(request: Request, supplier_id: str, sent: OrderForm = NOTHING_SENT) -> Response:
    """Render the page of a proposal, with what a form `sent` that could not be saved, or is only looked at."""
    follower = follower_of(request)
    return _render(request, follower, open_proposal(follower, supplier_id), sent)


def _render(
    request: Request,
    follower: Follower,
    order: PurchaseOrder | ProposedOrder,
    sent: OrderForm,
    *,
    events: list[StoredEvent] | None = None,
    changes: list[dict[str, Any]] | None = None,
) -> Response:
    """Render an order's page."""
    served = follower.current()
    if served.snapshot is None:
        raise Problem(503, "no_plan", NO_PLAN)
    stored = isinstance(order, PurchaseOrder)
    lines = shown_lines(served, order.supplier_id, order.lines, sent.quantities)
    more = {
        "order": order,
        "order_id": order.order_id if isinstance(order, PurchaseOrder) else None,
        "version": order.version if isinstance(order, PurchaseOrder) else 0,
        "status": order.status if isinstance(order, PurchaseOrder) else PROPOSED,
        "editable": not stored or (isinstance(order, PurchaseOrder) and order.status == "draft"),
        "action": f"/orders/{order.order_id}" if isinstance(order, PurchaseOrder) else _proposal_path(order),
        "supplier": _supplier(served, order.supplier_id),
        "terms": _terms(served, order.supplier_id),
        "sums": _sums(lines),
        "lines": lines,
        "events": events or [],
        "changes": changes or [],
        "sent": sent,
        "forms": FORMS,
    }
    return render_page(request, "order.html", page_context(request) | more, sent.status)


def _proposal_path(order: ProposedOrder) -> str:
    """Where the form of a proposal is sent to, and its page."""
    return f"/orders/proposals/{quote(order.supplier_id, safe='')}"


def _supplier(served: Served, supplier_id: str) -> dict[str, Any]:
    """What is known of the order's supplier, by column."""
    table = served.inputs.suppliers
    rows = table[table["supplier_id"] == supplier_id].to_dict("records")
    return {str(name): value for name, value in rows[0].items()} if rows else {}


def _terms(served: Served, supplier_id: str) -> dict[str, Any]:
    """What the plan says of the supplier's order as a whole, by column of `orders.parquet`; empty where nothing."""
    assert served.snapshot is not None
    table = served.snapshot.supplier_orders
    rows = table[table["supplier_id"] == supplier_id].to_dict("records")
    return {str(name): value for name, value in rows[0].items()} if rows else {}


def _sums(lines: list[ShownLine]) -> dict[str, float]:
    """Lines, units and goods of the lines as they are shown."""
    ordered = [line for line in lines if line.quantity > 0]
    return {
        "lines": len(ordered),
        "units": sum(line.quantity for line in ordered),
        "goods": round(sum(line.goods or 0.0 for line in ordered), 2),
        "unpriced": sum(line.goods is None for line in ordered),
    }
