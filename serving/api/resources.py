"""The resources of `/v1`: recommendations, suppliers and decisions, as JSON."""

from dataclasses import asdict
from typing import Any, get_args

import anyio.to_thread
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from database import decisions, plan_runs
from database.decisions import DecisionError, UnknownActionError
from database.recommendations import Status, Wanted, find, listing
from serving.api.explanation import explanation_answer
from serving.api.forecast import encode
from serving.api.groups import groups_answer
from serving.api.suppliers import supplier_answer, suppliers_answer
from serving.http.problems import Problem
from serving.http.web import check_origin, json_answer, who
from serving.pages.actions import ruling_of, take
from serving.pages.frame import follower_of, today

MOST = 1_000
"""Rows in one answer; `offset` gets the next."""

_DECISION = ("action_id", "verdict", "who", "reason", "snooze_until", "seen")


def _only(request: Request, *names: str) -> None:
    """Refuse a query with an unknown name: without effect it would answer another question."""
    for name in request.query_params:
        if name not in names:
            raise Problem(422, "invalid_request", f"{name}: no such parameter; there are {', '.join(names)}")


def _whole(request: Request, name: str, default: int, most: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdecimal() or len(text) > 9 or int(text) > most:
        raise Problem(422, "invalid_request", f"{name}: {text!r} is no whole number from 0 to {most:,}")
    return int(text)


def recommendations(request: Request) -> Response:
    """Return the proposed actions, the most valuable first: `status, kind, supplier_id, unique_id` narrow them."""
    _only(request, "status", "kind", "supplier_id", "unique_id", "offset", "limit")
    follower, query = follower_of(request), request.query_params
    status = query.get("status")
    if status is not None and status not in get_args(Status):
        raise Problem(422, "invalid_request", f"status: {status!r} is none of {', '.join(get_args(Status))}")
    wanted = Wanted(status, query.get("kind"), query.get("supplier_id"), query.get("unique_id"))  # type: ignore[arg-type]
    served, latest = follower.current(), plan_runs.latest(follower.engine)
    rows = listing(follower.engine, wanted, today=today(latest))
    offset, limit = _whole(request, "offset", 0, 10**9 - 1), _whole(request, "limit", 100, MOST)
    return json_answer(
        {
            "model": served.version,
            "as_of": str(served.as_of.date()),
            "plan": None if latest is None else latest.id,  # the rows' own; the served follows within seconds
            "currency": served.currency,
            "total": len(rows),
            "recommendations": [asdict(row) for row in rows[offset : offset + limit]],
        }
    )


def recommendation(request: Request) -> Response:
    """Return one action with its decisions."""
    follower, action_id = follower_of(request), request.path_params["action_id"]
    found = find(follower.engine, action_id, today=today(follower.current().run))
    if found is None:
        raise UnknownActionError(action_id)
    history = decisions.history(follower.engine, action_id=action_id)
    return json_answer(asdict(found) | {"decisions": [asdict(row) for row in history]})


def explanation(request: Request) -> Response:
    """Return the parts of a SKU's expected demand, of all periods or of the one that holds the day `ds`."""
    _only(request, "ds")
    served, unique_id = follower_of(request).current(), request.path_params["unique_id"]
    answer = explanation_answer(served, unique_id, request.query_params.get("ds"))
    return Response(encode(answer), media_type="application/json")


def forecast_groups(request: Request) -> Response:
    """Return the summed forecasts of a level's groups, or of the one named `group`."""
    _only(request, "level", "group")
    query = request.query_params
    answer = groups_answer(follower_of(request).current(), query.get("level"), query.get("group"))
    return Response(encode(answer), media_type="application/json")


def suppliers(request: Request) -> Response:
    """Return the scorecard of every supplier, and why a measure is known of none."""
    return Response(encode(suppliers_answer(follower_of(request).current())), media_type="application/json")


def supplier(request: Request) -> Response:
    """Return the scorecard of one supplier, its changes, and the SKUs bought from it."""
    answer = supplier_answer(follower_of(request).current(), request.path_params["supplier_id"])
    return Response(encode(answer), media_type="application/json")


def list_decisions(request: Request) -> Response:
    """Return the last decisions, the newest first."""
    _only(request, "action_id", "limit")
    rows = decisions.history(
        follower_of(request).engine,
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
    _check_fields(body)
    ruling = ruling_of({**body, "who": who(request, body.get("who") or "")})
    decision, new = await anyio.to_thread.run_sync(take, follower_of(request), ruling, body.get("seen"))
    return json_answer(asdict(decision), 201 if new else 200)


def _check_fields(body: dict[str, Any]) -> None:
    """Refuse what would be stored as something else than was meant, or not at all."""
    for name, value in body.items():
        if name not in _DECISION:
            raise DecisionError(f"{name}: no such field; there are {', '.join(_DECISION)}")
        wanted, words = (int, "a whole number") if name == "seen" else (str, "a text")
        if value is not None and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise DecisionError(f"{name}: {value!r:.60} is not {words}")


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
