"""The BentoML service: typed calls for planning systems, and the JSON resources and pages mounted beside them.

Usage reporting is off in the workers (`envs`); the supervisor decides before it imports this file, so `purvey serve`
sets the variable for it (`serving.run`), and whoever starts `bentoml serve` by hand adds `--do-not-track`.
"""

# mypy: disable-error-code="untyped-decorator, no-any-return"
# BentoML comes untyped, and a call annotated with its answer's model returns the answer's bytes.

import asyncio
import contextlib
import logging
from collections.abc import Callable
from typing import Any

import anyio.to_thread
import bentoml
from starlette.responses import Response

from configs.errors import PlanningError
from database.settings import Settings
from serving.api.answer_schemas import ForecastAnswer, LeadTimeAnswer, LeadTimeDemandAnswer, PlanAnswer
from serving.api.forecast_answer import forecast_answer
from serving.api.lead_time_answers import lead_time_answer, lead_time_demand_answer
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import (
    ForecastRequest,
    LeadTimeDemandRequest,
    LeadTimeRequest,
    PlanRequest,
    RequestBody,
)
from serving.app import make_app
from serving.http.framework_errors import QuietValidation
from serving.http.guard import Guard
from serving.http.json_encoding import encode_json
from serving.http.problems import Problem
from serving.state.follower import Follower
from serving.state.served import Served

POLL_SECONDS = 1.0
"""How often each worker looks for a new champion or plan."""

MAX_SKUS_IN_EVENT_LOOP = 50
"""SKUs up to which a forecast is looked up in the event loop; a thread costs more than these do."""

follower = Follower()


async def _json_response(
    make: Callable[[Served, Any], dict[str, Any]], request: RequestBody, *, in_event_loop: bool = False
) -> Any:
    """Compute the answer of a typed call and encode it as JSON; what cannot be answered becomes a problem.

    What takes longer than handing it to a thread is not done `in_event_loop`, where all other callers wait for it.
    """

    def work() -> bytes:
        return encode_json(make(follower.current(), request))

    try:
        body = work() if in_event_loop else await anyio.to_thread.run_sync(work)
    except Problem as problem:
        return problem.response()
    except PlanningError as error:
        return Problem(422, "not_plannable", str(error)).response()
    return Response(body, media_type="application/json")


@bentoml.service(
    name="purvey",
    traffic={"timeout": 30},
    logging={"access": {"enabled": False}},
    workers=1,
    envs=[{"name": "BENTOML_DO_NOT_TRACK", "value": "True"}],
)
class Purvey:
    """Demand, lead times and orders as distributions and decisions."""

    @bentoml.on_startup
    async def start(self) -> None:
        """Start following the ledger: load the champion, then look for a new one every second."""
        logging.getLogger("bentoml._internal.server.http_app").addFilter(QuietValidation())
        await anyio.to_thread.run_sync(follower.open, Settings())
        self.follower = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await anyio.to_thread.run_sync(follower.refresh)

    @bentoml.on_shutdown
    async def stop(self) -> None:
        """Stop following the ledger."""
        self.follower.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.follower
        follower.close()

    @bentoml.api(route="/v1/forecast")
    async def forecast(self, request: ForecastRequest, /) -> ForecastAnswer:
        """Return demand distributions by period, and of the first k periods together."""
        return await _json_response(
            forecast_answer, request, in_event_loop=len(request.unique_ids) <= MAX_SKUS_IN_EVENT_LOOP
        )

    @bentoml.api(route="/v1/lead_time")
    async def lead_time(self, request: LeadTimeRequest, /) -> LeadTimeAnswer:
        """Return lead-time distributions in days."""
        return await _json_response(lead_time_answer, request)

    @bentoml.api(route="/v1/lead_time_demand")
    async def lead_time_demand(self, request: LeadTimeDemandRequest, /) -> LeadTimeDemandAnswer:
        """Return the demand to be survived until the delivery after the next."""
        return await _json_response(lead_time_demand_answer, request)

    @bentoml.api(route="/v1/plan")
    async def plan(self, request: PlanRequest, /) -> PlanAnswer:
        """Return proposed orders."""
        return await _json_response(plan_answer, request)


def describe() -> dict[str, Any]:
    """Return BentoML's OpenAPI description of the typed calls."""
    document: dict[str, Any] = _shell.openapi_spec.asdict()
    return document


_shell: Any = Purvey  # the decorator has made a service of the class
_shell.add_asgi_middleware(Guard, readiness=follower.readiness)
_shell.mount_asgi_app(make_app(follower, describe), path="/")
