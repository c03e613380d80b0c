"""The page of one recommended action: its evidence, the numbers behind it, its decisions, and the form to decide."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import anyio.to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database import decisions
from database.decisions import DecisionConflictError, DecisionError, DecisionRequest, UnknownActionError
from database.recommendations import find_recommendation
from serving.http.access import check_origin, local_path
from serving.http.json_encoding import json_response
from serving.http.problems import wants_html
from serving.http.visitor_name import remember_name, visitor_name
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page
from serving.state.decisions import parse_decision, store_decision
from serving.state.follower import follower_of


def action_page(request: Request) -> Response:
    """Show the page of one recommended action."""
    return _action_page(request, "")


def _action_page(request: Request, error: str, status: int = 200) -> Response:
    """Render an action's page, with the error of a decision that could not be stored, if any."""
    base, engine = page_context(request), follower_of(request).engine
    action_id = request.path_params["action_id"]
    action = find_recommendation(engine, action_id, today=base["today"])
    if action is None:
        raise UnknownActionError(action_id)
    more = {
        "action": action,
        "history": decisions.decision_history(engine, action_id=action_id),
        "error": error,
        "here": request.url.path,
        "snoozes": snooze_choices(base["today"]),
    }
    return render_page(request, "action.html", base | more, status)


async def decide_by_form(request: Request) -> Response:
    """Store a decision sent by an HTML form and redirect to the page it was sent from."""
    check_origin(request)
    form, follower = await request.form(), follower_of(request)
    name = visitor_name(request, str(form.get("who", "")))
    try:
        decision_request = _read_form(request.path_params["action_id"], name, form)
        seen = str(form.get("seen", ""))
        last = int(seen) if seen.isdecimal() and len(seen) < 10 else None
        decision, new = await anyio.to_thread.run_sync(store_decision, follower, decision_request, last)
    except (DecisionError, DecisionConflictError) as error:
        if not wants_html(request):
            raise
        status = 409 if isinstance(error, DecisionConflictError) else 422
        return await anyio.to_thread.run_sync(_action_page, request, str(error), status)
    if not wants_html(request):
        return json_response(asdict(decision), 201 if new else 200)
    back = urlsplit(local_path(str(form.get("next", "/")), "/"))
    query = "&".join(part for part in (back.query, urlencode({"done": decision_request.action_id})) if part)
    response = RedirectResponse(urlunsplit(("", "", back.path, query, "")), 303)
    remember_name(response, name)
    return response


def _read_form(action_id: str, name: str, form: FormData) -> DecisionRequest:
    """Read a decision request from the action page's form fields."""
    fields: dict[str, Any] = {key: str(value) for key, value in form.items()}
    return parse_decision({**fields, "action_id": action_id, "who": name})


def snooze_choices(today: Any) -> list[tuple[str, str]]:
    """Choices in the form to decide on an action: days it can be snoozed until, as (ISO day, label)."""
    weeks = {"1 week": 7, "2 weeks": 14, "1 month": 30, "3 months": 91}
    return [((today + timedelta(days=days)).isoformat(), label) for label, days in weeks.items()]
