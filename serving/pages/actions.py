"""One proposed action: its evidence, the numbers behind it, and the decisions taken about it."""

from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import anyio.to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database import decisions
from database.decisions import ChangedError, DecisionError, DecisionRequest, UnknownActionError
from database.recommendations import find
from serving.http.problems import Problem
from serving.http.web import (
    NAME_LENGTH,
    REASON_LENGTH,
    check_origin,
    json_answer,
    local_path,
    page,
    remember,
    wants_html,
    who,
)
from serving.pages.frame import context, follower_of, today
from serving.pages.worklist import snooze_choices
from serving.state.follower import Follower


def show(request: Request) -> Response:
    """Show the action."""
    return _page(request, "")


def _page(request: Request, wrong: str, status: int = 200) -> Response:
    frame, engine = context(request), follower_of(request).engine
    action_id = request.path_params["action_id"]
    action = find(engine, action_id, today=frame["today"])
    if action is None:
        raise UnknownActionError(action_id)
    more = {
        "action": action,
        "history": decisions.history(engine, action_id=action_id),
        "wrong": wrong,
        "here": request.url.path,
        "snoozes": snooze_choices(frame["today"]),
    }
    return page(request, "action.html", frame | more, status)


async def decide_by_form(request: Request) -> Response:
    """Take a decision and go back to where it was taken."""
    check_origin(request)
    form, follower = await request.form(), follower_of(request)
    name = who(request, str(form.get("who", "")))
    try:
        ruling = _ruling(request.path_params["action_id"], name, form)
        seen = str(form.get("seen", ""))
        last = int(seen) if seen.isdecimal() and len(seen) < 10 else None
        decision, new = await anyio.to_thread.run_sync(take, follower, ruling, last)
    except (DecisionError, ChangedError) as error:
        if not wants_html(request):
            raise
        status = 409 if isinstance(error, ChangedError) else 422
        return await anyio.to_thread.run_sync(_page, request, str(error), status)
    if not wants_html(request):
        return json_answer(asdict(decision), 201 if new else 200)
    back = urlsplit(local_path(str(form.get("next", "/")), "/"))
    query = "&".join(part for part in (back.query, urlencode({"done": ruling.action_id})) if part)
    response = RedirectResponse(urlunsplit(("", "", back.path, query, "")), 303)
    remember(response, name)
    return response


def _ruling(action_id: str, name: str, form: FormData) -> DecisionRequest:
    fields: dict[str, Any] = {key: str(value) for key, value in form.items()}
    return ruling_of({**fields, "action_id": action_id, "who": name})


def ruling_of(fields: dict[str, Any]) -> DecisionRequest:
    """Read a ruling from a form's or a JSON body's texts.

    Raises
    ------
    DecisionError
        When the verdict or the date cannot be read, or a text is too long to be kept whole.
    """
    verdict: Any = str(fields.get("verdict", ""))
    until = str(fields.get("snooze_until") or "")
    if verdict not in decisions.STATUS:
        raise DecisionError(f"verdict: {verdict!r} is none of {', '.join(decisions.STATUS)}")
    try:
        snooze_until = date.fromisoformat(until) if until else None
    except ValueError:
        raise DecisionError(f"snooze_until: {until!r} is no date like 2026-03-09") from None
    return DecisionRequest(
        action_id=str(fields["action_id"]),
        verdict=verdict,
        who=_text(fields, "who", NAME_LENGTH),
        reason=_text(fields, "reason", REASON_LENGTH),
        snooze_until=snooze_until,
    )


def _text(fields: dict[str, Any], name: str, most: int) -> str:
    """Return a text that can be kept to its last letter."""
    text = str(fields.get(name) or "")
    if len(text) > most:
        raise DecisionError(f"{name}: has {len(text):,} characters, {most:,} is the most; shorten it")
    if "\x00" in text:  # PostgreSQL stores none
        raise DecisionError(f"{name}: holds a NUL character; leave it out")
    return text


def take(follower: Follower, ruling: DecisionRequest, seen: int | None) -> tuple[decisions.Decision, bool]:
    """Write a decision as of the business' today; `seen` is the last decision known to whoever decides.

    Raises
    ------
    DecisionError, ChangedError, UnknownActionError, Problem
        As `database.decisions.decide`; 503 when the database is not usable.
    """
    run = None if follower.served is None else follower.served.run
    if run is None:
        raise Problem(503, "no_plan", "nothing has been planned yet; run `purvey plan --data DIR --out OUT`")
    return decisions.decide(follower.engine, ruling, today=today(run), seen=seen)
