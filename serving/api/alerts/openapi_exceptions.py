"""The OpenAPI description of `/v1/exceptions`."""

from typing import Any

from database.alerts.exception_list import ExceptionRow
from database.alerts.exception_steps import STEPS
from procurement.alerts.rules import KINDS, SEVERITIES
from serving.alerts.exception_rows import STATES
from serving.alerts.take_step import TEXT_LENGTH
from serving.api.description.parameters import in_path, paging, query
from serving.api.description.shapes import (
    NEXT,
    TEXT,
    answered_schema,
    json_answer,
    json_body,
    list_of,
    named,
    object_of,
)

_EXCEPTION = named("Exception", answered_schema(ExceptionRow))
_STEP = {
    **object_of(
        {
            "step": {**TEXT, "enum": list(STEPS)},
            "reason": {**TEXT, "maxLength": TEXT_LENGTH, "description": "why; a dismissal needs one"},
            "owner": {**TEXT, "description": "role or person it is assigned to"},
            "seen": {"type": "integer", "minimum": 0, "description": "the `version` that you know"},
            "who": {**TEXT, "description": "your own name, or left out"},
        },
        required=("step",),
    ),
    "additionalProperties": False,
}

EXCEPTION_PATHS: dict[str, Any] = {
    "/v1/exceptions": {
        "get": {
            "tags": ["resources"],
            "summary": "Exceptions that alerts opened, the newest first",
            "parameters": [
                query("state", {**TEXT, "enum": list(STATES)}, "none: those that stand"),
                query("kind", {**TEXT, "enum": list(KINDS)}),
                query("severity", {**TEXT, "enum": list(SEVERITIES)}),
                query("owner", TEXT, "role or person"),
                *paging(),
            ],
            "responses": {
                "200": json_answer(
                    object_of({"total": {"type": "integer"}, "exceptions": list_of(_EXCEPTION), "next": NEXT})
                )
            },
        }
    },
    "/v1/exceptions/{exception_id}": {
        "post": {
            "tags": ["resources"],
            "summary": "Acknowledge, dismiss, reopen or assign an exception",
            "parameters": [in_path("exception_id")],
            "requestBody": json_body(_STEP),
            "responses": {
                "201": json_answer(_EXCEPTION, "It is so now"),
                "200": json_answer(_EXCEPTION, "It was so already"),
            },
        }
    },
}
