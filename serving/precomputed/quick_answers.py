"""Quick answers of the typed calls: what is known beforehand, answered from a request's bytes."""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from starlette.responses import Response

from serving.api.request_schemas import (
    ForecastRequest,
    LeadTimeDemandRequest,
    LeadTimeRequest,
    PlanRequest,
    RequestBody,
)
from serving.http.body_fields import check_field_count
from serving.http.framework_errors import MOST_ERRORS, validation_problem
from serving.http.json_encoding import encode_json
from serving.http.problems import Problem
from serving.plan_runs.earlier_served import names_a_run
from serving.precomputed.precomputed import Precomputed
from serving.precomputed.quick_forecast import quick_forecast
from serving.precomputed.quick_lead_times import quick_lead_time_demand, quick_lead_times
from serving.precomputed.quick_plan import quick_plan
from serving.state.follower import Follower

LookUp = Callable[[Precomputed, Any], dict[str, Any] | None]

CALLS: dict[str, tuple[type[RequestBody], LookUp]] = {
    "/v1/forecast": (ForecastRequest, quick_forecast),
    "/v1/lead_time": (LeadTimeRequest, quick_lead_times),
    "/v1/lead_time_demand": (LeadTimeDemandRequest, quick_lead_time_demand),
    "/v1/plan": (PlanRequest, quick_plan),
}
"""Path of a typed call → its request, and what looks its answer up."""

MAX_BYTES = 64 * 2**10
"""Bytes of a body up to which it is looked at here; larger ones ask for more than is looked up."""


class QuickAnswers:
    """Answers typed calls from what is known beforehand of the champion and plan that `follower` serves."""

    def __init__(self, follower: Follower) -> None:
        self.follower = follower

    def __call__(self, path: str, body: bytes) -> Response | None:
        """The answer to a call, or the problem of what cannot be answered; none where it has to be worked out.

        So has a request that is not valid: the framework says what is wrong with it.
        """
        schema, look_up = CALLS[path]
        try:
            if len(body) > MAX_BYTES:
                check_field_count(body)
                return None
            request = schema.model_validate_json(body)
            found = None if names_a_run(request) else look_up(self.follower.precomputed(), request)
        except ValidationError as error:
            return validation_problem(error, body).response() if error.error_count() > MOST_ERRORS else None
        except Problem as problem:
            return problem.response()
        return None if found is None else Response(encode_json(found), media_type="application/json")
