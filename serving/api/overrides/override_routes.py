"""The routes of overrides: `/v1/overrides`, their end, and the value that they added."""

from typing import Any

import anyio.to_thread
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from planning.overrides.value_added import GROUPS
from serving.http.json_encoding import json_response
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.person import own_name
from serving.http.problems import Problem
from serving.http.query_parameters import check_parameters, known_parameter
from serving.overrides.override_view import STATUSES, override_rows, plan_outcome, value_rows
from serving.overrides.read_override import FIELDS, check_fields
from serving.overrides.store_override import end_override, store_override
from serving.state.follower import follower_of

_END_FIELDS = ("who", "reason")


def get_overrides(request: Request) -> Response:
    """Route `GET /v1/overrides`: all of them, the newest first, by `unique_id, status`."""
    check_parameters(request, "unique_id", "status", *PAGING)
    follower, served = follower_of(request), follower_of(request).current()
    status, unique_id = known_parameter(request, "status", STATUSES), request.query_params.get("unique_id")
    every = override_rows(follower.engine, served, unique_id)
    if not every:  # one that is planned no more may have overrides still
        known_parameter(request, "unique_id", served.row_of, listed_at="/v1/skus")
    placed = [(*_place(row, position - len(every)), row) for position, row in enumerate(every)]
    chosen = [each for each in placed if status is None or each[2]["status"] == status]
    asked = page_asked(request, 0 if served.run is None else served.run.id)
    page = page_of(chosen, asked, lambda each: each[:2])
    document = {"total": len(chosen), "overrides": [row for *_, row in page.rows], "next": page.next}
    return json_response(document, headers=page.headers(request))


def _place(row: dict[str, Any], position: int) -> tuple[int, int]:
    """Where an override stands in the list: entered ones first, the newest first, then those of the plan's table."""
    return (0, -int(row["override_id"])) if row["source"] == "entered" else (1, position)


def get_value(request: Request) -> Response:
    """Route `GET /v1/overrides/value`: errors of overridden forecasts beside the model's, `by` person, reason, …"""
    check_parameters(request, "by")
    by = request.query_params.get("by", "person")
    if by not in GROUPS:
        raise Problem(422, "invalid_request", f"by: {by!r:.60} is none of {', '.join(GROUPS)}")
    total, groups = value_rows(follower_of(request).current(), by)
    return json_response({"by": by, "total": total, "groups": groups})


async def post_override(request: Request) -> Response:
    """Route `POST /v1/overrides`: 201 when it is new, 200 with the one that stands when it repeats that."""
    body, follower = await _body(request), follower_of(request)
    check_fields(body, FIELDS)
    author = own_name(request, _name(body, "author"))
    override, new = await anyio.to_thread.run_sync(store_override, follower, body, author)
    return json_response(plan_outcome(follower.current(), override), 201 if new else 200)


async def post_end(request: Request) -> Response:
    """Route `POST /v1/overrides/{override_id}/end`: 201 when this ended it, 200 when the same person had before."""
    body, follower = await _body(request), follower_of(request)
    check_fields(body, _END_FIELDS)
    who, reason = own_name(request, _name(body, "who")), _name(body, "reason")

    def end() -> tuple[Any, bool]:
        return end_override(follower, request.path_params["override_id"], who=who, reason=reason)

    override, new = await anyio.to_thread.run_sync(end)
    return json_response(plan_outcome(follower.current(), override), 201 if new else 200)


async def _body(request: Request) -> dict[str, Any]:
    """Read the JSON object that a write of overrides brings."""
    try:
        body = orjson.loads(await request.body() or b"null")
    except orjson.JSONDecodeError as error:
        raise Problem(422, "invalid_request", f"body: no JSON ({error})") from None
    if not isinstance(body, dict):
        raise Problem(422, "invalid_request", "body: a JSON object is needed")
    return body


def _name(body: dict[str, Any], field: str) -> str:
    """Read a text field of an override's JSON body, empty where it is not given."""
    value = body.get(field) or ""
    if not isinstance(value, str):
        raise Problem(422, "invalid_override", f"{field}: {value!r:.60} is not a text")
    return value


OVERRIDE_RESOURCES = [
    Route("/v1/overrides", get_overrides),
    Route("/v1/overrides", post_override, methods=["POST"]),
    Route("/v1/overrides/value", get_value),
    Route("/v1/overrides/{override_id}/end", post_end, methods=["POST"]),
]
