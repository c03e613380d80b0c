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
from database.worklist import assignees
from serving.api.actions.decision_routes import DECISION_RESOURCES, check_fields, json_body
from serving.api.actions.earlier_recommendations import (
    earlier_recommendations,
    kinds_of_group,
    known_action_values,
)
from serving.http.json_encoding import json_response
from serving.http.paging import PAGING, page_asked, whole_page
from serving.http.person import own_name
from serving.http.query_parameters import check_parameters, known_parameter
from serving.plan_runs.named_run import NAMING, run_in_query
from serving.state.action_notes import parse_note
from serving.state.business_day import business_day
from serving.state.follower import follower_of

FILTERS = ("status", "kind", "group", "supplier_id", "unique_id", "assignee", "held_back")
_BY_COLUMN = ("kind", "supplier_id", "unique_id", "assignee")
_HELD = {"true": True, "false": False}
_NOTE_FIELDS = ("kind", "who", "text", "assignee")
_STATUSES: dict[str, Status] = {status: status for status in get_args(Status)}


def get_recommendations(request: Request) -> Response:
    """Route `GET /v1/recommendations`: what brings most for its effort first, by `FILTERS`, of an earlier plan too.

    What is held back, as people have rejected the like of it again and again, only where `held_back` is true.
    """
    check_parameters(request, *FILTERS, *PAGING, *NAMING)
    follower = follower_of(request)
    earlier = run_in_query(follower, request)
    if earlier is not None:
        return earlier_recommendations(request, earlier)
    where = _filter(request)
    served, latest = follower.current(), plan_runs.latest(follower.engine)
    today = business_day(latest)
    # The rows' own run; what is served follows within seconds.
    asked = page_asked(request, 0 if latest is None else latest.id)
    first = asked.offset if asked.after is None else asked.after_key(str)
    rows = list_recommendations(follower.engine, where, today=today, part=(first, asked.limit + 1))
    page = whole_page(rows, asked, lambda row: (row.action_id,))
    document = {
        "model": served.version,
        "as_of": str(served.as_of.date()),
        "plan": None if latest is None else latest.id,
        "currency": served.currency,
        "total": count_recommendations(follower.engine, where, today=today),
        "held_back": count_recommendations(
            follower.engine, RecommendationFilter(held_back=True), today=today
        ),
        "recommendations": [asdict(row) for row in page.rows],
        "next": page.next,
    }
    return json_response(document, headers=page.headers(request))


def _filter(request: Request) -> RecommendationFilter:
    """The filter that a query of recommendations asks for.

    Raises
    ------
    Problem
        422 for a value that there is none of.
    """
    follower = follower_of(request)
    status = known_parameter(request, "status", _STATUSES)
    known_action_values(request, follower.current())
    if "assignee" in request.query_params:
        known_parameter(request, "assignee", assignees(follower.engine))
    texts = {name: request.query_params.get(name) for name in _BY_COLUMN}
    held = known_parameter(request, "held_back", _HELD) or "false"
    return RecommendationFilter(
        None if status is None else _STATUSES[status],
        kinds=kinds_of_group(request),
        held_back=_HELD[held],
        **texts,
    )


def get_recommendation(request: Request) -> Response:
    """Route `GET /v1/recommendations/{action_id}`: one recommended action with its decisions and notes."""
    follower, action_id = follower_of(request), request.path_params["action_id"]
    check_parameters(request)
    found = find_recommendation(follower.engine, action_id, today=business_day(follower.current().run))
    if found is None:
        raise UnknownActionError(action_id)
    history = decisions.decision_history(follower.engine, action_id=action_id)
    notes = list_notes(follower.engine, action_id)
    more = {"decisions": [asdict(row) for row in history], "notes": [asdict(row) for row in notes]}
    return json_response(asdict(found) | more)


async def post_note(request: Request) -> Response:
    """Route `POST /v1/recommendations/{action_id}/notes`: 201 when the note is new, 200 with the one that stands."""
    body = await json_body(request)
    check_fields(body, _NOTE_FIELDS)
    action_id, name = request.path_params["action_id"], own_name(request, body.get("who") or "")
    note_request = parse_note({**body, "action_id": action_id, "who": name})
    note, new = await anyio.to_thread.run_sync(add_note, follower_of(request).engine, note_request)
    return json_response(asdict(note), 201 if new else 200)


ACTION_RESOURCES = [
    Route("/v1/recommendations", get_recommendations),
    Route("/v1/recommendations/{action_id}", get_recommendation),
    Route("/v1/recommendations/{action_id}/notes", post_note, methods=["POST"]),
    *DECISION_RESOURCES,
]
