"""The door of the service: limits on what comes in, one form for every error that goes out."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import orjson
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.http.problems import MEDIA_TYPE, Problem, from_validation

log = logging.getLogger("purvey.serving")

MAX_BODY = 8 * 2**20
"""Bytes of a request's body: a plan of 10,000 SKUs with all their offers is a quarter of it."""

MAX_SECONDS = 20.0
"""After this a request is given up, as is a body that does not come to its end; BentoML's own limit stands above
it and never answers first."""

MAX_AT_ONCE = 256
"""Requests worked on at once in a process; more are sent away at once, rather than served late."""

BODY_TYPES = ("application/json", "application/x-www-form-urlencoded")
PROBES = ("/livez", "/healthz", "/metrics")


class Guard:
    """ASGI middleware around every route, those of BentoML included."""

    def __init__(self, app: ASGIApp, readiness: Callable[[], dict[str, object]]) -> None:
        self.app = app
        self.readiness = readiness
        self.running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self._answer(scope, receive, answer)
        except Problem as problem:
            await answer.instead(scope, receive, problem)
        except TimeoutError:
            await answer.instead(scope, receive, _SLOW)
        except Exception:
            log.exception("unexpected error on %s %s", scope["method"], scope["path"])
            await answer.instead(scope, receive, _INTERNAL)

    async def _answer(self, scope: Scope, receive: Receive, send: "_Answer") -> None:
        if scope["path"] == "/readyz":  # BentoML's own has no words for why, and hangs on an exception
            await _ready(self.readiness())(scope, receive, send)
            return
        if scope["path"] in PROBES:
            await self.app(scope, receive, send)
            return
        try:
            # Not counted as in work: callers who never finish sending must not lock the others out.
            send.asked = await asyncio.wait_for(_body(scope, receive), MAX_SECONDS)
        except TimeoutError:
            raise _LATE from None
        if self.running >= MAX_AT_ONCE:
            raise Problem(429, "overloaded", f"{MAX_AT_ONCE} requests are in work already; try again shortly")
        self.running += 1
        try:
            await asyncio.wait_for(self.app(scope, _replay(send.asked, receive), send), MAX_SECONDS)
        finally:
            self.running -= 1


_SLOW = Problem(504, "timeout", f"no answer within {MAX_SECONDS:.0f} s; ask for fewer SKUs at a time")
_LATE = Problem(408, "body_late", f"the body did not end within {MAX_SECONDS:.0f} s; send it again")
_INTERNAL = Problem(500, "internal", "an unexpected error; the server's log has it")


def _ready(facts: dict[str, object]) -> Response:
    if not facts["ready"]:
        return Problem(503, "not_ready", str(facts["trouble"]), ready=False).response()
    return JSONResponse(facts)


async def _body(scope: Scope, receive: Receive) -> bytes:
    """Read the body within the limit."""
    headers = dict(scope["headers"])
    declared = headers.get(b"content-length", b"")
    if declared.isdigit() and int(declared) > MAX_BODY:
        raise _too_large(int(declared))
    parts, size, more = [], 0, scope["method"] in {"POST", "PUT", "PATCH"}
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MAX_BODY:
            raise _too_large(size)
        more = message.get("more_body", False)
    kind = headers.get(b"content-type", b"application/json").split(b";")[0].strip().decode("latin-1").lower()
    if size and kind not in BODY_TYPES:
        raise Problem(415, "media_type", f"content-type {kind} is not read here; send application/json")
    return b"".join(parts)


def _too_large(size: int) -> Problem:
    return Problem(
        413,
        "body_too_large",
        f"the body has {size:,} bytes or more, the limit is {MAX_BODY:,}; split the request",
        limit=MAX_BODY,
    )


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


class _Answer:
    """Passes an answer on; one that is an error in another form than ours is held and rewritten."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.started = False
        self.held: Message | None = None
        self.body = b""
        self.asked = b""

    async def __call__(self, message: Message) -> None:
        """Take one message of the answer."""
        if message["type"] == "http.response.start" and _is_foreign_error(message):
            self.held = message
            return
        if self.held is not None:
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._rewritten()
            return
        self.started = True
        await self.send(message)

    async def _rewritten(self) -> None:
        assert self.held is not None
        status, self.held, self.started = self.held["status"], None, True
        await _send(self.send, translate(status, self.body, self.asked))

    async def instead(self, scope: Scope, receive: Receive, problem: Problem) -> None:
        """Answer with `problem`, unless an answer is already on its way."""
        if not self.started:
            self.started = True
            await problem.response()(scope, receive, self.send)


async def _send(send: Send, problem: Problem) -> None:
    response = problem.response()
    await send(
        {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
    )
    await send({"type": "http.response.body", "body": bytes(response.body)})


def _is_foreign_error(message: Message) -> bool:
    kind = dict(message.get("headers", [])).get(b"content-type", b"")
    ours = kind.startswith((MEDIA_TYPE.encode(), b"text/html"))
    return bool(message["status"] >= 400 and not ours)


def translate(status: int, body: bytes, asked: bytes = b"") -> Problem:
    """Turn an error of BentoML or Starlette into a problem.

    Parameters
    ----------
    status : its HTTP status
    body : plain text, `{"error": …, "detail": […]}` of a failed validation, or a list holding `{"error": …}`
    asked : the request's body, whose values a failed validation names
    """
    try:
        document: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = {"error": body.decode("utf-8", "replace").strip()}
    if isinstance(document, list):
        document = document[0] if document else {}
    if isinstance(document, dict) and isinstance(document.get("detail"), list) and document["detail"]:
        return from_validation(document["detail"], asked)
    said = str(document.get("error", "")) if isinstance(document, dict) else ""
    if status == 404:
        return Problem(
            404, "no_such_page", "there is nothing at this address; /docs.json lists what there is"
        )
    if status == 405:
        return Problem(
            405, "method", "this address does not take this method; /docs.json says which it takes"
        )
    return _INTERNAL if status == 500 else Problem(status, "error", said or "the request failed")


class QuietValidation(logging.Filter):
    """Keeps out of the log what a caller got wrong: BentoML logs each failed validation with its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to log `record`."""
        error = record.exc_info[1] if record.exc_info else None
        return not isinstance(error, ValidationError)
