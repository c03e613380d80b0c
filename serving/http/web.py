"""What every page needs: templates, numbers as people read them, headers, forms from our own pages only."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import numpy as np
import orjson
import pandas as pd
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.http.problems import Problem

HERE = Path(__file__).parent.parent

NAME_COOKIE = "purvey_who"
NAME_LENGTH = 200
REASON_LENGTH = 2_000

_HEADERS = {
    b"content-security-policy": (
        b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
}


class SafeHeaders:
    """ASGI middleware that adds the security headers an answer has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(name, value) for name, value in _HEADERS.items() if name not in present]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        await self.app(scope, receive, with_headers)


def missing(value: Any) -> bool:
    """Whether a value says nothing: None, NaN or NaT."""
    return (
        value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value))
    )


def number(value: Any, digits: int = 0) -> str:
    """`1,234.5`; few digits for small numbers are kept where `digits` would show only zeros."""
    if missing(value):
        return "–"
    if not np.isfinite(value):
        return "∞"
    if value and abs(value) < 10**-digits / 2:
        return f"{value:.1g}"
    return f"{value:,.{digits}f}".replace("-", "−")


def share(value: Any, digits: int = 0) -> str:
    """`12%`."""
    return "–" if missing(value) else f"{100 * value:.{digits}f}%"


def signed(value: Any, digits: int = 0) -> str:
    """`+12%`, `−3%`, `0%`."""
    if missing(value):
        return "–"
    text = f"{100 * value:+.{digits}f}%"
    return text.replace("-", "−") if float(text[:-1]) else f"{0:.{digits}f}%"


def change(ratio: Any) -> str:
    """How long something takes, as a ratio of before: `38% longer`, `33% less`."""
    if missing(ratio):
        return "a time not yet known"
    percent = round(100 * (ratio - 1))
    return "as long as before" if percent == 0 else f"{abs(percent)}% {'longer' if percent > 0 else 'less'}"


def day(value: Any) -> str:
    """`2026-03-02`."""
    return "–" if missing(value) else f"{pd.Timestamp(value):%Y-%m-%d}"


def moment(value: datetime | None) -> str:
    """`2026-03-02 09:30 UTC`."""
    return "–" if value is None else f"{value:%Y-%m-%d %H:%M} UTC"


def until(value: Any, today: date) -> str:
    """How far a day is away: `today`, `in 3 days`, `5 days ago`."""
    if missing(value):
        return ""
    days = (pd.Timestamp(value).date() - today).days
    if days == 0:
        return "today"
    unit = "day" if abs(days) == 1 else "days"
    return f"in {days} {unit}" if days > 0 else f"{-days} {unit} ago"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": number,
        "share": share,
        "signed": signed,
        "change": change,
        "day": day,
        "moment": moment,
        "until": until,
        "path": lambda text: quote(str(text), safe=""),
        "words": lambda text: str(text).replace("_", " "),
    }
    environment.tests["missing"] = missing
    return environment


TEMPLATES = _environment()


def page(request: Request, template: str, context: dict[str, Any], status: int = 200) -> Response:
    """Render a page."""
    html = TEMPLATES.get_template(template).render(path=request.url.path, who=who(request), **context)
    return HTMLResponse(html, status, {"cache-control": "no-cache"})


def json_answer(document: dict[str, Any], status: int = 200) -> Response:
    """Return a JSON document; days and moments in ISO form."""
    return Response(orjson.dumps(document), status, media_type="application/json")


def wants_html(request: Request) -> bool:
    """Whether a person's browser asks; programs that do not ask for HTML get problem+json."""
    return "text/html" in request.headers.get("accept", "")


def who(request: Request, said: str = "") -> str:
    """Who is asking: the name a proxy vouches for, else the one `said`, else the one remembered; may be empty."""
    vouched = request.headers.get("x-forwarded-user", "").strip()
    remembered = unquote(request.cookies.get(NAME_COOKIE, ""))
    return vouched or said.strip() or remembered.strip()


def remember(response: Response, name: str) -> None:
    """Remember a name for the next form."""
    response.set_cookie(
        NAME_COOKIE, quote(name[:NAME_LENGTH]), max_age=365 * 86400, httponly=True, samesite="lax", path="/"
    )


def check_origin(request: Request) -> None:
    """Refuse a form that another site's page has sent; programs send neither header and may pass.

    Raises
    ------
    Problem
        403.
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
    """`text` where it is a path of ours to go back to, else `default`."""
    ours = text.startswith("/") and not text.startswith(("//", "/\\")) and _netloc(text) == ""
    return text if ours else default


def _netloc(address: str) -> str | None:
    try:
        return urlsplit(address).netloc
    except ValueError:  # "//[" is no address at all
        return None
