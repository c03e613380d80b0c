"""A worker's process: what it follows and works on, the layers around its calls, and how it answers them.

Only workers import this, and with it all that answers stand on: the supervisor, which just keeps them alive, imports
`serving.service` alone, and starts in a fifth of their time and memory.
"""

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio.to_thread
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import ASGIApp

from configs.errors import PlanningError
from configs.logs.log_lines import set_up_logs
from database.settings import Settings
from serving.admission.event_loop import LoopWatch
from serving.admission.guard import Guard, overloaded, too_slow
from serving.admission.turns import CallerGone, in_turn
from serving.admission.work_cost import LARGE, forecast_cost, lead_time_cost, plan_cost
from serving.admission.work_queue import Overloaded, WorkQueue
from serving.api.forecast_answer import forecast_answer
from serving.api.lead_time_answers import lead_time_answer, lead_time_demand_answer
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import RequestBody
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


CALLS: Mapping[str, TypedCall] = {
    "forecast": TypedCall(forecast_cost, forecast_answer),
    "lead_time": TypedCall(lead_time_cost, lead_time_answer),
    "lead_time_demand": TypedCall(lead_time_cost, lead_time_demand_answer),
    "plan": TypedCall(plan_cost, plan_answer, keep_joint_orders),
}
"""Typed call, by the last part of its address → how it is answered."""


async def answer(name: str, request: RequestBody) -> Response:
    """Work out the answer of a typed call, in a thread and in its turn: what is known beforehand, the guard answered.

    What cannot be answered becomes a problem; so does work whose turn does not come.
    """
    call = CALLS[name]

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


async def start() -> list[asyncio.Task[None]]:
    """Start following the ledger: load the champion, then look for a new one every second. Returns what goes on."""
    set_up_logs(os.environ)
    logging.getLogger("bentoml._internal.server.http_app").addFilter(QuietValidation())
    await anyio.to_thread.run_sync(follower.open, Settings())
    going_on = [asyncio.create_task(_follow()), asyncio.create_task(loop_watch.run())]
    instruments.forget_dead_workers()
    observe()
    job_worker.start()
    return going_on


async def stop(going_on: list[asyncio.Task[None]]) -> None:
    """Stop following the ledger."""
    for task in going_on:
        task.cancel()
    for task in going_on:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    await anyio.to_thread.run_sync(job_worker.stop)
    follower.close()


async def _follow() -> None:
    while True:
        await asyncio.sleep(POLL_SECONDS)
        await anyio.to_thread.run_sync(follower.refresh)
        follower.memory.settle_new_modules()
        observe()  # another worker may be the one that is asked for the metrics


def observe() -> None:
    """Set the gauges of this process: requests in work and waiting, and how late the event loop is."""
    instruments.working.set(len(queue.running))
    instruments.waiting.set(len(queue.waiting))
    instruments.loop_late.set(loop_watch.late)
    run = None if follower.served is None else follower.served.run
    instruments.ready.set(follower.ready)
    instruments.plan_made.set(0.0 if run is None else run.at.timestamp())


def application(describe: Callable[[], dict[str, Any]]) -> Starlette:
    """The pages and JSON resources; `describe` gives BentoML's OpenAPI description of the typed calls."""
    return make_app(follower, describe, access)


def layered(app: ASGIApp, pages: Starlette) -> ASGIApp:
    """The typed calls and `pages`, as `app`, inside of all layers that a request goes through, outermost last."""
    layers: list[Callable[[ASGIApp], ASGIApp]] = [
        partial(Guard, readiness=follower.readiness, quick=QuickAnswers(follower), queue=queue),
        partial(StaleHeader, stale=lambda: follower.stale),
        partial(MetricsAnswer, observe=observe),
        partial(Gate, access=access, refuse=refusal_of(pages)),
        SecurityHeaders,  # also on what the gate itself answers
        RequestMetrics,
        RequestIds,
    ]
    for layer in layers:
        app = layer(app)
    return app
