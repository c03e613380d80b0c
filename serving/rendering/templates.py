"""The Jinja environment of the page templates, and rendering one into an HTML response."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote

import orjson
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from configs.formats import (
    change,
    day,
    days,
    missing,
    moment,
    money,
    number,
    plain,
    price,
    quantity,
    share,
    signed,
    signed_number,
    until,
)
from database.decisions import CATEGORIES
from planning.levers.lever_catalog import lever
from procurement.segments.treatments import fit_of
from serving.http.person import person_in
from serving.identity.form_tokens import form_token, keep_form_secret
from serving.identity.rules import rights_of

TEMPLATES_FOLDER = Path(__file__).parent.parent / "templates"
_WRITERS = (
    number,
    quantity,
    money,
    price,
    share,
    signed,
    signed_number,
    change,
    days,
    day,
    moment,
    until,
    plain,
)


def _environment() -> Environment:
    """Make the Jinja environment: autoescape on, undefined names an error, the filters of `configs.formats`."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {write.__name__: write for write in _WRITERS} | {
        "path": lambda text: quote(str(text), safe=""),
        "sentence": _sentence,
        "words": lambda text: str(text).replace("_", " "),
        "lever": lambda kind: lever(str(kind)).label,
        "group": lambda kind: lever(str(kind)).group,
    }
    environment.globals["reject_categories"] = CATEGORIES
    environment.globals["fit_of"] = fit_of
    environment.tests["missing"] = missing
    return environment


def _sentence(why: Any) -> str:
    """The sentence of a reason that a plan table keeps as JSON, empty where there is none."""
    return str(orjson.loads(why).get("sentence", "")) if isinstance(why, str) and why else ""


TEMPLATES = _environment()


_POST_FORM = re.compile(r'<form\b[^>]*\bmethod="post"[^>]*>')


def render_page(request: Request, template: str, variables: dict[str, Any], status: int = 200) -> Response:
    """Render one of the Jinja templates into an HTML response that browsers do not cache unchecked.

    Templates know who asks (`who`, `roles`), what they `may` do, and forms get the token that makes them ours.
    """
    person, token = person_in(request.scope), form_token(request.scope)
    who = {
        "who": "" if person is None else person.name,
        "roles": [] if person is None else sorted(person.roles),
        "may": rights_of(frozenset() if person is None else person.roles),
        "open_access": person is not None and person.way == "open",
        "logged_in": person is not None and person.way == "session",
        "form_token": token,
    }
    html = TEMPLATES.get_template(template).render(path=request.url.path, **who, **variables)
    # in every form that changes something, also in those that somebody adds and thinks of other things
    html = _POST_FORM.sub(rf'\g<0><input type="hidden" name="form_token" value="{token}">', html)
    response = HTMLResponse(html, status, {"cache-control": "private, no-cache"})
    keep_form_secret(request.scope, response)
    return response
