"""Query parameters of OpenAPI that many resources have."""

from typing import Any

from serving.api.description.shapes import TEXT
from serving.http.query_parameters import MAX_ROWS_IN_ANSWER

Parameter = dict[str, Any]


def query(name: str, schema: dict[str, Any], description: str = "") -> Parameter:
    """Describe a query parameter."""
    said = {"description": description} if description else {}
    return {"name": name, "in": "query", "schema": schema, **said}


def in_path(name: str) -> Parameter:
    """Describe a parameter of the path, which is never empty."""
    return {"name": name, "in": "path", "required": True, "schema": {**TEXT, "minLength": 1}}


def paging(default: int = 100) -> list[Parameter]:
    """Describe the parameters of a list in pages."""
    whole = {"type": "integer", "minimum": 0}
    return [
        query("cursor", {**TEXT, "minLength": 1, "maxLength": 4_000}, "`next` of the page before; opaque"),
        query("limit", {**whole, "maximum": MAX_ROWS_IN_ANSWER, "default": default}, "rows of a page"),
        query("offset", {**whole, "maximum": 10**9 - 1}, "rows to leave out; not together with a cursor"),
    ]


def naming_a_run() -> list[Parameter]:
    """Describe the parameters that name an earlier plan run."""
    return [
        query(
            "plan_run", {"type": "integer", "minimum": 1, "maximum": 10**9 - 1}, "its number, if it is kept"
        ),
        query(
            "as_of", {**TEXT, "format": "date"}, "the last plan run of this day or before it, if it is kept"
        ),
    ]
