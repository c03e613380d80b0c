"""Errors as RFC 9457 problems, made in one place."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"

SHOWN, LONGEST = 20, 60
"""Most errors told of one request, and most characters of a value in them."""

TITLES = {
    400: "Bad request",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    408: "Body came too late",
    409: "Conflict",
    411: "Length required",
    413: "Request too large",
    415: "Unsupported media type",
    422: "Request cannot be answered",
    429: "Too many requests",
    500: "Internal error",
    503: "Not ready",
    504: "Took too long",
}


class Problem(Exception):  # noqa: N818 -- the RFC's word
    """What went wrong, for the caller: a status, a stable code, and a sentence with the place and the fix."""

    def __init__(self, status: int, code: str, detail: str, **more: Any) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.more = status, code, detail, more

    def document(self) -> dict[str, Any]:
        """Return the problem as the JSON document's fields."""
        return {
            "type": f"urn:purvey:problem:{self.code}",
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.more,
        }

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """Return the problem as an HTTP response."""
        body = orjson.dumps(self.document(), default=str)
        return Response(body, self.status, headers, MEDIA_TYPE)


def from_validation(errors: list[dict[str, Any]], asked: bytes = b"") -> Problem:
    """Turn pydantic's list of errors into one problem: the first as its sentence, up to twenty as `errors`.

    The validation's own report leaves out what was sent, so the values are looked up in `asked`, the JSON body.
    """
    document = _document(asked)
    supplier_calendar = [
        {"place": _place(error), "message": error.get("msg", ""), **_value(document, error.get("loc", ()))}
        for error in errors[:SHOWN]
    ]
    first = supplier_calendar[0]
    where = first["place"] or "body"
    said = f" is {first['value']}" if "value" in first else ""
    rest = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Problem(
        422, "invalid_request", f"{where}{said}: {first['message']}{rest}", errors=supplier_calendar
    )


def _place(error: dict[str, Any]) -> str:
    return ".".join(str(part) for part in error.get("loc", ()))


def _document(asked: bytes) -> Any:
    try:
        return json.loads(asked)  # reads NaN, which orjson does not
    except (ValueError, RecursionError):
        return None


def _value(document: Any, place: Sequence[str | int]) -> dict[str, str]:
    """Return the single value at `place` as short JSON; nothing where there is none, or more than one."""
    for part in place:
        inside = isinstance(document, dict) and part in document
        if not inside and not (isinstance(document, list) and isinstance(part, int) and part < len(document)):
            return {}
        document = document[part]
    if not place or (isinstance(document, dict | list) and document):
        return {}
    text = json.dumps(document, ensure_ascii=False)
    return {"value": text if len(text) <= LONGEST else f"{text[:LONGEST]}…"}
