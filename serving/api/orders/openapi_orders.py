"""The OpenAPI description of `/v1/orders`: its paths, and the shapes of requests and answers."""

from collections.abc import Sequence
from typing import Any, get_args

from database.purchase_orders.records import OrderStatus
from serving.api.description.parameters import Parameter, paging, query
from serving.api.description.shapes import NEXT, json_body, named, sent_schema
from serving.api.orders.order_requests import OrderCheck, OrderExport, OrdersExport, OrderWrite
from serving.api.request_schemas import RequestBody
from serving.http.problems import DESCRIBED
from serving.orders.export_formats import KINDS, SYSTEMS

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_NUMBER: dict[str, Any] = {"type": "number"}
_MAYBE: dict[str, Any] = {"type": ["number", "null"]}
_WHOLE: dict[str, Any] = {"type": "integer"}
_DAY: dict[str, Any] = {"type": ["string", "null"], "format": "date"}
_MOMENT: dict[str, Any] = {"type": ["string", "null"], "format": "date-time"}
_STATUS: dict[str, Any] = {"enum": ["proposed", *get_args(OrderStatus)]}
_GOODS: dict[str, Any] = {"type": "number", "description": "Σ quantity × unit_price, to the cent"}
_PROBLEM = DESCRIBED | {
    "description": "A problem (RFC 9457); 412 has both versions, 422 `term_broken` has `breaches`"
}


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


_HEAD = {
    "order_id": {**_MAYBE_TEXT, "description": "none: a proposal that nobody has touched"},
    "supplier_id": _TEXT,
    "status": _STATUS,
    "version": {**_WHOLE, "description": "send it back with what you change; 0 for a proposal"},
    "plan": {**_WHOLE, "description": "plan run that proposed it"},
    "order_on": {**_DAY, "description": "day on which it goes out"},
    "goods": _GOODS,
    "unpriced": {**_WHOLE, "description": "lines without a known price"},
}
_LINE = {
    "line": _WHOLE, "unique_id": _TEXT, "quantity": _NUMBER, "unit_price": _MAYBE, "goods": _MAYBE, "due": _DAY,
    "origin": _TEXT, "proposed": _NUMBER, "proposed_due": _DAY, "edited": {"type": "boolean"},
    "purchase_unit": _TEXT, "units_each": _NUMBER, "erp_order_id": _MAYBE_TEXT,
    "erp_quantity": {**_MAYBE, "description": "units that the ERP's table shows, once it does"},
    "erp_received": _MAYBE,
}  # fmt: skip
_ORDER = {
    "title": "Order",
    "type": "object",
    "properties": {
        **_HEAD,
        "currency": _TEXT, "note": _TEXT, "lines": _list(_LINE),
        "created_by": _TEXT, "created_at": _MOMENT, "approved_by": _MAYBE_TEXT, "approved_at": _MOMENT,
        "exported_by": _MAYBE_TEXT, "exported_at": _MOMENT, "ordered_on": _DAY, "awaited_from": _DAY,
        "confirmed_at": _MOMENT, "received_at": _MOMENT,
        "events": _list({"id": _WHOLE, "at": _MOMENT, "order_id": _TEXT, "version": _WHOLE, "who": _TEXT,
                         "kind": _TEXT, "facts": {"type": "object"}, "reason": _TEXT}),
        "changes_since": {
            **_list({"unique_id": _TEXT, "ordered": _NUMBER, "proposed": _NUMBER, "sentence": _TEXT}),
            "description": "what the current plan proposes otherwise than a draft of an older one",
        },
    },
}  # fmt: skip
_SUMS = {"type": "object", "properties": {"orders": _WHOLE, "lines": _WHOLE, "goods": _GOODS}}
_ORDERS = {
    "title": "OrderList",
    "type": "object",
    "properties": {
        "plan": _WHOLE,
        "as_of": _DAY,
        "currency": _TEXT,
        "total": {**_WHOLE, "description": "orders in all; `offset` and `limit` page them"},
        "totals": {
            "type": "object",
            "additionalProperties": _SUMS,
            "description": "by status; `to_decide`: proposals and drafts together",
        },
        "next": NEXT,
        "orders": _list(
            {
                **_HEAD,
                "older_plan": {"type": "boolean"},
                "lines": _WHOLE,
                "units": _NUMBER,
                "order_by": _DAY,
                "urgency": _MAYBE,
            }
        ),
    },
}
_BREACH = {
    "type": "object",
    "properties": {
        "term": _TEXT,
        "value": {"type": ["number", "string"]},
        "fix": {"type": ["number", "string"]},
        "sentence": _TEXT,
        "may_accept": {"type": "boolean", "description": "`accept_breach` with a reason overrules it"},
    },
}
_CHECK = {
    "title": "LineCheck",
    "type": "object",
    "properties": {
        "unique_id": _TEXT, "supplier_id": _TEXT, "quantity": _NUMBER, "purchase_unit": _TEXT,
        "purchase_quantity": _NUMBER, "unit_price": _MAYBE, "price_break": _MAYBE, "goods": _MAYBE,
        "landed": _MAYBE, "expected_arrival": _DAY, "stock_days_now": _MAYBE, "stock_days_after": _MAYBE,
        "risk_if_skipped": _MAYBE, "risk_if_ordered": _MAYBE,
        "cost": {**_MAYBE, "description": "holding and shortage of the review period that the order decides"},
        "breaches": {"type": "array", "items": _BREACH},
        "advice": {**_BREACH, "type": ["object", "null"], "description": "a price break within reach"},
    },
}  # fmt: skip


def _body(schema: type[RequestBody]) -> dict[str, Any]:
    return json_body(named(schema.__name__, sent_schema(schema)))


def _operation(
    summary: str, answer: dict[str, Any], *, path: tuple[str, ...] = (), query: Sequence[Parameter] = ()
) -> dict[str, Any]:
    """Describe an operation: its parameters and the schema of its answer."""
    parameters = [{"name": name, "in": "path", "required": True, "schema": _TEXT} for name in path]
    parameters += query
    content = {"application/json": {"schema": answer}}
    return {
        "tags": ["orders"],
        "summary": summary,
        "parameters": parameters,
        "responses": {"200": {"description": "OK", "content": content}, "default": _PROBLEM},
    }


_FORMS = [kind if name == "purvey" else f"{name}.{kind}" for name in SYSTEMS for kind in KINDS]
_FILE = {
    "200": {
        "description": f"The order's file, made once and the same ever after; formats: {', '.join(_FORMS)}",
        "headers": {
            "x-already-exported": {
                "schema": _TEXT,
                "description": "when and by whom, where it was made before",
            },
            "etag": {"schema": _TEXT, "description": "SHA-256 of the file"},
        },
        "content": {"application/octet-stream": {}},
    },
    "default": _PROBLEM,
}
_CHANGED = {
    "201": {"description": "The order, changed", "content": {"application/json": {"schema": _ORDER}}},
    "200": {"description": "The order as it stands: this very request has changed it before"},
    "default": _PROBLEM,
}

ORDER_PATHS: dict[str, Any] = {
    "/v1/orders": {
        "get": _operation(
            "Proposals that nobody has touched, and purchase orders",
            _ORDERS,
            query=[
                query("status", {"enum": list(get_args(OrderStatus))}),
                query("supplier_id", _TEXT),
                *paging(),
            ],
        ),
        "post": {
            **_operation("Edit, approve, reopen, withdraw or comment on an order or proposal", _ORDER),
            "requestBody": _body(OrderWrite),
            "responses": _CHANGED,
        },
    },
    "/v1/orders/check": {
        "post": {
            **_operation("Risk, cost, stock days and terms of a quantity; nothing is stored", _CHECK),
            "requestBody": _body(OrderCheck),
        }
    },
    "/v1/orders/export": {
        "post": {
            **_operation("One file of several approved orders, exactly once, all or none", _ORDER),
            "requestBody": _body(OrdersExport),
            "responses": _FILE,
        }
    },
    "/v1/orders/proposals/{supplier_id}": {
        "get": _operation("What is still proposed to a supplier, line by line", _ORDER, path=("supplier_id",))
    },
    "/v1/orders/{order_id}": {
        "get": _operation("One purchase order with all that was done with it", _ORDER, path=("order_id",))
    },
    "/v1/orders/{order_id}/export": {
        "post": {
            **_operation("The file of an approved order, exactly once", _ORDER, path=("order_id",)),
            "requestBody": _body(OrderExport),
            "responses": _FILE,
        }
    },
}
"""Path → operations of `/v1/orders`."""
