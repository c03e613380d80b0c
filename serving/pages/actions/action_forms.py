"""Forms of one action: a decision about it, or a note on it, then back to the page that the form was on."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import anyio.to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database.access.approval import ApprovalError
from database.action_notes import add_note
from database.decisions import DecisionConflictError, DecisionError
from serving.http.json_encoding import json_response
from serving.http.person import own_name, person_of
from serving.http.problems import wants_html
from serving.http.way_back import local_path
from serving.pages.actions.action_page import show_action
from serving.state.action_notes import parse_note
from serving.state.decisions import parse_decision, store_decision
from serving.state.follower import follower_of

Store = Callable[[dict[str, Any]], tuple[Any, bool]]
"""Stores what the fields of an action's form say; returns it and whether it is new."""


async def decide_by_form(request: Request) -> Response:
    """Store a decision sent by an HTML form and redirect to the page it was sent from."""

    def store(fields: dict[str, Any]) -> tuple[Any, bool]:
        seen, approver = seen_number(fields.get("seen", "")), person_of(request).approver
        return store_decision(follower_of(request), parse_decision(fields), seen, approver)

    return await _take(request, store, {"done": request.path_params["action_id"]})


async def note_by_form(request: Request) -> Response:
    """Store a note on an action sent by an HTML form and redirect to the page it was sent from."""
    return await _take(request, lambda fields: add_note(follower_of(request).engine, parse_note(fields)), {})


def seen_number(text: str) -> int | None:
    """Read the number of the last decision that an action's form knew of."""
    return int(text) if text.isdecimal() and len(text) < 10 else None


def way_back(form: FormData, query: dict[str, str]) -> str:
    """Address that an action's form leads back to, with what came of it in the query."""
    back = urlsplit(local_path(str(form.get("next", "/")), "/"))
    whole = "&".join(part for part in (back.query, urlencode(query)) if part)
    return urlunsplit(("", "", back.path, whole, ""))


async def _take(request: Request, store: Store, query: dict[str, str]) -> Response:
    """Store what an action's form says; where it cannot be, show the action's page with the reason."""
    form = await request.form()
    name = own_name(request, str(form.get("who", "")))
    fields = {key: str(value) for key, value in form.items()}
    fields |= {"action_id": request.path_params["action_id"], "who": name}
    try:
        stored, new = await anyio.to_thread.run_sync(store, fields)
    except (ApprovalError, DecisionError, DecisionConflictError) as error:
        if not wants_html(request):
            raise
        status = {ApprovalError: 403, DecisionConflictError: 409}.get(type(error), 422)
        return await anyio.to_thread.run_sync(show_action, request, str(error), status)
    if not wants_html(request):
        return json_response(asdict(stored), 201 if new else 200)
    return RedirectResponse(way_back(form, query), 303)
