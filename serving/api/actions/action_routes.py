"""The routes of recommended actions: the list, one with its decisions and notes, and a note added to it."""

from dataclasses import asdict
from typing import get_args

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from database import decisions, plan_runs
from database.action_notes import add_note, list_notes
from database.decisions import UnknownActionError
from database.recommendations import (
    RecommendationFilter,
    Status,
    count_recommendations,
    find_recommendation,
    list_recommendations,
)
from serving.api.actions.decision_routes import DECISION_RESOURCES, check_fields, json_body
from serving.http.access import check_origin
from serving.http.json_encoding import json_response
from serving.http.problems import Problem
from serving.http.query_parameters import MAX_ROWS_IN_ANSWER, check_parameters, int_parameter
from serving.http.visitor_name import visitor_name
from serving.state.action_notes import parse_note
from serving.state.business_day import business_day
from serving.state.follower import follower_of

FILTERS = ("status", "kind", "supplier_id", "unique_id", "assignee")
_HELD = {"true": True, "false": False}
_NOTE_FIELDS = ("kind", "who", "text", "assignee")
_STATUSES: dict[str, Status] = {status: status for status in get_args(Status)}


def get_recommendations(request: Request) -> Response:
    """Route `GET /v1/recommendations`: the most valuable first, by `status, kind, supplier_id, unique_id, assignee`.

    What is held back, as people have rejected the like of it again and again, only where `held_back` is true.
    """
    check_parameters(request, *FILTERS, "held_back", "offset", "limit")
    follower, query = follower_of(request), request.query_params
    texts = {name: query.get(name) for name in FILTERS if name != "status"}
    held = query.get("held_back", "false")
    if held not in _HELD:
        raise Problem(422, "invalid_request", f"held_back: {held!r} is neither true nor false")
    where = RecommendationFilter(_status_parameter(query.get("status")), **texts, held_back=_HELD[held])
    served, latest = follower.current(), plan_runs.latest(follower.engine)
    today = business_day(latest)
    part = (
        int_parameter(request, "offset", 0, 10**9 - 1),
        int_parameter(request, "limit", 100, MAX_ROWS_IN_ANSWER),
    )
    rows = list_recommendations(follower.engine, where, today=today, part=part)
    return json_response(
        {
            "model": served.version,
            "as_of": str(served.as_of.date()),
            "plan": None
            if latest is None
            else latest.id,  # the rows' own; what is served follows within seconds
            "currency": served.currency,
            "total": count_recommendations(follower.engine, where, today=today),
            "held_back": count_recommendations(
                follower.engine, RecommendationFilter(held_back=True), today=today
            ),
            "recommendations": [asdict(row) for row in rows],
        }
    )


def _status_parameter(text: str | None) -> Status | None:
    """Read the query parameter `status` of recommendations."""
    if text is not None and text not in _STATUSES:
        raise Problem(422, "invalid_request", f"status: {text!r} is none of {', '.join(_STATUSES)}")
    return None if text is None else _STATUSES[text]


def get_recommendation(request: Request) -> Response:
    """Route `GET /v1/recommendations/{action_id}`: one recommended action with its decisions and notes."""
    follower, action_id = follower_of(request), request.path_params["action_id"]
    found = find_recommendation(follower.engine, action_id, today=business_day(follower.current().run))
    if found is None:
        raise UnknownActionError(action_id)
    history = decisions.decision_history(follower.engine, action_id=action_id)
    notes = list_notes(follower.engine, action_id)
    more = {"decisions": [asdict(row) for row in history], "notes": [asdict(row) for row in notes]}
    return json_response(asdict(found) | more)


async def post_note(request: Request) -> Response:
    """Route `POST /v1/recommendations/{action_id}/notes`: 201 when the note is new, 200 with the one that stands."""
    check_origin(request)
    body = await json_body(request)
    check_fields(body, _NOTE_FIELDS)
    action_id, name = request.path_params["action_id"], visitor_name(request, body.get("who") or "")
    note_request = parse_note({**body, "action_id": action_id, "who": name})
    note, new = await anyio.to_thread.run_sync(add_note, follower_of(request).engine, note_request)
    return json_response(asdict(note), 201 if new else 200)


ACTION_RESOURCES = [
    Route("/v1/recommendations", get_recommendations),
    Route("/v1/recommendations/{action_id}", get_recommendation),
    Route("/v1/recommendations/{action_id}/notes", post_note, methods=["POST"]),
    *DECISION_RESOURCES,
]
