"""The OpenAPI description of recommended actions, decisions about them and notes on them."""

from typing import Any, get_args

from database.action_notes import ABOUT, ActionNote
from database.decisions import CATEGORIES, STATUS, Decision
from database.recommendations import PROPOSED_COLUMNS, Recommendation, Status
from planning.levers.lever_catalog import LEVERS
from planning.realised.agreed_terms import UNITS
from serving.api.actions.earlier_recommendations import LEVER_GROUPS
from serving.api.description.parameters import in_path, naming_a_run, paging, query
from serving.api.description.shapes import (
    MAYBE_TEXT,
    MODEL,
    NEXT,
    TEXT,
    answered_schema,
    json_answer,
    json_body,
    list_of,
    named,
    object_of,
)
from serving.state.decisions import MOST_TOGETHER

_DECISION_FIELDS: dict[str, Any] = {
    "action_id": TEXT,
    "verdict": {"enum": list(STATUS)},
    "who": {**MAYBE_TEXT, "maxLength": 200, "description": "your own name, or left out"},
    "reason": {**MAYBE_TEXT, "maxLength": 2000, "description": "needed to reject"},
    "category": {
        "enum": [*CATEGORIES, None],
        "description": "of a rejection; other where it is left out",
    },
    "agreed": {
        "type": ["object", "null"],
        "additionalProperties": {"type": "number"},
        "description": "own numbers of an approval, which hold in the place of those proposed: "
        + ", ".join(f"{name} ({unit})" for name, unit in UNITS.items()),
    },
    "snooze_until": {**MAYBE_TEXT, "format": "date", "description": "needed to snooze"},
    "seen": {
        "type": ["integer", "null"],
        "minimum": 0,
        "maximum": 2**31 - 1,
        "description": "decision_id of the action as you saw it, 0 for null: refused with 409 when somebody has "
        "decided otherwise since",
    },
}
_ONE_DECISION = {
    "title": "DecisionRequest",
    "type": "object",
    "required": ["action_id", "verdict"],
    "properties": _DECISION_FIELDS,
    "additionalProperties": False,
}
_TOGETHER = {
    "title": "DecisionsRequest",
    "type": "object",
    "required": ["decisions"],
    "description": "all of them or none; fields beside `decisions` hold for each",
    "properties": {
        **_DECISION_FIELDS,
        "decisions": {
            "type": "array",
            "minItems": 1,
            "maxItems": MOST_TOGETHER,
            "items": {"type": "object", "properties": _DECISION_FIELDS, "additionalProperties": False},
        },
    },
    "additionalProperties": False,
}
_NOTE_BODY = {
    "title": "NoteRequest",
    "type": "object",
    "required": ["kind"],
    "properties": {
        "kind": {"enum": list(ABOUT), "description": "done: the approved action has been carried out"},
        "who": {**MAYBE_TEXT, "maxLength": 200, "description": "your own name, or left out"},
        "text": {**MAYBE_TEXT, "maxLength": 2000, "description": "needed to comment"},
        "assignee": {
            **MAYBE_TEXT,
            "maxLength": 200,
            "description": "assign: whom the action is assigned to, empty for nobody",
        },
    },
    "additionalProperties": False,
}
_RECOMMENDATION = answered_schema(Recommendation)
_LISTED = {
    "title": "ListedRecommendation",
    **_RECOMMENDATION,
    "required": list(PROPOSED_COLUMNS),
    "description": "of an earlier plan run without what people have decided since",
}
_DECISION = named("Decision", answered_schema(Decision))
_NOTE = named("Note", answered_schema(ActionNote))
_LIST = {"title": "RecommendationList"} | object_of(
    {
        "model": MODEL,
        "as_of": {**TEXT, "format": "date"},
        "plan": {"type": ["integer", "null"], "description": "number of the plan run"},
        "currency": TEXT,
        "total": {"type": "integer"},
        "held_back": {"type": "integer", "description": "of today's list"},
        "recommendations": list_of(_LISTED),
        "next": NEXT,
    },
    required=("model", "as_of", "plan", "currency", "total", "recommendations", "next"),
)
_WITH_HISTORY = {
    "title": "Recommendation",
    **_RECOMMENDATION,
    "required": [*_RECOMMENDATION["required"], "decisions", "notes"],
    "properties": {**_RECOMMENDATION["properties"], "decisions": list_of(_DECISION), "notes": list_of(_NOTE)},
}
_DECIDED = {"anyOf": [_DECISION, named("DecidedTogether", object_of({"decisions": list_of(_DECISION)}))]}


def _post(
    summary: str, what: str, body: dict[str, Any], answer: dict[str, Any], parameters: list[Any]
) -> dict[str, Any]:
    """Describe how `what`, a decision or a note, is added."""
    return {
        "tags": ["actions"],
        "summary": summary,
        "parameters": parameters,
        "requestBody": json_body(body),
        "responses": {
            "201": json_answer(answer, f"The new {what}"),
            "200": json_answer(answer, f"The {what} that stands already"),
        },
    }


ACTION_PATHS: dict[str, Any] = {
    "/v1/recommendations": {
        "get": {
            "tags": ["actions"],
            "summary": "Proposed actions, what brings most for its effort first",
            "parameters": [
                query("status", {"enum": list(get_args(Status))}),
                query("kind", {"enum": list(LEVERS)}),
                query("group", {"enum": list(LEVER_GROUPS)}, "of levers"),
                query("supplier_id", TEXT),
                query("unique_id", TEXT),
                query("assignee", TEXT),
                query("held_back", {"type": "boolean", "default": False}),
                *naming_a_run(),
                *paging(),
            ],
            "responses": {"200": json_answer(_LIST)},
        }
    },
    "/v1/recommendations/{action_id}": {
        "get": {
            "tags": ["actions"],
            "summary": "One action with its decisions and notes",
            "parameters": [in_path("action_id")],
            "responses": {"200": json_answer(_WITH_HISTORY)},
        }
    },
    "/v1/recommendations/{action_id}/notes": {
        "post": _post(
            "Comment on an action, assign it to somebody, or say that it has been carried out",
            "note",
            _NOTE_BODY,
            _NOTE,
            [in_path("action_id")],
        )
    },
    "/v1/decisions": {
        "get": {
            "tags": ["actions"],
            "summary": "Decisions, the newest first",
            "parameters": [query("action_id", TEXT), *paging()],
            "responses": {
                "200": json_answer(
                    named("DecisionList", object_of({"decisions": list_of(_DECISION), "next": NEXT}))
                )
            },
        },
        "post": _post(
            "Approve, reject, snooze or reopen an action, or several; the same again changes nothing",
            "decision",
            {"anyOf": [_ONE_DECISION, _TOGETHER]},
            _DECIDED,
            [],
        ),
    },
}
