"""The OpenAPI document: the typed calls and the JSON resources of all rooms, in one description."""

from typing import Any

from serving.api.actions.openapi_actions import ACTION_PATHS
from serving.api.alerts.openapi_exceptions import EXCEPTION_PATHS
from serving.api.brief.openapi_brief import BRIEF_PATHS
from serving.api.buy.openapi_buy import BUY_PATHS
from serving.api.changes.openapi_changes import CHANGE_PATHS
from serving.api.compare.openapi_compare import COMPARE_PATHS
from serving.api.description.completed import INFO, SECURITY_SCHEMES, completed, with_named_schemas
from serving.api.description.parameters import in_path, paging
from serving.api.description.typed_calls import typed_calls
from serving.api.jobs.openapi_jobs import JOB_PATHS
from serving.api.ledger.openapi_ledger import LEDGER_PATHS
from serving.api.openapi_suppliers import SUPPLIER, SUPPLIERS
from serving.api.orders.openapi_orders import ORDER_PATHS
from serving.api.overrides.openapi_overrides import OVERRIDE_PATHS
from serving.api.responsible.openapi_responsible import RESPONSIBLE_PATHS
from serving.api.segments.openapi_segments import SEGMENT_PATHS
from serving.api.service.openapi_service_cost import SERVICE_PATHS
from serving.api.skus.openapi_skus import SKU_PATHS
from serving.api.spend.openapi_spend import SPEND_PATHS
from serving.api.what_if.openapi_what_if import WHAT_IF_PATHS
from serving.http.problems import DESCRIBED
from serving.http.query_parameters import MAX_ROWS_IN_ANSWER

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
        "request_id": {
            **_TEXT,
            "description": "of this request, as in the header X-Request-ID and in the log",
        },
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
            [in_path("unique_id"), _DAY],
            _EXPLANATION,
        )
    },
    "/v1/forecast_groups": {
        "get": _get(
            "Demand of groups of SKUs: sums of their means, quantiles of sums", [_LEVEL, _GROUP], _GROUPS
        )
    },
    "/v1/suppliers": {
        "get": _get(
            "Scorecards of all suppliers, the largest spend first", paging(MAX_ROWS_IN_ANSWER), SUPPLIERS
        )
    },
    "/v1/suppliers/{supplier_id}": {
        "get": _get(
            "Scorecard of one supplier, its changes, the SKUs bought from it",
            [in_path("supplier_id")],
            SUPPLIER,
        )
    },
    **ACTION_PATHS,
    **BRIEF_PATHS,
    **BUY_PATHS,
    **CHANGE_PATHS,
    **EXCEPTION_PATHS,
    **COMPARE_PATHS,
    **JOB_PATHS,
    **LEDGER_PATHS,
    **ORDER_PATHS,
    **OVERRIDE_PATHS,
    **RESPONSIBLE_PATHS,
    **SERVICE_PATHS,
    **SEGMENT_PATHS,
    **SKU_PATHS,
    **SPEND_PATHS,
    **WHAT_IF_PATHS,
}


def with_resources(document: dict[str, Any]) -> dict[str, Any]:
    """Describe the typed calls that BentoML's OpenAPI `document` has, and all JSON resources, in OpenAPI 3.1."""
    calls = {path: call for path, call in typed_calls().items() if path in document["paths"]}
    paths, schemas = with_named_schemas(completed({**calls, **_RESOURCES}))
    return {
        "openapi": "3.1.0",
        "info": INFO,
        "servers": [{"url": "/"}],
        "security": [{name: []} for name in SECURITY_SCHEMES],
        "paths": paths,
        "components": {
            "schemas": {**schemas, "Problem": _PROBLEM_SCHEMA},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }
