"""The routes of `/v1/orders`: lists and single orders, checks before saving, changes, and export files."""

from typing import get_args

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

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
from serving.http.access import check_origin
from serving.http.json_encoding import json_response
from serving.http.problems import Problem
from serving.http.query_parameters import MAX_ROWS_IN_ANSWER, check_parameters, int_parameter
from serving.http.visitor_name import visitor_name
from serving.orders.edits import edit_order
from serving.orders.file_answer import file_response
from serving.orders.line_check import check_line
from serving.orders.order_view import open_proposal, orders_now, plan_changes
from serving.orders.steps import export_orders, take_step
from serving.state.follower import Follower, follower_of

_STATUSES: dict[str, OrderStatus] = {status: status for status in get_args(OrderStatus)}


def get_orders(request: Request) -> Response:
    """Route `GET /v1/orders`: proposals nobody has touched and purchase orders, by `status, supplier_id`."""
    check_parameters(request, "status", "supplier_id", "offset", "limit")
    follower, query = follower_of(request), request.query_params
    served = follower.current()
    where = OrderFilter(_status(query.get("status")), query.get("supplier_id"))
    now = orders_now(follower, where)
    offset, limit = (
        int_parameter(request, "offset", 0, 10**9 - 1),
        int_parameter(request, "limit", 100, MAX_ROWS_IN_ANSWER),
    )
    rows = now.orders[offset : offset + limit]
    header = {"model": served.version, "as_of": str(served.as_of.date()), "total": len(now.orders)}
    return json_response(header | totals_document(now) | {"orders": [summary_document(row) for row in rows]})


def _status(text: str | None) -> OrderStatus | None:
    """Read the query parameter `status` of orders."""
    if text is not None and text not in _STATUSES:
        raise Problem(422, "invalid_request", f"status: {text!r} is none of {', '.join(_STATUSES)}")
    return None if text is None else _STATUSES[text]


def get_order(request: Request) -> Response:
    """Route `GET /v1/orders/{order_id}`: one purchase order, what was done with it, what the plan says now."""
    follower = follower_of(request)
    order, events = order_with_events(follower.engine, request.path_params["order_id"])
    changes = []
    if order.status == "draft":
        changes = plan_changes(order, open_proposal(follower, order.supplier_id, of=order.order_id))
    return json_response(order_document(order, events, changes))


def get_proposal(request: Request) -> Response:
    """Route `GET /v1/orders/proposals/{supplier_id}`: what is still proposed to a supplier, with its lines."""
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
    check_origin(request)
    asked = parse_body(await request.body(), OrderWrite)
    who = visitor_name(request, asked.who)
    order, new = await anyio.to_thread.run_sync(_write, follower_of(request), asked, who)
    return json_response(order_document(order), 201 if new else 200)


def _write(follower: Follower, asked: OrderWrite, who: str) -> tuple[PurchaseOrder, bool]:
    """Change the order that a request to `/v1/orders` is about."""
    order_request = asked.request(follower.current(), who)
    if asked.what == "edit":
        return edit_order(follower, order_request, asked.edit())
    return take_step(
        follower, order_request, asked.what, reason=asked.reason, accept_breach=asked.accept_breach
    )


async def post_export(request: Request) -> Response:
    """Route `POST /v1/orders/{order_id}/export`: the order's file; asked again, the same file, which a header says."""
    check_origin(request)
    asked = parse_body(await request.body() or b"{}", OrderExport)
    follower, order_id = follower_of(request), request.path_params["order_id"]
    who = visitor_name(request, asked.who)
    file = await anyio.to_thread.run_sync(
        lambda: export_orders(follower, [order_id], asked.format, who=who, seen=asked.version)
    )
    return file_response(file)


async def post_exports(request: Request) -> Response:
    """Route `POST /v1/orders/export`: one file of several approved orders, or none of them is exported."""
    check_origin(request)
    asked = parse_body(await request.body(), OrdersExport)
    follower, who = follower_of(request), visitor_name(request, asked.who)
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
