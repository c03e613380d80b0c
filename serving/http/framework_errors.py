"""Errors of BentoML and Starlette turned into problem+json, and kept out of the log where a caller caused them."""

import json
import logging
from collections.abc import Sequence
from typing import Any

import orjson
from pydantic import ValidationError
from starlette.types import Message, Receive, Scope, Send

from serving.http.problems import MEDIA_TYPE, Problem

MAX_ERRORS, MAX_VALUE_LENGTH = 20, 60
"""Most validation errors shown of one request, and most characters of a value in them."""

MOST_ERRORS = 1_000
"""Validation errors of one request that are looked at."""

INTERNAL = Problem(500, "internal", "an unexpected error; the server's log has it")


def translate_error(
    status: int, body: bytes, request_body: bytes = b"", *, allow: Sequence[str] = ()
) -> Problem:
    """Turn an error response of BentoML or Starlette into a problem (RFC 9457).

    Parameters
    ----------
    status : its HTTP status
    body : plain text, `{"error": …, "detail": […]}` of a failed validation, or a list holding `{"error": …}`
    request_body : the request's body, whose values a failed validation names
    allow : methods that the address takes, where it does not take the one that came
    """
    try:
        document: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = {"error": body.decode("utf-8", "replace").strip()}
    if isinstance(document, list):
        document = document[0] if document else {}
    if isinstance(document, dict) and isinstance(document.get("detail"), list) and document["detail"]:
        return translate_validation(document["detail"], request_body)
    message = str(document.get("error", "")) if isinstance(document, dict) else ""
    if status == 404:
        return Problem(
            404, "no_such_page", "there is nothing at this address; /docs.json lists what there is"
        )
    if status == 405:
        taken = f"it takes {', '.join(allow)}" if allow else "/docs.json says which it takes"
        return Problem(405, "method", f"this address does not take this method; {taken}", allow=list(allow))
    return INTERNAL if status == 500 else Problem(status, "error", message or "the request failed")


def translate_validation(errors: list[dict[str, Any]], request_body: bytes = b"") -> Problem:
    """Turn a framework's error of validation, pydantic's list, into a problem: its first as sentence, 20 as `errors`.

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


def validation_problem(error: ValidationError, request_body: bytes) -> Problem:
    """Turn pydantic's error into a problem, as `translate_validation`; of very many errors only their number is said.

    Each costs 20 microseconds to name, a body of 300 kB may hold 350,000.
    """
    count = error.error_count()
    if count > MOST_ERRORS:
        return Problem(
            422, "invalid_request", f"body: {count:,} things are wrong with it; send one that is right"
        )
    errors: list[Any] = error.errors(include_url=False, include_input=False, include_context=False)
    return translate_validation(errors, request_body)


def _location(error: dict[str, Any]) -> str:
    return ".".join(str(part) for part in error.get("loc", ()))


def _parse_json(request_body: bytes) -> Any:
    try:
        return json.loads(request_body)  # reads NaN, which orjson does not
    except (ValueError, RecursionError):
        return None


def _sent_value(document: Any, location: Sequence[str | int]) -> dict[str, str]:
    """Return the value sent at a pydantic error's location as short JSON; nothing where it is missing or nested."""
    for part in location:
        inside = isinstance(document, dict) and part in document
        if not inside and not (isinstance(document, list) and isinstance(part, int) and part < len(document)):
            return {}
        document = document[part]
    if not location or (isinstance(document, dict | list) and document):
        return {}
    text = json.dumps(document, ensure_ascii=False)
    return {"value": text if len(text) <= MAX_VALUE_LENGTH else f"{text[:MAX_VALUE_LENGTH]}…"}


class ErrorRewriter:
    """ASGI `send` that passes an answer on, but holds a framework's error and sends it as problem+json."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.started = False
        self.held_start: Message | None = None
        self.body = b""
        self.request_body = b""

    async def __call__(self, message: Message) -> None:
        """Pass on one ASGI message of the answer, or hold it where it is of a framework's error."""
        if message["type"] == "http.response.start" and _is_foreign_error(message):
            self.held_start = message
            return
        if self.held_start is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._send_rewritten()
            return
        self.started = True
        await self.send(message)

    async def _send_rewritten(self) -> None:
        """Send the framework's error that was held as a problem."""
        assert self.held_start is not None
        status, self.held_start, self.started = self.held_start["status"], None, True
        await _send_problem(self.send, translate_error(status, self.body, self.request_body))

    async def instead(self, scope: Scope, receive: Receive, problem: Problem) -> None:
        """Answer with `problem` instead of a framework's answer, unless that is already on its way."""
        if not self.started:
            self.started = True
            await problem.response()(scope, receive, self.send)


async def _send_problem(send: Send, problem: Problem) -> None:
    """Send a problem in place of a framework's error, as the ASGI messages of a response."""
    response = problem.response()
    await send(
        {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
    )
    await send({"type": "http.response.body", "body": bytes(response.body)})


def _is_foreign_error(message: Message) -> bool:
    kind = dict(message.get("headers", [])).get(b"content-type", b"")
    ours = kind.startswith((MEDIA_TYPE.encode(), b"text/html"))
    return bool(message["status"] >= 400 and not ours)


class QuietValidation(logging.Filter):
    """Log filter that drops failed validations, a caller's mistake: BentoML logs each one with its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log `record`: not when it is a failed validation."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, ValidationError)
