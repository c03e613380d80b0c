"""Forms of overrides: one is entered or ended, then back to the page the form was on."""

from urllib.parse import urlencode, urlsplit, urlunsplit

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.http.person import own_name
from serving.http.problems import Problem, wants_html
from serving.http.way_back import local_path
from serving.overrides.store_override import end_override, store_override
from serving.pages.overrides.override_list import override_list
from serving.state.follower import follower_of

_OF_FORM = ("next", "who")


async def enter_override(request: Request) -> Response:
    """Store an override sent by an HTML form; where it breaks a rule, show the form again with what was entered."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    name = own_name(request, form.get("who", ""))
    fields = {key: value for key, value in form.items() if key not in _OF_FORM}
    try:
        await anyio.to_thread.run_sync(store_override, follower_of(request), fields, name)
    except Problem as problem:
        if not wants_html(request) or problem.status != 422:
            raise
        return await anyio.to_thread.run_sync(override_list, request, problem.detail, fields, problem.status)
    return _back(form.get("next", ""), "entered")


async def end_by_form(request: Request) -> Response:
    """End an override with the button of an HTML form."""
    form = await request.form()
    name, reason = own_name(request, str(form.get("who", ""))), str(form.get("reason", ""))

    def end() -> None:
        override_id = request.path_params["override_id"]
        end_override(follower_of(request), override_id, who=name, reason=reason)

    await anyio.to_thread.run_sync(end)
    return _back(str(form.get("next", "")), "ended")


def _back(to: str, done: str) -> Response:
    """Redirect to the page that the override's form was on."""
    back = urlsplit(local_path(to, "/overrides"))
    query = "&".join(part for part in (back.query, urlencode({"done": done})) if part)
    return RedirectResponse(urlunsplit(("", "", back.path, query, back.fragment)), 303)
