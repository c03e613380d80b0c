"""The OpenAPI description of recommended actions, decisions about them and notes on them."""

from typing import Any

from database.action_notes import ABOUT
from database.decisions import CATEGORIES, STATUS
from planning.realised.agreed_terms import UNITS
from serving.http.problems import DESCRIBED
from serving.state.decisions import MOST_TOGETHER

_TEXT = {"type": "string"}
_DECISION: dict[str, Any] = {
    "type": "object",
    "required": ["action_id", "verdict", "who"],
    "properties": {
        "action_id": _TEXT,
        "verdict": {"enum": list(STATUS)},
        "who": _TEXT,
        "reason": {**_TEXT, "description": "needed to reject"},
        "category": {"enum": list(CATEGORIES), "description": "of a rejection; other where it is left out"},
        "agreed": {
            "type": "object",
            "additionalProperties": {"type": "number"},
            "description": "own numbers of an approval, which hold in the place of those proposed: "
            + ", ".join(f"{name} ({unit})" for name, unit in UNITS.items()),
        },
        "snooze_until": {**_TEXT, "format": "date", "description": "needed to snooze"},
        "seen": {
            "type": "integer",
            "description": "decision_id of the action as you saw it, 0 for null: refused with 409 when somebody "
            "has decided otherwise since",
        },
    },
}
_TOGETHER = {
    "type": "object",
    "required": ["decisions"],
    "description": "all of them or none; fields beside `decisions` hold for each",
    "properties": {
        **_DECISION["properties"],
        "decisions": {"type": "array", "maxItems": MOST_TOGETHER, "items": {"type": "object"}},
    },
}
_NOTE = {
    "type": "object",
    "required": ["kind", "who"],
    "properties": {
        "kind": {"enum": list(ABOUT), "description": "done: the approved action has been carried out"},
        "who": _TEXT,
        "text": {**_TEXT, "description": "needed to comment"},
        "assignee": {**_TEXT, "description": "assign: whom the action is assigned to, empty for nobody"},
    },
}


def _parameters(place: str, *names: str) -> list[dict[str, Any]]:
    required = {"required": True} if place == "path" else {}
    return [{"name": name, "in": place, "schema": _TEXT, **required} for name in names]


def _get(summary: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """Describe how actions or decisions are read."""
    answers = {"200": {"description": "OK", "content": {"application/json": {}}}, "default": DESCRIBED}
    return {"tags": ["resources"], "summary": summary, "parameters": parameters, "responses": answers}


def _post(summary: str, what: str, body: dict[str, Any], parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """Describe how `what`, a decision or a note, is added."""
    return {
        "tags": ["resources"],
        "summary": summary,
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {
            "201": {"description": f"The new {what}"},
            "200": {"description": f"The {what} that stands already"},
            "default": DESCRIBED,
        },
    }


ACTION_PATHS: dict[str, Any] = {
    "/v1/recommendations": {
        "get": _get(
            "Proposed actions, the most valuable first",
            _parameters(
                "query",
                "status",
                "kind",
                "supplier_id",
                "unique_id",
                "assignee",
                "held_back",
                "offset",
                "limit",
            ),
        )
    },
    "/v1/recommendations/{action_id}": {
        "get": _get("One action with its decisions and notes", _parameters("path", "action_id"))
    },
    "/v1/recommendations/{action_id}/notes": {
        "post": _post(
            "Comment on an action, assign it to somebody, or say that it has been carried out",
            "note",
            _NOTE,
            _parameters("path", "action_id"),
        )
    },
    "/v1/decisions": {
        "get": _get("Decisions, the newest first", _parameters("query", "action_id", "limit")),
        "post": _post(
            "Approve, reject, snooze or reopen an action, or several; the same again changes nothing",
            "decision",
            {"anyOf": [_DECISION, _TOGETHER]},
            [],
        ),
    },
}
