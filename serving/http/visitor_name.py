"""The visitor's name, that decisions are stored under: who is asking, the cookie, the form in every page's header."""

from urllib.parse import quote, unquote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.http.access import check_origin, local_path
from serving.http.problems import Problem

NAME_COOKIE = "purvey_who"
NAME_LENGTH = 200


def visitor_name(request: Request, given: str = "") -> str:
    """Name of who is asking: from a trusted proxy's header, else the one `given`, else the cookie's; may be empty."""
    from_proxy = request.headers.get("x-forwarded-user", "").strip()
    from_cookie = unquote(request.cookies.get(NAME_COOKIE, ""))
    return from_proxy or given.strip() or from_cookie.strip()


def remember_name(response: Response, name: str) -> None:
    """Set the cookie that remembers a visitor's name for the next form."""
    response.set_cookie(
        NAME_COOKIE, quote(name[:NAME_LENGTH]), max_age=365 * 86400, httponly=True, samesite="lax", path="/"
    )


async def save_name(request: Request) -> Response:
    """Remember the visitor's name, sent by the form in every page's header, and redirect back."""
    check_origin(request)
    form = await request.form()
    name = str(form.get("who", "")).strip()
    if not name or len(name) > NAME_LENGTH:
        raise Problem(422, "who", f"who: a name of 1 to {NAME_LENGTH} characters is needed")
    response = RedirectResponse(local_path(str(form.get("next", "/")), "/"), 303)
    remember_name(response, name)
    return response
