"""The routes of decisions about recommended actions: the last ones, and new ones, one or several at once."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import anyio.to_thread
import orjson
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from database import decisions
from database.decisions import Asked, DecisionError
from database.recommendations import find_recommendation
from serving.http.json_encoding import json_response
from serving.http.paging import PAGING, page_asked, whole_page
from serving.http.person import own_name, person_of
from serving.http.problems import Problem
from serving.http.query_parameters import check_parameters
from serving.state.decisions import parse_decision, store_decisions
from serving.state.follower import follower_of

DECISION_FIELDS = ("action_id", "verdict", "who", "reason", "snooze_until", "seen", "category", "agreed")
_KINDS: dict[str, tuple[type, str]] = {
    "seen": (int, "a whole number"),
    "agreed": (dict, "an object of numbers by name"),
}


def get_decisions(request: Request) -> Response:
    """Route `GET /v1/decisions`: the last decisions, of one action or of all, the newest first."""
    check_parameters(request, "action_id", *PAGING)
    engine, asked = follower_of(request).engine, page_asked(request, 0)
    action_id = request.query_params.get("action_id")
    rows = decisions.decision_history(
        engine, action_id=action_id, before=asked.after_key(int), limit=asked.offset + asked.limit + 1
    )
    if action_id is not None and not rows:
        known_action(engine, action_id)
    page = whole_page(rows[asked.offset :], asked, lambda row: (row.id,))
    document = {"decisions": [asdict(row) for row in page.rows], "next": page.next}
    return json_response(document, headers=page.headers(request))


def known_action(engine: Engine, action_id: str) -> None:
    """Refuse a query about an action that no plan run ever proposed.

    Raises
    ------
    Problem
        422 with where to find those that were.
    """
    if find_recommendation(engine, action_id, today=date.max) is None:
        raise Problem(
            422,
            "invalid_request",
            f"action_id: no action {action_id!r:.60}; /v1/recommendations lists those proposed",
        )


async def post_decision(request: Request) -> Response:
    """Route `POST /v1/decisions`: one decision, or all of `decisions` or none of them.

    201 when one is new, 200 with those that stand when all of them repeat it.
    """
    body = await json_body(request)
    together = "decisions" in body
    asked = _asked_together(request, body) if together else [_asked(request, body)]
    stored = await anyio.to_thread.run_sync(
        store_decisions, follower_of(request), asked, person_of(request).approver
    )
    rows = [asdict(decision) for decision, _ in stored]
    status = 201 if any(new for _, new in stored) else 200
    return json_response({"decisions": rows} if together else rows[0], status)


def _asked_together(request: Request, body: dict[str, Any]) -> list[Asked]:
    """Read several decisions: the fields beside `decisions` hold for all of them."""
    each, rest = body["decisions"], {name: value for name, value in body.items() if name != "decisions"}
    if not isinstance(each, list) or not all(isinstance(one, dict) for one in each):
        raise DecisionError("decisions: a list of JSON objects with action_id and verdict is needed")
    return [_asked(request, rest | one) for one in each]


def _asked(request: Request, body: dict[str, Any]) -> Asked:
    """Read one decision from its JSON fields."""
    if not isinstance(body.get("action_id"), str):
        raise DecisionError("action_id: a JSON object with action_id and verdict is needed")
    check_fields(body, DECISION_FIELDS)
    name = own_name(request, body.get("who") or "")
    return Asked(parse_decision({**body, "who": name}), body.get("seen"))


async def json_body(request: Request) -> dict[str, Any]:
    """Read the JSON object that a decision or a note is sent as."""
    try:
        body = orjson.loads(await request.body() or b"null")
    except orjson.JSONDecodeError as error:
        raise Problem(422, "invalid_request", f"body: no JSON ({error})") from None
    return body if isinstance(body, dict) else {}


def check_fields(body: dict[str, Any], known: Sequence[str]) -> None:
    """Refuse JSON fields of a decision that are unknown or of another type: they would be dropped, or read wrongly."""
    for name, value in body.items():
        if name not in known:
            raise DecisionError(f"{name}: no such field; there are {', '.join(known)}")
        expected, description = _KINDS.get(name, (str, "a text"))
        if value is not None and (not isinstance(value, expected) or isinstance(value, bool)):
            raise DecisionError(f"{name}: {value!r:.60} is not {description}")


DECISION_RESOURCES = [
    Route("/v1/decisions", get_decisions),
    Route("/v1/decisions", post_decision, methods=["POST"]),
]
