"""The Jinja environment of the page templates, and rendering one into an HTML response."""

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
from serving.http.visitor_name import visitor_name

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
    environment.tests["missing"] = missing
    return environment


def _sentence(why: Any) -> str:
    """The sentence of a reason that a plan table keeps as JSON, empty where there is none."""
    return str(orjson.loads(why).get("sentence", "")) if isinstance(why, str) and why else ""


TEMPLATES = _environment()


def render_page(request: Request, template: str, variables: dict[str, Any], status: int = 200) -> Response:
    """Render one of the Jinja templates into an HTML response that browsers do not cache unchecked."""
    html = TEMPLATES.get_template(template).render(
        path=request.url.path, who=visitor_name(request), **variables
    )
    return HTMLResponse(html, status, {"cache-control": "no-cache"})
