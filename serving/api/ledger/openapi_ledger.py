"""The OpenAPI description of `/v1/ledger`."""

from typing import Any

from serving.api.description.parameters import paging
from serving.api.description.shapes import NEXT
from serving.http.problems import DESCRIBED
from serving.state.ledger_view import BY, FILTERS, STATES

_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_DAY: dict[str, Any] = {"type": ["string", "null"], "format": "date"}
_ENTRY = {
    "type": "object",
    "properties": {
        "decision_id": {"type": "integer"},
        "action_id": _TEXT,
        "kind": _TEXT,
        "title": _TEXT,
        "person": {**_TEXT, "description": "whose the action is, else who approved it"},
        "agreed": {"type": ["object", "null"], "description": "own numbers in the place of those proposed"},
        "state": {"enum": list(STATES)},
        "agreed_on": _DAY,
        "in_effect_on": {**_DAY, "description": "first day on which offers, orders or receipts show it"},
        "ended_on": {**_DAY, "description": "realised: it is counted no longer; lapsed: nothing came of it"},
        "lapse_by": _DAY,
        "evidence": {"type": "array", "items": {"type": "object"}},
        "worth": {**_NUMBER, "description": "as it was approved, money a year or once"},
        "promised": {**_NUMBER, "description": "money, for the days that are measured"},
        "realised": {
            **_NUMBER,
            "description": "money, beside what would have been without it; null: not measured",
        },
        "low": {**_NUMBER, "description": "end of the range that holds it in 80 of 100 plays"},
        "high": _NUMBER,
        "parts": {"type": "object", "description": "part of the cost → money of `realised`"},
        "not_measured": {**_TEXT, "description": "why it is not measured; empty where it is"},
    },
}
_ANSWER = {
    "type": "object",
    "properties": {
        "model": {"type": "object"},
        "as_of": {**_TEXT, "format": "date"},
        "currency": _TEXT,
        "by": _TEXT,
        "total": {"type": "object"},
        "totals": {"type": "array", "items": {"type": "object"}},
        "factors": {
            "type": "array",
            "items": {"type": "object"},
            "description": "what each lever brings of what it promises, as new actions are ranked by it",
        },
        "ledger": {"type": "array", "items": _ENTRY},
        "next": NEXT,
    },
}


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter."""
    return {"name": name, "in": "query", "schema": schema}


LEDGER_PATHS: dict[str, Any] = {
    "/v1/ledger": {
        "get": {
            "tags": ["resources"],
            "summary": "What approved actions promised and what they brought",
            "parameters": [
                *(_parameter(name, {"enum": list(STATES)} if name == "state" else _TEXT) for name in FILTERS),
                _parameter("by", {"enum": list(BY)}),
                *paging(),
            ],
            "responses": {
                "200": {"description": "OK", "content": {"application/json": {"schema": _ANSWER}}},
                "default": DESCRIBED,
            },
        }
    }
}
