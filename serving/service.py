"""The BentoML service: typed calls for planning systems, and the resources and pages mounted beside them."""

# mypy: disable-error-code="untyped-decorator, no-any-return"
# BentoML comes untyped, and a call annotated with its answer's model returns the answer's bytes.

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")  # read by bentoml while it is imported

import anyio.to_thread
import bentoml
from starlette.responses import Response

from configs.errors import PlanningError
from database.settings import Settings
from serving.api.forecast import encode, forecast_answer, lead_time_answer
from serving.api.plan import lead_time_demand_answer, plan_answer
from serving.api.schemas import (
    Asked,
    ForecastAnswer,
    ForecastRequest,
    LeadTimeAnswer,
    LeadTimeDemandAnswer,
    LeadTimeDemandRequest,
    LeadTimeRequest,
    PlanAnswer,
    PlanRequest,
)
from serving.app import make_app
from serving.http.guard import Guard, QuietValidation
from serving.http.problems import Problem
from serving.state.follower import Follower
from serving.state.served import Served

POLL_SECONDS = 1.0
"""How often each worker looks for a new champion or plan."""

HERE_AT_MOST = 50
"""SKUs up to which a forecast is looked up in the event loop; a thread costs more than these do."""

follower = Follower()


async def _answered(
    make: Callable[[Served, Any], dict[str, Any]], asked: Asked, *, here: bool = False
) -> Any:
    """Compute an answer and encode it; what cannot be answered becomes a problem.

    What takes longer than handing it to a thread is not done `here`, where all other callers wait for it.
    """

    def work() -> bytes:
        return encode(make(follower.current(), asked))

    try:
        body = work() if here else await anyio.to_thread.run_sync(work)
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
)
class Purvey:
    """Demand, lead times and orders as distributions and decisions."""

    @bentoml.on_startup
    async def start(self) -> None:
        """Load the champion, then follow the ledger."""
        logging.getLogger("bentoml._internal.server.http_app").addFilter(QuietValidation())
        await anyio.to_thread.run_sync(follower.open, Settings())
        self.follower = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await anyio.to_thread.run_sync(follower.refresh)

    @bentoml.on_shutdown
    async def stop(self) -> None:
        """Stop following."""
        self.follower.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.follower
        follower.close()

    @bentoml.api(route="/v1/forecast")
    async def forecast(self, asked: ForecastRequest, /) -> ForecastAnswer:
        """Return demand distributions by period, and of the first k periods together."""
        return await _answered(forecast_answer, asked, here=len(asked.unique_ids) <= HERE_AT_MOST)

    @bentoml.api(route="/v1/lead_time")
    async def lead_time(self, asked: LeadTimeRequest, /) -> LeadTimeAnswer:
        """Return lead-time distributions in days."""
        return await _answered(lead_time_answer, asked)

    @bentoml.api(route="/v1/lead_time_demand")
    async def lead_time_demand(self, asked: LeadTimeDemandRequest, /) -> LeadTimeDemandAnswer:
        """Return the demand to be survived until the delivery after the next."""
        return await _answered(lead_time_demand_answer, asked)

    @bentoml.api(route="/v1/plan")
    async def plan(self, asked: PlanRequest, /) -> PlanAnswer:
        """Return proposed orders."""
        return await _answered(plan_answer, asked)


def describe() -> dict[str, Any]:
    """Return BentoML's OpenAPI description of the typed calls."""
    document: dict[str, Any] = _shell.openapi_spec.asdict()
    return document


_shell: Any = Purvey  # the decorator has made a service of the class
_shell.add_asgi_middleware(Guard, readiness=follower.readiness)
_shell.mount_asgi_app(make_app(follower, describe), path="/")
