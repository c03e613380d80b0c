"""The OpenAPI description of `/v1/responsible`."""

from typing import Any

from serving.http.problems import DESCRIBED

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_MOVE = {
    "type": "object",
    "properties": {
        "unique_id": _TEXT,
        "supplier_id": {**_TEXT, "description": "bought from today"},
        "alternative_supplier_id": _TEXT,
        "spend": {**_NUMBER, "description": "that it moves, money a year"},
        "price": {**_NUMBER, "description": "money a year"},
    },
}
_SHARE = {
    "type": "object",
    "properties": {
        "category": {**_TEXT, "description": "`all`: everything that is bought"},
        "goal": {**_TEXT, "enum": ["local", "diverse", "certified", "most_from_one"]},
        "supplier_id": {**_TEXT, "description": "of `most_from_one` the largest supplier"},
        "spend": {**_NUMBER, "description": "of the category, money a year"},
        "share_now": _NUMBER,
        "goal_share": {**_NUMBER, "description": "null: no goal is set"},
        "share_then": {**_NUMBER, "description": "with the moves that the plan proposes"},
        "met": {"type": ["boolean", "null"], "description": "by those moves"},
        "price": {**_NUMBER, "description": "of the moves, money a year; negative: they save"},
        "skus": {"type": "integer", "description": "to move"},
        "emissions": {**_NUMBER, "description": "of the category a year, in the suppliers' unit"},
        "moves": {"type": "array", "items": _MOVE, "description": "of the plan, the cheapest first"},
    },
}
_OUTSIDE = {
    "type": "object",
    "properties": {
        "category": _TEXT,
        "supplier_id": {**_TEXT, "description": "bought from"},
        "preferred_supplier_id": _TEXT,
        "skus": {"type": "integer"},
        "lines": {"type": "integer", "description": "order lines of the last 365 days"},
        "spend": {**_NUMBER, "description": "at the prices paid, money"},
        "category_spend": {**_NUMBER, "description": "of the category's SKUs with a preferred vendor"},
        "extra_cost": {**_NUMBER, "description": "beyond what the preferred offer asks today"},
    },
}
_ANSWER = {
    "type": "object",
    "properties": {
        "model": {"type": "object"},
        "as_of": {**_TEXT, "format": "date"},
        "currency": _TEXT,
        "shares": {"type": "array", "items": _SHARE},
        "off_preferred": {"type": "array", "items": _OUTSIDE},
    },
}

RESPONSIBLE_PATHS: dict[str, Any] = {
    "/v1/responsible": {
        "get": {
            "tags": ["resources"],
            "summary": "Shares of spend by category, goals and their price, purchases outside preferred vendors",
            "parameters": [
                {"name": "category", "in": "query", "schema": _TEXT, "description": "one; none: all"}
            ],
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": _ANSWER}}},
                "default": DESCRIBED,
            },
        }
    }
}
