"""The BentoML service: typed calls for planning systems, and the JSON resources and pages mounted beside them.

Usage reporting is off in the workers (`envs`); the supervisor decides before it imports this file, so `purvey serve`
sets the variable for it (`serving.run`), and whoever starts `bentoml serve` by hand adds `--do-not-track`.
"""

# mypy: disable-error-code="untyped-decorator, no-any-return"
# BentoML comes untyped, and a call annotated with its answer's model returns the answer's bytes.

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import anyio.to_thread
import bentoml
from starlette.responses import Response

from configs.errors import PlanningError
from configs.logs.log_lines import set_up_logs
from database.settings import Settings
from serving.admission.connections import limit_connections
from serving.admission.event_loop import LoopWatch
from serving.admission.guard import Guard, overloaded, too_slow
from serving.admission.turns import CallerGone, in_turn
from serving.admission.work_cost import LARGE, forecast_cost, lead_time_cost, plan_cost
from serving.admission.work_queue import Overloaded, WorkQueue
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
from serving.app import make_app, refusal_of
from serving.http.framework_errors import QuietValidation
from serving.http.json_encoding import encode_json
from serving.http.problems import Problem
from serving.http.request_ids import RequestIds
from serving.http.security_headers import SecurityHeaders
from serving.http.stale_header import StaleHeader
from serving.identity.access import Access
from serving.identity.gate import Gate
from serving.metrics import instruments
from serving.metrics.request_metrics import MetricsAnswer, RequestMetrics
from serving.plan_runs.earlier_served import earlier_served, names_a_run
from serving.precomputed.precomputed import Precomputed
from serving.precomputed.quick_answers import QuickAnswers
from serving.precomputed.quick_plan import keep_joint_orders
from serving.service_jobs.worker import JobWorker
from serving.state.follower import Follower
from serving.state.served import Served
from serving.supervised import end_with_supervisor

EARLIER_COST = LARGE + 1.0
"""Cost of naming an earlier plan run, which may have to be loaded: one at a time, and others pass it."""

POLL_SECONDS = 1.0
"""How often each worker looks for a new champion or plan."""

follower = Follower()
access = Access(follower)
job_worker = JobWorker(follower)
queue, loop_watch = WorkQueue(), LoopWatch()


@dataclass(frozen=True)
class TypedCall:
    """How a typed call is answered.

    Attributes
    ----------
    cost : work that a request is expected to be, where it has to be worked out
    work_out : the answer worked out
    keep : keeps something of a worked out answer for the next time
    """

    cost: Callable[[Any], float]
    work_out: Callable[[Served, Any], dict[str, Any]]
    keep: Callable[[Precomputed, Any, dict[str, Any]], None] = lambda *_: None


FORECAST = TypedCall(forecast_cost, forecast_answer)
LEAD_TIME = TypedCall(lead_time_cost, lead_time_answer)
LEAD_TIME_DEMAND = TypedCall(lead_time_cost, lead_time_demand_answer)
PLAN = TypedCall(plan_cost, plan_answer, keep_joint_orders)


async def _json_response(call: TypedCall, request: RequestBody) -> Any:
    """Work out the answer of a typed call, in a thread and in its turn: what is known beforehand, the guard answered.

    What cannot be answered becomes a problem; so does work whose turn does not come.
    """

    def work() -> bytes:
        earlier, known = earlier_served(follower, request), follower.precomputed()
        answer = call.work_out(earlier or known.served, request)
        if earlier is None:
            call.keep(known, request, answer)
        return encode_json(answer)

    cost = call.cost(request) + (EARLIER_COST if names_a_run(request) else 0.0)
    try:
        body = await in_turn(queue, cost, lambda: anyio.to_thread.run_sync(work))
    except Problem as problem:
        return problem.response()
    except PlanningError as error:
        return Problem(422, "not_plannable", str(error)).response()
    except Overloaded as error:
        return overloaded(error).response()
    except (TimeoutError, CallerGone):
        return too_slow().response()
    return Response(body, media_type="application/json")


@bentoml.service(
    name="purvey",
    traffic={"timeout": 31},  # never answers first: the guard takes at most MAX_BODY_SECONDS + MAX_SECONDS
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
        end_with_supervisor()
        set_up_logs(os.environ)
        logging.getLogger("bentoml._internal.server.http_app").addFilter(QuietValidation())
        await anyio.to_thread.run_sync(follower.open, Settings())
        self.follower = asyncio.create_task(self._follow())
        self.loop_watch = asyncio.create_task(loop_watch.run())
        instruments.forget_dead_workers()
        observe()
        job_worker.start()

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await anyio.to_thread.run_sync(follower.refresh)
            observe()  # another worker may be the one that is asked for the metrics

    @bentoml.on_shutdown
    async def stop(self) -> None:
        """Stop following the ledger."""
        self.loop_watch.cancel()
        self.follower.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.follower
        await anyio.to_thread.run_sync(job_worker.stop)
        follower.close()

    @bentoml.api(route="/v1/forecast")
    async def forecast(self, request: ForecastRequest, /) -> ForecastAnswer:
        """Return demand distributions by period, and of the first k periods together."""
        return await _json_response(FORECAST, request)

    @bentoml.api(route="/v1/lead_time")
    async def lead_time(self, request: LeadTimeRequest, /) -> LeadTimeAnswer:
        """Return lead-time distributions in days."""
        return await _json_response(LEAD_TIME, request)

    @bentoml.api(route="/v1/lead_time_demand")
    async def lead_time_demand(self, request: LeadTimeDemandRequest, /) -> LeadTimeDemandAnswer:
        """Return the demand to be survived until the delivery after the next."""
        return await _json_response(LEAD_TIME_DEMAND, request)

    @bentoml.api(route="/v1/plan")
    async def plan(self, request: PlanRequest, /) -> PlanAnswer:
        """Return proposed orders."""
        return await _json_response(PLAN, request)


def describe() -> dict[str, Any]:
    """Return BentoML's OpenAPI description of the typed calls."""
    document: dict[str, Any] = _shell.openapi_spec.asdict()
    return document


def observe() -> None:
    """Set the gauges of this process: requests in work and waiting, and how late the event loop is."""
    instruments.working.set(len(queue.running))
    instruments.waiting.set(len(queue.waiting))
    instruments.loop_late.set(loop_watch.late)
    run = None if follower.served is None else follower.served.run
    instruments.ready.set(follower.ready)
    instruments.plan_made.set(0.0 if run is None else run.at.timestamp())


_shell: Any = Purvey  # the decorator has made a service of the class
_app = make_app(follower, describe, access)
_shell.add_asgi_middleware(RequestIds)
_shell.add_asgi_middleware(RequestMetrics)
_shell.add_asgi_middleware(SecurityHeaders)  # also on what the gate itself answers
_shell.add_asgi_middleware(Gate, access=access, refuse=refusal_of(_app))
_shell.add_asgi_middleware(MetricsAnswer, observe=observe)
_shell.add_asgi_middleware(StaleHeader, stale=lambda: follower.stale)
_shell.add_asgi_middleware(Guard, readiness=follower.readiness, quick=QuickAnswers(follower), queue=queue)
_shell.mount_asgi_app(_app, path="/")
limit_connections()
