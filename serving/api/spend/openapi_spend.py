"""The OpenAPI description of `/v1/spend`."""

from typing import Any

from procurement.spend.spend_cube import DIMENSIONS
from procurement.spend.unusual_spend import KINDS
from serving.api.description.parameters import paging, query
from serving.api.description.shapes import MAYBE_TEXT, MODEL, NEXT, TEXT, json_answer, list_of, object_of
from serving.state.spend_view import FLAGS

_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_DAY: dict[str, Any] = {"type": ["string", "null"], "format": "date"}
_MONTH: dict[str, Any] = {**TEXT, "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$"}
_HEAD: dict[str, Any] = {
    "model": MODEL,
    "as_of": {**TEXT, "format": "date"},
    "plan": {"type": "integer"},
    "currency": TEXT,
}
_SUMS: dict[str, Any] = {
    "orders": {**_NUMBER, "description": "orders with such a line"},
    "lines": _NUMBER,
    "units": _NUMBER,
    "amount": {
        **_NUMBER,
        "description": "money: units ordered at the order's price, of lines closed short what came",
    },
    "share": {**_NUMBER, "description": "of what the filters leave"},
    "average_order": {**_NUMBER, "description": "money"},
    "over_contract": {**_NUMBER, "description": "paid above the price agreed, negative: below"},
    "over_lowest": {**_NUMBER, "description": "paid above the lowest offer for the SKU in force on the day"},
    "invoiced": _NUMBER,
    "amount_contracted": {**_NUMBER, "description": "bought under a contract"},
    "amount_off_contract": {**_NUMBER, "description": "bought elsewhere though somebody has the contract"},
    "amount_certified": _NUMBER,
    "amount_diverse": _NUMBER,
    "amount_local": _NUMBER,
}
_SPEND = {"title": "Spend"} | object_of({"name": {**TEXT, "description": "empty: not known"}, **_SUMS})
_MONTHS = object_of(
    {
        "month": _MONTH,
        "spent": _NUMBER,
        "forecast_low": {**_NUMBER, "description": "one in ten is below"},
        "forecast": {**_NUMBER, "description": "the plan's own orders, played"},
        "forecast_high": {**_NUMBER, "description": "one in ten is above"},
        "budget": _NUMBER,
    }
)
_BUDGET = object_of(
    {
        "budget": TEXT,
        "period": TEXT,
        "starts": _DAY,
        "ends": _DAY,
        "category": MAYBE_TEXT,
        "supplier_id": MAYBE_TEXT,
        "department": MAYBE_TEXT,
        "amount": _NUMBER,
        "spent": _NUMBER,
        "projected_low": _NUMBER,
        "projected": {**_NUMBER, "description": "spent by its end"},
        "projected_high": _NUMBER,
        "over_chance": {**_NUMBER, "description": "chance to pass it"},
        "over_on": {**_DAY, "description": "passed on, or will be with a chance of one half"},
        "over_by": _NUMBER,
        "state": {**TEXT, "enum": ["running", "coming", "past"]},
    }
)
_UNUSUAL = object_of(
    {
        "number": {"type": "integer"},
        "kind": {**TEXT, "enum": list(KINDS)},
        "at": {**_DAY, "description": "day of the order"},
        "order_id": TEXT,
        "line": MAYBE_TEXT,
        "unique_id": MAYBE_TEXT,
        "supplier_id": MAYBE_TEXT,
        "category": MAYBE_TEXT,
        "department": MAYBE_TEXT,
        "site": MAYBE_TEXT,
        "amount": {**_NUMBER, "description": "the money in question"},
        "expected": _NUMBER,
        "observed": _NUMBER,
        "chance": {**_NUMBER, "description": "of it being so in usual business; null: a rule is broken"},
        "reason": TEXT,
    }
)


def _get(summary: str, parameters: list[dict[str, Any]], answer: dict[str, Any]) -> dict[str, Any]:
    responses = {"200": json_answer(object_of(_HEAD | answer))}
    return {
        "get": {"tags": ["resources"], "summary": summary, "parameters": parameters, "responses": responses}
    }


SPEND_PATHS: dict[str, Any] = {
    "/v1/spend": _get(
        "Spend by SKU, supplier, category, department, site or month, under filters",
        [
            query("by", {**TEXT, "enum": list(DIMENSIONS), "default": "supplier_id"}),
            *(query(name, TEXT) for name in DIMENSIONS if name != "month"),
            query("flag", {**TEXT, "enum": [name for name in FLAGS if name]}),
            query("since", _MONTH, "first month"),
            query("until", _MONTH, "last month"),
            *paging(),
        ],
        {
            "by": {**TEXT, "enum": list(DIMENSIONS)},
            "total": object_of(_SUMS),
            "spend": list_of(_SPEND),
            "next": NEXT,
        },
    ),
    "/v1/spend/outlook": _get(
        "Spend by month with what is to come and its range, and what becomes of each budget",
        [],
        {"months": list_of(_MONTHS), "budgets": list_of(_BUDGET)},
    ),
    "/v1/spend/unusual": _get(
        "What is unusual in the spend: prices, quantities, repeats, splits, approvals, invoices",
        [query("kind", {**TEXT, "enum": list(KINDS)}), *paging()],
        {"total": {"type": "integer"}, "unusual": list_of(_UNUSUAL), "next": NEXT},
    ),
}
