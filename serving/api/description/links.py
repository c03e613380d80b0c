"""Links from an answer to what it leads to: OpenAPI's, by operation and status."""

from typing import Any


def _link(operation: str, body: Any = None, **parameters: str) -> dict[str, Any]:
    """Describe a link to an operation, with parameters as runtime expressions."""
    sent = {} if body is None else {"requestBody": body}
    return {"operationId": operation, "parameters": parameters, **sent}


_JOB = "$response.body#/job_id"
_OF_A_JOB = {
    name: _link(operation, job_id=_JOB)
    for name, operation in (
        ("job", "get_jobs_job_id"),
        ("cancel", "delete_jobs_job_id"),
        ("result", "get_jobs_job_id_result"),
    )
}


def _next(operation: str) -> dict[str, Any]:
    return {"next": _link(operation, cursor="$response.body#/next")}


_ACTION = "$response.body#/recommendations/0/action_id"
_ORDER = "$response.body#/order_id"
LINKS: dict[str, dict[str, dict[str, Any]]] = {
    "post_jobs": {"202": _OF_A_JOB},
    "get_jobs": {"200": _next("get_jobs")},
    "get_recommendations": {
        "200": {
            **_next("get_recommendations"),
            "action": _link("get_recommendations_action_id", action_id=_ACTION),
            "note": _link("post_recommendations_action_id_notes", action_id=_ACTION),
            "decide": _link("post_decisions", {"action_id": _ACTION, "verdict": "approve"}),
        }
    },
    "get_decisions": {
        "200": {
            **_next("get_decisions"),
            "action": _link(
                "get_recommendations_action_id", action_id="$response.body#/decisions/0/action_id"
            ),
        }
    },
    "get_skus": {
        "200": {
            **_next("get_skus"),
            "explanation": _link(
                "get_forecast_unique_id_explanation", unique_id="$response.body#/skus/0/unique_id"
            ),
        }
    },
    "get_suppliers": {
        "200": {
            **_next("get_suppliers"),
            "supplier": _link(
                "get_suppliers_supplier_id", supplier_id="$response.body#/suppliers/0/supplier_id"
            ),
            "brief": _link(
                "get_suppliers_supplier_id_brief", supplier_id="$response.body#/suppliers/0/supplier_id"
            ),
            "proposal": _link(
                "get_orders_proposals_supplier_id", supplier_id="$response.body#/suppliers/0/supplier_id"
            ),
        }
    },
    "get_orders": {"200": _next("get_orders")},
    "post_orders": {
        "201": {
            "order": _link("get_orders_order_id", order_id=_ORDER),
            "export": _link("post_orders_order_id_export", order_id=_ORDER),
        }
    },
    "get_overrides": {"200": _next("get_overrides")},
    "post_overrides": {
        "201": {"end": _link("post_overrides_override_id_end", override_id="$response.body#/override_id")}
    },
    "get_ledger": {"200": _next("get_ledger")},
    "get_changes": {"200": _next("get_changes")},
}
"""Operation → status → links."""
