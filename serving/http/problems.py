"""Problems (RFC 9457): an error as problem+json, with a status, a stable code and a sentence that says the fix."""

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from configs.logs.request_id import request_id

MEDIA_TYPE = "application/problem+json"
DESCRIBED: dict[str, Any] = {
    "description": "A problem (RFC 9457)",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
"""A problem as an answer in the OpenAPI description."""

RETRY_SECONDS = 5
"""Seconds after which to ask again where nothing else is known."""

TITLES = {
    400: "Bad request",
    401: "Not identified",
    403: "Forbidden",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    408: "Body came too late",
    409: "Conflict",
    410: "Gone",
    411: "Length required",
    412: "Changed meanwhile",
    413: "Request too large",
    414: "Address too long",
    415: "Unsupported media type",
    421: "Misdirected request",
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
            **({"request_id": asked} if (asked := request_id.get()) else {}),
            **self.more,
        }

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """Return the problem as an HTTP response with media type problem+json."""
        body = orjson.dumps(self.document(), default=str)
        return Response(body, self.status, {**self.retry_after, **self.allow, **(headers or {})}, MEDIA_TYPE)

    @property
    def retry_after(self) -> dict[str, str]:
        """The header that says when to ask again, of problems that pass by themselves."""
        seconds = self.more.get("retry_after_seconds", RETRY_SECONDS)
        return {"Retry-After": str(seconds)} if self.status in {429, 503} else {}

    @property
    def allow(self) -> dict[str, str]:
        """The header that says which methods an address takes, where it does not take the one that came."""
        methods = self.more.get("allow")
        return {"Allow": ", ".join(methods)} if methods else {}


def wants_html(request: Request) -> bool:
    """Whether to show a problem as a page, as to a person's browser, which accepts HTML; programs get problem+json."""
    return "text/html" in request.headers.get("accept", "")
