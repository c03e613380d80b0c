"""The OpenAPI document: BentoML's of the typed calls, completed with the JSON resources and problem+json."""

from typing import Any

from serving.api.actions.openapi_actions import ACTION_PATHS
from serving.api.brief.openapi_brief import BRIEF_PATHS
from serving.api.changes.openapi_changes import CHANGE_PATHS
from serving.api.compare.openapi_compare import COMPARE_PATHS
from serving.api.ledger.openapi_ledger import LEDGER_PATHS
from serving.api.openapi_suppliers import SUPPLIER, SUPPLIERS
from serving.api.orders.openapi_orders import ORDER_PATHS
from serving.api.overrides.openapi_overrides import OVERRIDE_PATHS
from serving.api.responsible.openapi_responsible import RESPONSIBLE_PATHS
from serving.api.service.openapi_service_cost import SERVICE_PATHS
from serving.api.what_if.openapi_what_if import WHAT_IF_PATHS
from serving.http.problems import DESCRIBED

_TEXT = {"type": "string"}
_PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": _TEXT,
        "title": _TEXT,
        "status": {"type": "integer"},
        "code": {**_TEXT, "description": "stable, for programs"},
        "detail": {**_TEXT, "description": "what is wrong, where, and the fix"},
        "errors": {"type": "array", "items": {"type": "object"}},
    },
}

_DAY = {
    "name": "ds",
    "in": "query",
    "description": "a day: only the period that holds it; none: all periods ahead",
    "schema": {**_TEXT, "format": "date"},
}
_UNITS = {"type": "object", "additionalProperties": {"type": "number"}}
_EXPLANATION = {
    "type": "object",
    "properties": {
        "unique_id": _TEXT,
        "demand_class": _TEXT,
        "reason": _TEXT,
        "parts": {"type": "array", "items": _TEXT},
        "periods": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "ds": {**_TEXT, "format": "date"},
                    "mean": {"type": "number", "description": "units in the period, as `/v1/forecast` says"},
                    "parts": {**_UNITS, "description": "part → units; they sum to the mean"},
                    "sentence": _TEXT,
                },
            },
        },
    },
}
_LEVEL = {
    "name": "level",
    "in": "query",
    "required": True,
    "description": "`all`, or a column of `items` with few values, such as `category`",
    "schema": _TEXT,
}
_GROUP = {
    "name": "group",
    "in": "query",
    "description": "one group of the level; none: all of them",
    "schema": _TEXT,
}
_NUMBERS = {"type": "array", "items": {"type": "number"}}
_GROUPS = {
    "type": "object",
    "properties": {
        "level": _TEXT,
        "ds": {"type": "array", "items": {**_TEXT, "format": "date"}},
        "levels": {**_NUMBERS, "description": "chances of the quantiles"},
        "groups": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "group": {**_TEXT, "description": "empty: SKUs without a value"},
                    "skus": {"type": "integer"},
                    "mean": {**_NUMBERS, "description": "the sum of the SKUs' means, by period"},
                    "quantiles": {"type": "array", "items": _NUMBERS, "description": "by period"},
                    "cumulative_mean": {**_NUMBERS, "description": "of the first k periods together"},
                    "cumulative_quantiles": {"type": "array", "items": _NUMBERS},
                },
            },
        },
    },
}


def _path_parameter(name: str) -> list[dict[str, Any]]:
    return [{"name": name, "in": "path", "required": True, "schema": _TEXT}]


def _get(
    summary: str, parameters: list[dict[str, Any]] | None = None, answer: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Describe a GET operation: its parameters and the schema of its answer."""
    return {
        "tags": ["resources"],
        "summary": summary,
        "parameters": parameters or [],
        "responses": {
            "200": {
                "description": "OK",
                "content": {"application/json": {"schema": answer} if answer else {}},
            },
            "default": DESCRIBED,
        },
    }


_RESOURCES: dict[str, Any] = {
    "/v1/forecast/{unique_id}/explanation": {
        "get": _get(
            "Parts of the expected demand: level, trend, season, covariates, events",
            [*_path_parameter("unique_id"), _DAY],
            _EXPLANATION,
        )
    },
    "/v1/forecast_groups": {
        "get": _get(
            "Demand of groups of SKUs: sums of their means, quantiles of sums", [_LEVEL, _GROUP], _GROUPS
        )
    },
    "/v1/suppliers": {"get": _get("Scorecards of all suppliers, the largest spend first", answer=SUPPLIERS)},
    "/v1/suppliers/{supplier_id}": {
        "get": _get(
            "Scorecard of one supplier, its changes, the SKUs bought from it",
            _path_parameter("supplier_id"),
            SUPPLIER,
        )
    },
    **ACTION_PATHS,
    **BRIEF_PATHS,
    **CHANGE_PATHS,
    **COMPARE_PATHS,
    **LEDGER_PATHS,
    **ORDER_PATHS,
    **OVERRIDE_PATHS,
    **RESPONSIBLE_PATHS,
    **SERVICE_PATHS,
    **WHAT_IF_PATHS,
}


def with_resources(document: dict[str, Any]) -> dict[str, Any]:
    """Complete BentoML's OpenAPI document with the JSON resources, and with problem+json for every error."""
    paths = {
        path: {verb: _with_problem(call) for verb, call in calls.items()}
        for path, calls in document["paths"].items()
    }
    components = document.get("components", {})
    schemas = {**components.get("schemas", {}), "Problem": _PROBLEM_SCHEMA}
    return {
        **document,
        "paths": {**paths, **_RESOURCES},
        "components": {**components, "schemas": schemas},
    }


def _with_problem(call: Any) -> Any:
    """Describe problem+json as every error of an operation, instead of its own error responses."""
    if not isinstance(call, dict) or "responses" not in call:
        return call
    successes = {status: response for status, response in call["responses"].items() if int(status) < 400}
    return {**call, "responses": {**successes, "default": DESCRIBED}}
