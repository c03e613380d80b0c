"""The page on which somebody who is logged in changes their own password."""

from functools import partial

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database.access.secrets import PASSWORD_LENGTH
from serving.http.person import Person, person_of
from serving.http.problems import Problem
from serving.identity.access import ACCESS, Access
from serving.identity.login import change_password
from serving.identity.sessions import session_token, set_session
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page


def password_page(request: Request) -> Response:
    """Show the form, or that the password was changed."""
    _logged_in(request)
    return _show(request, changed=request.query_params.get("changed") == "yes")


async def set_own_password(request: Request) -> Response:
    """Change the password, end the other sessions and go on with a new one; a refusal is said on the same page."""
    person, access, form = _logged_in(request), _access(request), await request.form()
    old, new, again = (str(form.get(field, "")) for field in ("old", "new", "again"))

    def change() -> str:
        if new != again:
            raise Problem(422, "password_refused", "the new password is not the same in both fields")
        address = access.address(request.scope)
        return change_password(access.engine(), person.name, old, new, address=address, config=access.config)

    try:
        token = await anyio.to_thread.run_sync(change)
    except Problem as refusal:
        if refusal.status not in {403, 422, 429}:
            raise
        return await anyio.to_thread.run_sync(partial(_show, request, problem=refusal))
    access.sessions.forget(session_token(request.scope, access.config))
    response = RedirectResponse("/password?changed=yes", 303)
    set_session(response, token, access.config)
    return response


def _logged_in(request: Request) -> Person:
    """The person who asks, where they have logged in here.

    Raises
    ------
    Problem
        403 for whoever has come another way: their password is not kept here, or is not theirs to change.
    """
    person = person_of(request)
    if person.way != "session":
        raise Problem(
            403, "not_logged_in", "only whoever has logged in with name and password changes it here"
        )
    return person


def _show(request: Request, *, changed: bool = False, problem: Problem | None = None) -> Response:
    """Show the form, with what was wrong."""
    said = {
        "changed": changed,
        "least": PASSWORD_LENGTH[0],
        "failed": "" if problem is None else f"{problem.detail}.",
    }
    status = 200 if problem is None else problem.status
    page = render_page(request, "password.html", page_context(request) | said, status)
    page.headers.update({} if problem is None else problem.retry_after)
    return page


def _access(request: Request) -> Access:
    access: Access = request.scope[ACCESS]
    return access
