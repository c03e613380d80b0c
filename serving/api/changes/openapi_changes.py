"""The OpenAPI description of `/v1/changes`."""

from typing import Any

from planning.changes.action_changes import APPEARED, APPROVED, GONE, NOT_WORTH, PASSED, REPLACED, WORTH
from planning.changes.causes import CAUSES, MEANINGS
from planning.changes.plan_changes import NUMBERS
from serving.api.description.parameters import paging, query
from serving.api.description.shapes import NEXT

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_COUNT: dict[str, Any] = {"type": "integer"}
_CAUSE = {
    "enum": list(CAUSES),
    "description": "; ".join(f"{cause}: {text}" for cause, text in MEANINGS.items()),
}
_NOTES = {
    "since": "a day, whose last plan until then is meant, or the number of a plan run; none: the plan before",
    "cause": f"only SKUs with a part of it: {', '.join(CAUSES)}",
    "supplier_id": "now or before",
}
_BEFORE_AND_AFTER = {
    name: {**_NUMBER, "description": unit}
    for number, unit in (
        ("reorder_point", "units"),
        ("order_quantity", "units"),
        ("lead_time_demand", "units"),
        ("target_level", "a share"),
        ("inventory_position", "units"),
        ("lead_time", "days, mean"),
        ("lead_time_sd", "days"),
    )
    for name in (f"{number}_before", number)
}
_PARTS = {"type": "object", "additionalProperties": {"type": "number"}, "description": "cause → units"}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _list(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(properties)}


_SKU = {
    "unique_id": _TEXT,
    "supplier_id": {"type": ["string", "null"]},
    "supplier_before": {"type": ["string", "null"]},
    "unit_price": _NUMBER,
    "money": {
        **_NUMBER,
        "description": "the larger of both changes × unit price, by which the list is sorted",
    },
    "order_money": {**_NUMBER, "description": "change of the order × unit price"},
    **_BEFORE_AND_AFTER,
    "parts": {**_object(dict.fromkeys(NUMBERS, _PARTS)), "description": "they sum to the change"},
    "sentence": _TEXT,
}
_ACTION = {
    "action_id": _TEXT,
    "kind": _TEXT,
    "unique_id": _TEXT,
    "supplier_id": {"type": ["string", "null"]},
    "title": _TEXT,
    "change": {"enum": [APPEARED, GONE, WORTH]},
    "why": {"enum": ["", APPROVED, PASSED, REPLACED, NOT_WORTH], "description": "of one that is gone"},
    "worth_before": _NUMBER,
    "worth": _NUMBER,
    "worth_period": _TEXT,
    "act_by": {"type": ["string", "null"], "format": "date"},
}
_ANSWER = _object(
    {
        "as_of": {**_TEXT, "format": "date"},
        "currency": _TEXT,
        "since": {
            "type": ["string", "null"],
            "format": "date",
            "description": "none: there is no plan before",
        },
        "split": {"type": "boolean", "description": "false: the older plan did not keep what a split needs"},
        "problem": {**_TEXT, "description": "why the plan before cannot be compared with, else empty"},
        "plans": _list({"plan": _COUNT, "as_of": {**_TEXT, "format": "date"}, "at": _TEXT}),
        "totals": _object(
            {
                "skus": _COUNT,
                "reorder_points": _COUNT,
                "order_quantities": _COUNT,
                "orders_up": {**_NUMBER, "description": "money"},
                "orders_down": {**_NUMBER, "description": "money"},
            }
        ),
        "causes": _list(
            {
                "cause": _CAUSE,
                "words": _TEXT,
                "skus": _COUNT,
                "order_money": {**_NUMBER, "description": "they sum to the change of all orders"},
                "reorder_point_money": _NUMBER,
            }
        ),
        "changes": _list(_SKU),
        "total_actions": _COUNT,
        "actions": _list(_ACTION),
        "next": NEXT,
    }
)

CHANGE_PATHS: dict[str, Any] = {
    "/v1/changes": {
        "get": {
            "tags": ["resources"],
            "summary": "What moved since an earlier plan, the most money first, each change split by cause",
            "parameters": [
                *(
                    query(name, {"enum": list(CAUSES)} if name == "cause" else _TEXT, _NOTES.get(name, ""))
                    for name in ("since", "cause", "supplier_id", "unique_id")
                ),
                *paging(),
            ],
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": _ANSWER}}},
                "default": {
                    "description": "A problem (RFC 9457)",
                    "content": {
                        "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
                    },
                },
            },
        }
    }
}
