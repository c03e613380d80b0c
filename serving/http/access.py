"""Who is asking and what may be trusted of it: the visitor's name, the origin of a form, the way back."""

from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from serving.http.problems import Problem

NAME_COOKIE = "purvey_who"
NAME_LENGTH = 200


def wants_html(request: Request) -> bool:
    """Whether who is asking accepts HTML, as a person's browser does; programs get JSON and problem+json."""
    return "text/html" in request.headers.get("accept", "")


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


def check_origin(request: Request) -> None:
    """Refuse a form sent by another site's page (CSRF); programs send neither header and may pass.

    Raises
    ------
    Problem
        403 when Origin or Sec-Fetch-Site name another site.
    """
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    foreign = site not in {None, "same-origin", "none"}
    if origin is not None and _netloc(origin) != request.headers.get("host"):
        foreign = True
    if foreign:
        raise Problem(
            403, "foreign_origin", "decisions are taken on Purvey's own pages; open it and try again"
        )


def local_path(text: str, default: str) -> str:
    """Return `text` where it is a path on this site to redirect to, else `default` (no open redirect)."""
    ours = text.startswith("/") and not text.startswith(("//", "/\\")) and _netloc(text) == ""
    return text if ours else default


def _netloc(address: str) -> str | None:
    try:
        return urlsplit(address).netloc
    except ValueError:  # "//[" is no address at all
        return None
