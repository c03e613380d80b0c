"""The OpenAPI description of `/v1/service-cost`."""

from typing import Any

from serving.http.problems import DESCRIBED
from serving.state.service_costs import GROUPS

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_CURVE = {
    "type": "object",
    "properties": {
        "promise": {**_NUMBER, "description": "service level, a share"},
        "holding": {**_NUMBER, "description": "of stock, money a year"},
        "waste": {**_NUMBER, "description": "goods that perish, money a year; of SKUs not played not known"},
        "cost": {**_NUMBER, "description": "holding and waste together"},
        "shortage": {**_NUMBER, "description": "money a year"},
        "short": {**_NUMBER, "description": "units a year"},
        "reached": {**_NUMBER, "description": "share of the SKUs that can keep the promise"},
    },
}
_GROUP = {
    "type": "object",
    "properties": {
        "group": {"type": ["string", "null"], "description": "null: all SKUs"},
        "skus": {"type": "integer"},
        "played": {"type": "integer", "description": "of them in play, the others by the closed form"},
        "curve": {"type": "array", "items": _CURVE},
    },
}
_ANSWER = {
    "type": "object",
    "properties": {
        "model": {"type": "object"},
        "as_of": {**_TEXT, "format": "date"},
        "currency": _TEXT,
        "by": _TEXT,
        "groups": {"type": "array", "items": _GROUP},
    },
}

SERVICE_PATHS: dict[str, Any] = {
    "/v1/service-cost": {
        "get": {
            "tags": ["resources"],
            "summary": "What a promise of service costs a year, by supplier or category",
            "parameters": [
                {
                    "name": "by",
                    "in": "query",
                    "schema": {**_TEXT, "enum": list(GROUPS)},
                    "description": "supplier_id unless said",
                },
                {"name": "group", "in": "query", "schema": _TEXT, "description": "one group; none: all"},
            ],
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": _ANSWER}}},
                "default": DESCRIBED,
            },
        }
    }
}
