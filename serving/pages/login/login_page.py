"""The page to log in with name and password, and the two forms: in, which leads back to where one was, and out."""

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.http.problems import Problem
from serving.http.way_back import local_path
from serving.identity.access import ACCESS, Access
from serving.identity.login import log_in
from serving.identity.sessions import drop_session, session_token, set_session
from serving.rendering.layout import page_context
from serving.rendering.templates import render_page


def login_page(request: Request) -> Response:
    """Show the form; where access is open, there is nothing to log in to."""
    if _access(request).open:
        return RedirectResponse("/", 303)
    return _show(request, request.query_params.get("next", "/"))


async def login(request: Request) -> Response:
    """Log in, and lead back; a refusal is said on the same page, and sounds the same whatever was wrong."""
    access, form = _access(request), await request.form()
    name, back = str(form.get("name", "")), local_path(str(form.get("next", "/")), "/")
    if access.open:
        return RedirectResponse("/", 303)

    def check() -> str:
        password, address = str(form.get("password", "")), access.address(request.scope)
        return log_in(access.engine(), name, password, address=address, config=access.config)

    try:
        token = await anyio.to_thread.run_sync(check)
    except Problem as problem:
        if problem.status not in {401, 429}:
            raise
        response = await anyio.to_thread.run_sync(_show, request, back, name, problem)
        if problem.status == 429:
            response.headers["retry-after"] = str(problem.more["retry_after_seconds"])
        return response
    response = RedirectResponse(back, 303)
    set_session(response, token, access.config)
    return response


async def logout(request: Request) -> Response:
    """End the session, here and in the state database."""
    access = _access(request)
    token = session_token(request.scope, access.config)
    if token:
        await anyio.to_thread.run_sync(access.sessions.end, token)
    response = RedirectResponse("/login", 303)
    drop_session(response, access.config)
    return response


def _show(request: Request, back: str, name: str = "", problem: Problem | None = None) -> Response:
    """Show the form, with what was wrong."""
    said = {"next": back, "name": name, "failed": "" if problem is None else f"{problem.detail}."}
    return render_page(
        request,
        "login.html",
        page_context(request) | said,
        200 if problem is None else problem.status,
    )


def _access(request: Request) -> Access:
    access: Access = request.scope[ACCESS]
    return access
