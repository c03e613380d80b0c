"""The routes of the JSON resources of `/v1`: recommendations, decisions, suppliers, explanations, groups, orders."""

from dataclasses import asdict
from typing import Any, get_args

import anyio.to_thread
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from database import decisions, plan_runs
from database.decisions import DecisionError, UnknownActionError
from database.recommendations import RecommendationFilter, Status, find_recommendation, list_recommendations
from serving.api.changes.changes_answer import CHANGE_RESOURCES
from serving.api.explanation_answer import explanation_answer
from serving.api.groups_answer import groups_answer
from serving.api.orders.order_routes import ORDER_RESOURCES
from serving.api.overrides.override_routes import OVERRIDE_RESOURCES
from serving.api.suppliers_answer import supplier_answer, suppliers_answer
from serving.api.what_if.what_if_answer import WHAT_IF_RESOURCES
from serving.http.access import check_origin
from serving.http.json_encoding import encode_json, json_response
from serving.http.problems import Problem
from serving.http.query_parameters import MAX_ROWS_IN_ANSWER, check_parameters, int_parameter
from serving.http.visitor_name import visitor_name
from serving.state.business_day import business_day
from serving.state.decisions import parse_decision, store_decision
from serving.state.follower import follower_of

_DECISION_FIELDS = ("action_id", "verdict", "who", "reason", "snooze_until", "seen")
_STATUSES: dict[str, Status] = {status: status for status in get_args(Status)}


def get_recommendations(request: Request) -> Response:
    """Route `GET /v1/recommendations`: the most valuable first, by `status, kind, supplier_id, unique_id`."""
    check_parameters(request, "status", "kind", "supplier_id", "unique_id", "offset", "limit")
    follower, query = follower_of(request), request.query_params
    where = RecommendationFilter(
        _status_parameter(query.get("status")),
        query.get("kind"),
        query.get("supplier_id"),
        query.get("unique_id"),
    )
    served, latest = follower.current(), plan_runs.latest(follower.engine)
    rows = list_recommendations(follower.engine, where, today=business_day(latest))
    offset, limit = (
        int_parameter(request, "offset", 0, 10**9 - 1),
        int_parameter(request, "limit", 100, MAX_ROWS_IN_ANSWER),
    )
    return json_response(
        {
            "model": served.version,
            "as_of": str(served.as_of.date()),
            "plan": None
            if latest is None
            else latest.id,  # the rows' own; what is served follows within seconds
            "currency": served.currency,
            "total": len(rows),
            "recommendations": [asdict(row) for row in rows[offset : offset + limit]],
        }
    )


def _status_parameter(text: str | None) -> Status | None:
    """Read the query parameter `status` of recommendations."""
    if text is not None and text not in _STATUSES:
        raise Problem(422, "invalid_request", f"status: {text!r} is none of {', '.join(_STATUSES)}")
    return None if text is None else _STATUSES[text]


def get_recommendation(request: Request) -> Response:
    """Route `GET /v1/recommendations/{action_id}`: one recommended action with its decisions."""
    follower, action_id = follower_of(request), request.path_params["action_id"]
    found = find_recommendation(follower.engine, action_id, today=business_day(follower.current().run))
    if found is None:
        raise UnknownActionError(action_id)
    history = decisions.decision_history(follower.engine, action_id=action_id)
    return json_response(asdict(found) | {"decisions": [asdict(row) for row in history]})


def get_explanation(request: Request) -> Response:
    """Route `GET /v1/forecast/{unique_id}/explanation`: parts of a SKU's expected demand, by period or on a day."""
    check_parameters(request, "ds")
    served, unique_id = follower_of(request).current(), request.path_params["unique_id"]
    answer = explanation_answer(served, unique_id, request.query_params.get("ds"))
    return Response(encode_json(answer), media_type="application/json")


def get_forecast_groups(request: Request) -> Response:
    """Route `GET /v1/forecast_groups`: forecasts of a level's groups, or of the one named `group`."""
    check_parameters(request, "level", "group")
    query = request.query_params
    answer = groups_answer(follower_of(request).current(), query.get("level"), query.get("group"))
    return Response(encode_json(answer), media_type="application/json")


def get_suppliers(request: Request) -> Response:
    """Route `GET /v1/suppliers`: the scorecard of every supplier, and why a measure is known of none."""
    return Response(
        encode_json(suppliers_answer(follower_of(request).current())), media_type="application/json"
    )


def get_supplier(request: Request) -> Response:
    """Route `GET /v1/suppliers/{supplier_id}`: its scorecard, its changes, and the SKUs bought from it."""
    answer = supplier_answer(follower_of(request).current(), request.path_params["supplier_id"])
    return Response(encode_json(answer), media_type="application/json")


def get_decisions(request: Request) -> Response:
    """Route `GET /v1/decisions`: the last decisions, of one action or of all, the newest first."""
    check_parameters(request, "action_id", "limit")
    rows = decisions.decision_history(
        follower_of(request).engine,
        action_id=request.query_params.get("action_id"),
        limit=int_parameter(request, "limit", 100, MAX_ROWS_IN_ANSWER),
    )
    return json_response({"decisions": [asdict(row) for row in rows]})


async def post_decision(request: Request) -> Response:
    """Route `POST /v1/decisions`: 201 when the decision is new, 200 with the one that stands when it repeats it."""
    check_origin(request)
    try:
        body = orjson.loads(await request.body() or b"null")
    except orjson.JSONDecodeError as error:
        raise Problem(422, "invalid_request", f"body: no JSON ({error})") from None
    if not isinstance(body, dict) or not isinstance(body.get("action_id"), str):
        raise DecisionError("action_id: a JSON object with action_id, verdict and who is needed")
    _check_decision_fields(body)
    decision_request = parse_decision({**body, "who": visitor_name(request, body.get("who") or "")})
    decision, new = await anyio.to_thread.run_sync(
        store_decision, follower_of(request), decision_request, body.get("seen")
    )
    return json_response(asdict(decision), 201 if new else 200)


def _check_decision_fields(body: dict[str, Any]) -> None:
    """Refuse a decision's JSON fields that are unknown or of another type: they would be dropped, or read wrongly."""
    for name, value in body.items():
        if name not in _DECISION_FIELDS:
            raise DecisionError(f"{name}: no such field; there are {', '.join(_DECISION_FIELDS)}")
        expected, description = (int, "a whole number") if name == "seen" else (str, "a text")
        if value is not None and (not isinstance(value, expected) or isinstance(value, bool)):
            raise DecisionError(f"{name}: {value!r:.60} is not {description}")


RESOURCES = [
    Route("/v1/forecast/{unique_id:path}/explanation", get_explanation),
    Route("/v1/forecast_groups", get_forecast_groups),
    Route("/v1/recommendations", get_recommendations),
    Route("/v1/recommendations/{action_id}", get_recommendation),
    Route("/v1/suppliers", get_suppliers),
    Route("/v1/suppliers/{supplier_id:path}", get_supplier),
    Route("/v1/decisions", get_decisions),
    Route("/v1/decisions", post_decision, methods=["POST"]),
    *CHANGE_RESOURCES,
    *ORDER_RESOURCES,
    *OVERRIDE_RESOURCES,
    *WHAT_IF_RESOURCES,
]
