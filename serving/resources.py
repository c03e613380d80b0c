"""The resources of `/v1`: recommendations, suppliers and decisions, as JSON."""

from dataclasses import asdict
from typing import get_args

import anyio.to_thread
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from database import decisions
from database.decisions import DecisionError, UnknownActionError
from database.recommendations import Status, Wanted, find, listing
from serving.answers import encode
from serving.explanation import explanation_answer
from serving.groups import groups_answer
from serving.pages.actions import ruling_of, take
from serving.pages.frame import keeper_of, today
from serving.problems import Problem
from serving.supplier_answers import supplier_answer, suppliers_answer
from serving.web import check_origin, json_answer, who

MOST = 1_000
"""Rows in one answer; `offset` gets the next."""


def _whole(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or len(text) > 9 or int(text) > most:
        raise Problem(422, "invalid_request", f"{name}: {text!r} is no whole number from 0 to {most:,}")
    return int(text)


def recommendations(request: Request) -> Response:
    """Return the proposed actions, the most valuable first: `status, kind, supplier_id, unique_id` narrow them."""
    keeper, query = keeper_of(request), request.query_params
    status = query.get("status")
    if status is not None and status not in get_args(Status):
        raise Problem(422, "invalid_request", f"status: {status!r} is none of {', '.join(get_args(Status))}")
    wanted = Wanted(status, query.get("kind"), query.get("supplier_id"), query.get("unique_id"))  # type: ignore[arg-type]
    world = keeper.current()
    rows = listing(keeper.engine, wanted, today=today(world.run))
    offset, limit = _whole(request, "offset", 0, 10**9 - 1), _whole(request, "limit", 100, MOST)
    return json_answer(
        {
            "model": world.version,
            "as_of": str(world.as_of.date()),
            "plan": None if world.run is None else world.run.id,
            "currency": world.currency,
            "total": len(rows),
            "recommendations": [asdict(row) for row in rows[offset : offset + limit]],
        }
    )


def recommendation(request: Request) -> Response:
    """Return one action with its decisions."""
    keeper, action_id = keeper_of(request), request.path_params["action_id"]
    found = find(keeper.engine, action_id, today=today(keeper.current().run))
    if found is None:
        raise UnknownActionError(action_id)
    history = decisions.history(keeper.engine, action_id=action_id)
    return json_answer(asdict(found) | {"decisions": [asdict(row) for row in history]})


def explanation(request: Request) -> Response:
    """Return the parts of a SKU's expected demand, of all periods or of the one that holds the day `ds`."""
    world, unique_id = keeper_of(request).current(), request.path_params["unique_id"]
    answer = explanation_answer(world, unique_id, request.query_params.get("ds"))
    return Response(encode(answer), media_type="application/json")


def forecast_groups(request: Request) -> Response:
    """Return the summed forecasts of a level's groups, or of the one named `group`."""
    query = request.query_params
    answer = groups_answer(keeper_of(request).current(), query.get("level"), query.get("group"))
    return Response(encode(answer), media_type="application/json")


def suppliers(request: Request) -> Response:
    """Return the scorecard of every supplier, and why a measure is known of none."""
    return Response(encode(suppliers_answer(keeper_of(request).current())), media_type="application/json")


def supplier(request: Request) -> Response:
    """Return the scorecard of one supplier, its changes, and the SKUs bought from it."""
    answer = supplier_answer(keeper_of(request).current(), request.path_params["supplier_id"])
    return Response(encode(answer), media_type="application/json")


def list_decisions(request: Request) -> Response:
    """Return the last decisions, the newest first."""
    rows = decisions.history(
        keeper_of(request).engine,
        action_id=request.query_params.get("action_id"),
        limit=_whole(request, "limit", 100, MOST),
    )
    return json_answer({"decisions": [asdict(row) for row in rows]})


async def decide(request: Request) -> Response:
    """Take a decision: 201 when it is new, 200 with the one that stands when it says the same again."""
    check_origin(request)
    try:
        body = orjson.loads(await request.body() or b"null")
    except orjson.JSONDecodeError as error:
        raise Problem(422, "invalid_request", f"body: no JSON ({error})") from None
    if not isinstance(body, dict) or not isinstance(body.get("action_id"), str):
        raise DecisionError("action_id: a JSON object with action_id, verdict and who is needed")
    ruling = ruling_of({**body, "who": who(request, str(body.get("who") or ""))})
    decision, new = await anyio.to_thread.run_sync(take, keeper_of(request), ruling)
    return json_answer(asdict(decision), 201 if new else 200)


RESOURCES = [
    Route("/v1/forecast/{unique_id:path}/explanation", explanation),
    Route("/v1/forecast_groups", forecast_groups),
    Route("/v1/recommendations", recommendations),
    Route("/v1/recommendations/{action_id}", recommendation),
    Route("/v1/suppliers", suppliers),
    Route("/v1/suppliers/{supplier_id:path}", supplier),
    Route("/v1/decisions", list_decisions),
    Route("/v1/decisions", decide, methods=["POST"]),
]
