"""The OpenAPI description of `/v1/suppliers/{supplier_id}/brief`."""

from typing import Any

from serving.http.problems import DESCRIBED

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_MAYBE: dict[str, Any] = {"type": ["string", "null"]}
_OBJECT: dict[str, Any] = {"type": "object"}


def _rows(*names: str, texts: tuple[str, ...] = (), what: str = "") -> dict[str, Any]:
    """Schema of a list of objects with numbers and texts."""
    properties = dict.fromkeys(names, _NUMBER) | dict.fromkeys(texts, _MAYBE)
    said = {"description": what} if what else {}
    return {"type": "array", "items": {"type": "object", "properties": properties}, **said}


_ANSWER = {
    "type": "object",
    "properties": {
        "model": _OBJECT,
        "supplier_id": _TEXT,
        "name": _TEXT,
        "as_of": {**_TEXT, "format": "date"},
        "currency": _TEXT,
        "terms": _rows(
            "worth", "worth_low", "worth_high", "level", "skus", "played_share",
            texts=("term", "unit"),
            what="what one step better of each term is worth, money a year; 80 of 100 years lie in the range",
        ),
        "moqs": _rows(
            "moq", "worth", "low", "high",
            texts=("unique_id", "description"),
            what="what a unit off an MOQ is worth a year",
        ),
        "alternatives": _rows(
            "skus", "goods", "saves", "saves_low", "saves_high", "chance", "premium", "premium_low", "premium_high",
            texts=("supplier_id", "name"),
            what="premium: share by which prices here may rise before the other one costs less all told",
        ),
        "performance": _OBJECT,
        "worst_orders": _rows("quantity_ordered", "money", "days_late", texts=("order_id", "line", "unique_id")),
        "open_orders": _OBJECT,
        "spend": _OBJECT,
        "needs": {"type": ["object", "null"], "description": "by month, with the range of 80 in 100"},
        "growth": {**_NUMBER, "description": "of the coming year's need over what was ordered, a share"},
        "asks": _rows(
            "worth", "low", "high", "price_rise", texts=("ask", "evidence", "fallback", "action_id")
        ),
        "gives": {"type": "array", "items": _TEXT},
        "agreed": _rows("worth", texts=("what", "who", "decided_on", "carried_out_on")),
        "agenda": {"type": "array", "items": _TEXT},
    },
}  # fmt: skip

BRIEF_PATHS: dict[str, Any] = {
    "/v1/suppliers/{supplier_id}/brief": {
        "get": {
            "tags": ["resources"],
            "summary": "Negotiation brief of a supplier: what terms are worth, asks with fallbacks, performance, needs",
            "parameters": [{"name": "supplier_id", "in": "path", "required": True, "schema": _TEXT}],
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": _ANSWER}}},
                "default": DESCRIBED,
            },
        }
    }
}
