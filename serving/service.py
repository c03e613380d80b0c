"""The BentoML service: typed calls for planning systems, and the JSON resources and pages mounted beside them.

A supervisor imports this file to know how many workers there are, each worker to serve. What only they need, they
import when they start: `serving.worker`.

Usage reporting is off in the workers (`envs`); the supervisor decides before it imports this file, so `purvey serve`
sets the variable for it (`serving.run`), and whoever starts `bentoml serve` by hand adds `--do-not-track`.
"""

# mypy: disable-error-code="untyped-decorator, no-any-return"
# BentoML comes untyped, and a call annotated with its answer's model returns the answer's bytes.

from functools import cache
from types import ModuleType
from typing import Any

import bentoml
from bentoml._internal.server.http import traffic
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from database.settings import Settings
from serving.admission.limited_protocol import limit_connections
from serving.api.answer_schemas import ForecastAnswer, LeadTimeAnswer, LeadTimeDemandAnswer, PlanAnswer
from serving.api.request_schemas import ForecastRequest, LeadTimeDemandRequest, LeadTimeRequest, PlanRequest
from serving.supervised import end_with_supervisor


@bentoml.service(
    name="purvey",
    metrics={"enabled": False},  # labelled by whatever address is asked for; see serving.metrics
    logging={"access": {"enabled": False}},
    workers=Settings().workers,
    envs=[
        {"name": "BENTOML_DO_NOT_TRACK", "value": "True"},
        # uvicorn would take the caller's address from a header that anybody on this machine can send
        {"name": "FORWARDED_ALLOW_IPS", "value": "none"},
    ],
)
class Purvey:
    """Demand, lead times and orders as distributions and decisions."""

    @bentoml.on_startup
    async def start(self) -> None:
        """Start following the ledger: load the champion, then look for a new one every second."""
        self.going_on = await _worker().start()

    @bentoml.on_shutdown
    async def stop(self) -> None:
        """Stop following the ledger."""
        await _worker().stop(self.going_on)

    @bentoml.api(route="/v1/forecast")
    async def forecast(self, request: ForecastRequest, /) -> ForecastAnswer:
        """Return demand distributions by period, and of the first k periods together."""
        return await _worker().answer("forecast", request)

    @bentoml.api(route="/v1/lead_time")
    async def lead_time(self, request: LeadTimeRequest, /) -> LeadTimeAnswer:
        """Return lead-time distributions in days."""
        return await _worker().answer("lead_time", request)

    @bentoml.api(route="/v1/lead_time_demand")
    async def lead_time_demand(self, request: LeadTimeDemandRequest, /) -> LeadTimeDemandAnswer:
        """Return the demand to be survived until the delivery after the next."""
        return await _worker().answer("lead_time_demand", request)

    @bentoml.api(route="/v1/plan")
    async def plan(self, request: PlanRequest, /) -> PlanAnswer:
        """Return proposed orders."""
        return await _worker().answer("plan", request)


def describe() -> dict[str, Any]:
    """Return BentoML's OpenAPI description of the typed calls."""
    document: dict[str, Any] = _shell.openapi_spec.asdict()
    return document


class WorkersPages(Starlette):
    """The pages and JSON resources, made by the worker that is first asked for one of their routes."""

    @property
    def routes(self) -> list[BaseRoute]:
        """The routes of pages and resources."""
        return _pages().routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the worker's application."""
        await _pages()(scope, receive, send)


class WorkersLayers:
    """All layers around the service, put together when a worker does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app: ASGIApp = _worker().layered(app, _pages())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through the layers."""
        await self.app(scope, receive, send)


class NoTimer:
    """In place of BentoML's middleware that answers what takes too long, which cannot be configured away.

    The guard does that. BentoML's timer of a request is not cancelled when it is answered: with two thousand answers a
    second a hundred thousand of them lay about, and looking through them for garbage stopped a worker for a third of a
    second, again and again.
    """

    def __init__(self, app: ASGIApp, timeout: float) -> None:  # noqa: ARG002 -- as BentoML calls it
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the request on."""
        await self.app(scope, receive, send)


@cache
def _worker() -> ModuleType:
    """What a worker's process holds; importing it takes seconds, and a supervisor never needs it."""
    from serving import worker

    return worker


@cache
def _pages() -> Starlette:
    """The worker's application of pages and resources."""
    pages: Starlette = _worker().application(describe)
    return pages


end_with_supervisor()  # before the seconds in which a worker imports what it needs, with the port in its hands
_shell: Any = Purvey  # the decorator has made a service of the class
_shell.add_asgi_middleware(WorkersLayers)
_shell.mount_asgi_app(WorkersPages(), path="/")
limit_connections()
traffic.TimeoutMiddleware = NoTimer
