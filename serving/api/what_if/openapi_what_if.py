"""The OpenAPI description of `/v1/what-if`."""

from typing import Any

from planning.what_if.outcomes import NUMBERS
from planning.what_if.play_change import SUMMED
from serving.api.description.parameters import query
from serving.what_if.asked import MOST_ASSESSED
from serving.what_if.change_fields import FIELDS

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_LIMIT = {"type": "integer", "minimum": 0, "maximum": MOST_ASSESSED, "default": 10}
_SUMS = (*SUMMED, "bought", "ordered", "stockouts")
_NUMBERS = {"type": "object", "properties": dict.fromkeys(NUMBERS, _NUMBER)}
_OUTCOME = {
    "type": "object",
    "properties": {"supplier_id": _TEXT, "target": _TEXT, **dict.fromkeys(NUMBERS, _NUMBER)},
}
_SIDES = {"type": "object", "properties": dict.fromkeys(("before", "after", "difference"), _NUMBER)}
_ANSWER = {
    "type": "object",
    "properties": {
        "as_of": {**_TEXT, "format": "date"},
        "currency": _TEXT,
        "supplier_id": {**_TEXT, "description": "whose terms are changed"},
        "played": {"type": "boolean", "description": "as in a plan; false: both sides by the closed form"},
        "skus": {"type": "integer", "description": "assessed, of all_skus"},
        "all_skus": {"type": "integer"},
        "sums": {
            "type": "object",
            "properties": dict.fromkeys(_SUMS, _SIDES),
            "description": "money over the SKUs, cost a year; bought and ordered count SKUs; stockouts are expected "
            "before an order placed today can arrive",
        },
        "moved_most": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "unique_id": _TEXT,
                    "before": _OUTCOME,
                    "after": _OUTCOME,
                    "difference": _NUMBERS,
                },
            },
            "description": "the SKUs whose cost a year moves most; the one that was asked about",
        },
    },
}
_NAMES = {
    "unique_id": "one SKU",
    "supplier_id": "all SKUs of a supplier; with unique_id: whose terms are changed",
    "limit": "SKUs in moved_most, 10 unless said",
    **{field.name: f"{field.label}: {field.expected}" for field in FIELDS},
}

WHAT_IF_PATHS: dict[str, Any] = {
    "/v1/what-if": {
        "get": {
            "tags": ["resources"],
            "summary": "What a plan would say if terms, a target or demand were otherwise; nothing is stored",
            "parameters": [
                query(name, _LIMIT if name == "limit" else _TEXT, text) for name, text in _NAMES.items()
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
