"""The answers of `/v1/exceptions`: those that stand, and a step with one."""

from dataclasses import asdict
from typing import Any

import anyio.to_thread
import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from procurement.alerts.rules import KINDS, SEVERITIES
from serving.alerts.exception_rows import STATES, ExceptionFilter, exception_rows
from serving.alerts.take_step import step_taken
from serving.http.json_encoding import json_response
from serving.http.paging import PAGING, page_asked, page_of
from serving.http.person import own_name
from serving.http.problems import Problem
from serving.http.query_parameters import check_parameters, known_parameter
from serving.state.follower import follower_of


def get_exceptions(request: Request) -> Response:
    """Route `GET /v1/exceptions`: those that stand, the newest first; `state, kind, severity, owner` choose some."""
    check_parameters(request, "state", "kind", "severity", "owner", *PAGING)
    where = ExceptionFilter(
        state=known_parameter(request, "state", STATES) or "",
        kind=known_parameter(request, "kind", KINDS) or "",
        severity=known_parameter(request, "severity", SEVERITIES) or "",
        owner=request.query_params.get("owner", ""),
    )
    rows = exception_rows(follower_of(request).engine, where)
    page = page_of(rows, page_asked(request, 0), lambda row: (-row.id,))
    document = {
        "total": len(rows),
        "exceptions": [asdict(row) for row in page.rows],
        "next": page.next,
    }
    return json_response(document, headers=page.headers(request))


async def post_step(request: Request) -> Response:
    """Route `POST /v1/exceptions/{exception_id}`: a step with an exception.

    201 when it changed something, 200 with what stands when it says the same again.
    """
    body = await _body(request)
    who = body.get("who") or ""
    if not isinstance(who, str):
        raise Problem(422, "invalid_request", f"who: {who!r:.60} is not a text")
    name = own_name(request, who)
    exception_id = request.path_params["exception_id"]
    row, new = await anyio.to_thread.run_sync(step_taken, follower_of(request), exception_id, body, name)
    return json_response(asdict(row), 201 if new else 200)


async def _body(request: Request) -> dict[str, Any]:
    """Read the JSON object that a step comes as."""
    try:
        body = orjson.loads(await request.body() or b"null")
    except orjson.JSONDecodeError as error:
        raise Problem(422, "invalid_request", f"body: no JSON ({error})") from None
    if not isinstance(body, dict):
        raise Problem(422, "invalid_request", "body: a JSON object with step is needed")
    return body


EXCEPTION_RESOURCES = [
    Route("/v1/exceptions", get_exceptions),
    Route("/v1/exceptions/{exception_id}", post_step, methods=["POST"]),
]
