"""ASGI middleware around the whole service: limits on bodies, seconds and concurrency; every error as problem+json."""

import asyncio
import logging
from collections.abc import Callable

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.http.framework_errors import INTERNAL, ErrorRewriter
from serving.http.problems import Problem

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
    """ASGI middleware around every route, those of BentoML included: limits and problem+json errors."""

    def __init__(self, app: ASGIApp, readiness: Callable[[], dict[str, object]]) -> None:
        self.app = app
        self.readiness = readiness
        self.running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request within the limits; what goes wrong becomes a problem."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = ErrorRewriter(send)
        try:
            await self._dispatch(scope, receive, answer)
        except Problem as problem:
            await answer.instead(scope, receive, problem)
        except TimeoutError:
            await answer.instead(scope, receive, _SLOW)
        except Exception:
            log.exception("unexpected error on %s %s", scope["method"], scope["path"])
            await answer.instead(scope, receive, INTERNAL)

    async def _dispatch(self, scope: Scope, receive: Receive, send: ErrorRewriter) -> None:
        """Answer probes at once; pass other requests on, with their whole body, while fewer than the limit run."""
        if scope["path"] == "/readyz":  # BentoML's own has no words for why, and hangs on an exception
            await _readiness_response(self.readiness())(scope, receive, send)
            return
        if scope["path"] in PROBES:
            await self.app(scope, receive, send)
            return
        try:
            # Not counted as in work: callers who never finish sending must not lock the others out.
            send.request_body = await asyncio.wait_for(_read_body(scope, receive), MAX_SECONDS)
        except TimeoutError:
            raise _LATE from None
        if self.running >= MAX_AT_ONCE:
            raise Problem(429, "overloaded", f"{MAX_AT_ONCE} requests are in work already; try again shortly")
        self.running += 1
        try:
            await asyncio.wait_for(
                self.app(scope, _replay_body(send.request_body, receive), send), MAX_SECONDS
            )
        finally:
            self.running -= 1


_SLOW = Problem(504, "timeout", f"no answer within {MAX_SECONDS:.0f} s; ask for fewer SKUs at a time")
_LATE = Problem(408, "body_late", f"the body did not end within {MAX_SECONDS:.0f} s; send it again")


def _readiness_response(facts: dict[str, object]) -> Response:
    """Answer the probe `/readyz`, which has no limits: 200 with what is served, 503 with why nothing is."""
    if not facts["ready"]:
        return Problem(503, "not_ready", str(facts["trouble"]), ready=False).response()
    return JSONResponse(facts)


async def _read_body(scope: Scope, receive: Receive) -> bytes:
    """Read a request's body, refused where it is larger than `MAX_BODY` or of another media type."""
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
    """The problem of a body larger than the guard's limit."""
    return Problem(
        413,
        "body_too_large",
        f"the body has {size:,} bytes or more, the limit is {MAX_BODY:,}; split the request",
        limit=MAX_BODY,
    )


def _replay_body(body: bytes, receive: Receive) -> Receive:
    """Return an ASGI `receive` that hands out the body already read, then waits for the caller to go."""
    sent = False

    async def receive_again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
