"""The OpenAPI description of overrides: what is sent and answered."""

from typing import Any

from features.contract.tables import TABLES, Kind
from features.quality.override_rules import LEAST_REASON, VALUES
from planning.overrides.value_added import GROUPS
from serving.api.description.parameters import paging
from serving.api.description.shapes import NEXT
from serving.http.problems import DESCRIBED
from serving.overrides.override_view import STATUSES, VALUE_COLUMNS
from serving.overrides.read_override import FIELDS

_SCHEMAS: dict[Kind, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "flag": {"type": "boolean"},
}
_NOTES = {
    "kind": "what is overridden",
    "unique_id": "the SKU it is for; else category",
    "from": "forecast: the first period is the one with this day; none: all",
    "until": "forecast: the last period is the one with this day; none: all",
    "factor": "forecast: times the model's",
    "units": "forecast: units a period instead; of a category: of its SKUs together",
    "last_year": "forecast: as the same periods of last year",
    "service_level": "service_level: a share such as 0.97",
    "hold_until": "hold: no order before this day",
    "quantity": "quantity: units of the next order, once",
    "reason": f"at least {LEAST_REASON} characters",
    "expires": "the last day on which it holds",
}
_STATUSES = list(STATUSES)


def _fields(names: tuple[str, ...]) -> dict[str, Any]:
    """Schemas of an override's fields, by their kinds in the contract."""
    kinds = TABLES["overrides"]
    fields = {
        name: _SCHEMAS[kinds[name]] | ({"description": _NOTES[name]} if name in _NOTES else {})
        for name in names
    }
    return fields | ({"kind": {**fields["kind"], "enum": list(VALUES)}} if "kind" in fields else {})


def _body(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    schema = {"type": "object", "required": required, "properties": properties}
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _answer(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "OK", "content": {"application/json": {"schema": schema}}}


def _list(name: str, item: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": {**more, name: {"type": "array", "items": item}}}


def _query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema}


_OVERRIDE = {
    "type": "object",
    "properties": {
        "override_id": {"type": "string"},
        "source": {"enum": ["entered", "table"]},
        **_fields((*FIELDS, "created")),
        "what": {"type": "string", "description": "what it sets, in words"},
        "skus": {"type": ["integer", "null"], "description": "SKUs that it holds for in the current plan"},
        "status": {"enum": _STATUSES, "description": "what became of it in the current plan"},
        "says": {"type": "string", "description": "why it is not used, or which others go before it"},
        "ended_by": {"type": ["string", "null"]},
        "end_reason": {"type": ["string", "null"]},
    },
}
_VALUE = {
    "type": "object",
    "properties": {name: {"type": ["number", "null"]} for name in VALUE_COLUMNS},
    "description": "errors in units, overridden and of the model; value_added is 1 − MAE / MAE of the model",
}

OVERRIDE_PATHS: dict[str, Any] = {
    "/v1/overrides": {
        "get": {
            "tags": ["resources"],
            "summary": "Overrides, the newest first, and what became of each",
            "parameters": [
                _query("unique_id", _SCHEMAS["text"]),
                _query("status", {"enum": _STATUSES}),
                *paging(),
            ],
            "responses": {
                "200": _answer(_list("overrides", _OVERRIDE, {"total": {"type": "integer"}, "next": NEXT})),
                "default": DESCRIBED,
            },
        },
        "post": {
            "tags": ["resources"],
            "summary": "Override a forecast, a service level or an order; the next plan uses it",
            "requestBody": _body(_fields(FIELDS), ["kind", "reason", "expires"]),
            "responses": {
                "201": {**_answer(_OVERRIDE), "description": "The new override"},
                "200": {**_answer(_OVERRIDE), "description": "The override that stands already"},
                "default": DESCRIBED,
            },
        },
    },
    "/v1/overrides/{override_id}/end": {
        "post": {
            "tags": ["resources"],
            "summary": "End an override; it is kept",
            "parameters": [
                {"name": "override_id", "in": "path", "required": True, "schema": _SCHEMAS["text"]}
            ],
            "requestBody": _body({"who": _SCHEMAS["text"], "reason": _SCHEMAS["text"]}, []),
            "responses": {
                "201": {**_answer(_OVERRIDE), "description": "It is ended now"},
                "200": {**_answer(_OVERRIDE), "description": "The same person had ended it"},
                "default": DESCRIBED,
            },
        }
    },
    "/v1/overrides/value": {
        "get": {
            "tags": ["resources"],
            "summary": "Forecast value added: errors of overridden forecasts beside the model's",
            "parameters": [_query("by", {"enum": list(GROUPS)})],
            "responses": {
                "200": _answer(_list("groups", _VALUE, {"by": _SCHEMAS["text"], "total": _VALUE})),
                "default": DESCRIBED,
            },
        }
    },
}
