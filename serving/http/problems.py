"""Problems (RFC 9457): an error as problem+json, with a status, a stable code and a sentence that says the fix."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
DESCRIBED: dict[str, Any] = {
    "description": "A problem (RFC 9457)",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
"""A problem as an answer in the OpenAPI description."""

TITLES = {
    400: "Bad request",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    408: "Body came too late",
    409: "Conflict",
    411: "Length required",
    412: "Changed meanwhile",
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


def wants_html(request: Request) -> bool:
    """Whether to show a problem as a page, as to a person's browser, which accepts HTML; programs get problem+json."""
    return "text/html" in request.headers.get("accept", "")
