"""The routes of `/v1/orders`: lists and single orders, checks before saving, changes, and export files."""

import sys
from typing import get_args

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from database.access.approval import Approver
from database.purchase_orders.order_list import OrderFilter, order_with_events
from database.purchase_orders.records import OrderStatus, PurchaseOrder
from serving.api.orders.order_documents import (
    check_document,
    order_document,
    proposal_document,
    summary_document,
    totals_document,
)
from serving.api.orders.order_requests import OrderCheck, OrderExport, OrdersExport, OrderWrite, parse_body
from serving.http.json_encoding import json_response
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.person import own_name, person_of, require_role
from serving.http.query_parameters import check_parameters, known_parameter
from serving.identity.rules import STEPS
from serving.orders.edits import edit_order
from serving.orders.file_answer import file_response
from serving.orders.line_check import check_line
from serving.orders.order_view import OrderSummary, open_proposal, orders_now, plan_changes
from serving.orders.steps import export_orders, take_step
from serving.state.follower import Follower, follower_of

_STATUSES: dict[str, OrderStatus] = {status: status for status in get_args(OrderStatus)}


def get_orders(request: Request) -> Response:
    """Route `GET /v1/orders`: proposals nobody has touched and purchase orders, by `status, supplier_id`."""
    check_parameters(request, "status", "supplier_id", *PAGING)
    follower, supplier_id = follower_of(request), request.query_params.get("supplier_id")
    served, status = follower.current(), known_parameter(request, "status", _STATUSES)
    now = orders_now(follower, OrderFilter(None if status is None else _STATUSES[status], supplier_id))
    if not now.orders:  # one that sells no more may have orders still
        known_parameter(request, "supplier_id", served.supplier_ids, listed_at="/v1/suppliers")
    asked = page_asked(request, now.plan)
    page = page_of(now.orders, asked, _place)
    header = {"model": served.version, "as_of": str(served.as_of.date()), "total": len(now.orders)}
    rows = [summary_document(row) for row in page.rows]
    return json_response(
        header | totals_document(now) | {"orders": rows, "next": page.next}, headers=page.headers(request)
    )


def _place(row: OrderSummary) -> tuple[int, float, str]:
    """Where an order stands in the list: proposals first, the most urgent first, then orders, the newest first."""
    if row.order_id is None:
        return 0, sys.float_info.max if row.urgency is None else -row.urgency, row.supplier_id
    return 1, -float(row.order_id.rpartition("-")[2]), ""


def get_order(request: Request) -> Response:
    """Route `GET /v1/orders/{order_id}`: one purchase order, what was done with it, what the plan says now."""
    check_parameters(request)
    follower = follower_of(request)
    order, events = order_with_events(follower.engine, request.path_params["order_id"])
    changes = []
    if order.status == "draft":
        changes = plan_changes(order, open_proposal(follower, order.supplier_id, of=order.order_id))
    return json_response(order_document(order, events, changes))


def get_proposal(request: Request) -> Response:
    """Route `GET /v1/orders/proposals/{supplier_id}`: what is still proposed to a supplier, with its lines."""
    check_parameters(request)
    return json_response(
        proposal_document(open_proposal(follower_of(request), request.path_params["supplier_id"]))
    )


async def post_check(request: Request) -> Response:
    """Route `POST /v1/orders/check`: risk, cost, stock days and terms of a quantity; nothing is stored."""
    asked = parse_body(await request.body(), OrderCheck)
    served = follower_of(request).current()
    check = await anyio.to_thread.run_sync(
        check_line, served, asked.supplier_id, asked.unique_id, asked.quantity
    )
    return json_response(check_document(check))


async def post_order(request: Request) -> Response:
    """Route `POST /v1/orders`: 201 when the change is new, 200 with the order as it stands when it repeats one."""
    asked = parse_body(await request.body(), OrderWrite)
    require_role(request, STEPS[asked.what], f"to {asked.what} an order")
    own_name(request, asked.who)
    order, new = await anyio.to_thread.run_sync(
        _write, follower_of(request), asked, person_of(request).approver
    )
    return json_response(order_document(order), 201 if new else 200)


def _write(follower: Follower, asked: OrderWrite, approver: Approver) -> tuple[PurchaseOrder, bool]:
    """Change the order that a request to `/v1/orders` is about."""
    order_request = asked.request(follower.current(), approver)
    if asked.what == "edit":
        return edit_order(follower, order_request, asked.edit())
    return take_step(
        follower, order_request, asked.what, reason=asked.reason, accept_breach=asked.accept_breach
    )


async def post_export(request: Request) -> Response:
    """Route `POST /v1/orders/{order_id}/export`: the order's file; asked again, the same file, which a header says."""
    asked = parse_body(await request.body() or b"{}", OrderExport)
    follower, order_id = follower_of(request), request.path_params["order_id"]
    who = own_name(request, asked.who)
    file = await anyio.to_thread.run_sync(
        lambda: export_orders(follower, [order_id], asked.format, who=who, seen=asked.version)
    )
    return file_response(file)


async def post_exports(request: Request) -> Response:
    """Route `POST /v1/orders/export`: one file of several approved orders, or none of them is exported."""
    asked = parse_body(await request.body(), OrdersExport)
    follower, who = follower_of(request), own_name(request, asked.who)
    file = await anyio.to_thread.run_sync(
        lambda: export_orders(follower, asked.order_ids, asked.format, who=who)
    )
    return file_response(file)


ORDER_RESOURCES = [
    Route("/v1/orders", get_orders),
    Route("/v1/orders", post_order, methods=["POST"]),
    Route("/v1/orders/check", post_check, methods=["POST"]),
    Route("/v1/orders/export", post_exports, methods=["POST"]),
    Route("/v1/orders/proposals/{supplier_id:path}", get_proposal),
    Route("/v1/orders/{order_id}", get_order),
    Route("/v1/orders/{order_id}/export", post_export, methods=["POST"]),
]
