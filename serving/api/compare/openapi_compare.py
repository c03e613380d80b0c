"""The OpenAPI description of `/v1/sourcing/compare`."""

from typing import Any

from planning.compare.compare_offers import PARTS, QUANTILES
from serving.api.compare.compare_answer import OFFER_NUMBERS
from serving.api.compare.compare_request import CompareRequest
from serving.api.description.shapes import json_body, sent_schema
from serving.http.problems import DESCRIBED

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_TEXTS = ("target", "shortage_source")
_RANGE = {"type": "object", "properties": dict.fromkeys(("mean", "low", "high"), _NUMBER)}
_SAID = {
    "paid": "money a unit at the order size",
    "safety_stock": "units, the target met in play, as a plan would set it",
    "formula_safety_stock": "units, from the exact mixture of lead-time demand",
    "normal_safety_stock": "units, z·√(L·σ_d² + d²·σ_L²)",
    "service": "kept in play, as the target counts it",
    "short": "units a year",
    "stock": "units on hand, on average",
    "orders": "a year",
}
_OFFER = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        **{
            name: {
                **(_TEXT if name in _TEXTS else _NUMBER),
                **({"description": _SAID[name]} if name in _SAID else {}),
            }
            for name in OFFER_NUMBERS
        },
        "lead_time_demand": {
            "type": "object",
            "properties": {
                "mean": _NUMBER,
                "quantiles": {
                    "type": "object",
                    "properties": dict.fromkeys([f"{p:.2f}" for p in QUANTILES], _NUMBER),
                },
            },
            "description": "units over lead time and review period",
        },
        "costs": {
            "type": "object",
            "properties": dict.fromkeys((*PARTS, "total"), _RANGE),
            "description": "money a year; 80 of 100 years lie between low and high",
        },
    },
}
_PAIR = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "against": _TEXT,
        "saves": {**_NUMBER, "description": "money a year against the other; negative: it costs more"},
        "saves_low": _NUMBER,
        "saves_high": _NUMBER,
        "chance": {**_NUMBER, "description": "share of the years in which it costs less"},
        "break_even_price": {**_NUMBER, "description": "money a unit at which both cost the same"},
        "premium": {**_NUMBER, "description": "that price over the other one's, a share"},
        "premium_low": _NUMBER,
        "premium_high": _NUMBER,
    },
}
_SPLIT = {
    "type": ["object", "null"],
    "description": "the best split between two of the offers, the base with the slower and cheaper one; null: none",
    "properties": {
        "base": _TEXT,
        "surge": _TEXT,
        "surge_share": {**_NUMBER, "description": "of the units, from the quicker one"},
        "base_point": {**_NUMBER, "description": "reorder point, units"},
        "surge_point": _NUMBER,
        "total": {**_NUMBER, "description": "money a year"},
        "low": _NUMBER,
        "high": _NUMBER,
        "saves": {**_NUMBER, "description": "against the cheaper of the two alone; negative: it costs more"},
        "saves_low": _NUMBER,
        "saves_high": _NUMBER,
        "chance": _NUMBER,
    },
}
_ANSWER = {
    "type": "object",
    "properties": {
        "model": {"type": ["object", "null"]},
        "currency": _TEXT,
        "years": {"type": "integer", "description": "played of each offer, on the same demand"},
        "cheapest": _TEXT,
        "offers": {"type": "array", "items": _OFFER},
        "split": _SPLIT,
        "pairs": {"type": "array", "items": _PAIR, "description": "every offer against every other one"},
    },
}


COMPARE_PATHS: dict[str, Any] = {
    "/v1/sourcing/compare": {
        "post": {
            "tags": ["resources"],
            "summary": "Offers compared: costs by part, stocks, break-even premiums; nothing is stored",
            "requestBody": json_body(sent_schema(CompareRequest)),
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": _ANSWER}}},
                "default": DESCRIBED,
            },
        }
    }
}
