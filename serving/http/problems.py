"""Problems (RFC 9457): an error as problem+json, with a status, a stable code and a sentence that says the fix."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"

MAX_ERRORS, MAX_VALUE_LENGTH = 20, 60
"""Most validation errors shown of one request, and most characters of a value in them."""

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
        """Return the fields of the problem+json document."""
        return {
            "type": f"urn:purvey:problem:{self.code}",
            "title": TITLES.get(self.status, "Error"),
            "status": self.status,
            "code": self.code,
            "detail": self.detail,
            **self.more,
        }

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """Return the problem as an HTTP response with media type problem+json."""
        body = orjson.dumps(self.document(), default=str)
        return Response(body, self.status, headers, MEDIA_TYPE)


def from_validation(errors: list[dict[str, Any]], request_body: bytes = b"") -> Problem:
    """Turn pydantic's list of validation errors into one problem: the first its sentence, up to 20 as `errors`.

    Pydantic's report leaves out what was sent, so the values are looked up in `request_body`, which is JSON.
    """
    document = _parse_json(request_body)
    errors_shown = [
        {
            "place": _location(error),
            "message": error.get("msg", ""),
            **_sent_value(document, error.get("loc", ())),
        }
        for error in errors[:MAX_ERRORS]
    ]
    first = errors_shown[0]
    where = first["place"] or "body"
    sent = f" is {first['value']}" if "value" in first else ""
    rest = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return Problem(422, "invalid_request", f"{where}{sent}: {first['message']}{rest}", errors=errors_shown)


def _location(error: dict[str, Any]) -> str:
    return ".".join(str(part) for part in error.get("loc", ()))


def _parse_json(request_body: bytes) -> Any:
    try:
        return json.loads(request_body)  # reads NaN, which orjson does not
    except (ValueError, RecursionError):
        return None


def _sent_value(document: Any, location: Sequence[str | int]) -> dict[str, str]:
    """Return the value sent at a validation error's location as short JSON; nothing where it is missing or nested."""
    for part in location:
        inside = isinstance(document, dict) and part in document
        if not inside and not (isinstance(document, list) and isinstance(part, int) and part < len(document)):
            return {}
        document = document[part]
    if not location or (isinstance(document, dict | list) and document):
        return {}
    text = json.dumps(document, ensure_ascii=False)
    return {"value": text if len(text) <= MAX_VALUE_LENGTH else f"{text[:MAX_VALUE_LENGTH]}…"}
