"""The OpenAPI description of the four typed calls, from the models that read and answer them."""

from typing import Any

from serving.api.answer_schemas import ForecastAnswer, LeadTimeAnswer, LeadTimeDemandAnswer, PlanAnswer
from serving.api.description.shapes import answered_schema, json_answer, json_body, named, sent_schema
from serving.api.request_schemas import ForecastRequest, LeadTimeDemandRequest, LeadTimeRequest, PlanRequest

_CALLS = {
    "/v1/forecast": (
        "forecast",
        "Demand distributions by period and cumulative",
        ForecastRequest,
        ForecastAnswer,
    ),
    "/v1/lead_time": ("lead_time", "Lead-time distributions in days", LeadTimeRequest, LeadTimeAnswer),
    "/v1/lead_time_demand": (
        "lead_time_demand",
        "Demand to be survived until the delivery after the next",
        LeadTimeDemandRequest,
        LeadTimeDemandAnswer,
    ),
    "/v1/plan": (
        "plan",
        "Proposed orders, with the request's own stock, orders and offers",
        PlanRequest,
        PlanAnswer,
    ),
}


def typed_calls() -> dict[str, Any]:
    """Return path → operations of the typed calls."""
    return {
        path: {
            "post": {
                "operationId": name,
                "tags": ["calls"],
                "summary": summary,
                "requestBody": json_body(named(asked.__name__, sent_schema(asked))),
                "responses": {"200": json_answer(named(answer.__name__, answered_schema(answer)))},
            }
        }
        for path, (name, summary, asked, answer) in _CALLS.items()
    }
