"""ASGI middleware around the whole service: limits on bodies, seconds and work; every error as problem+json."""

import asyncio
import logging
from collections.abc import Callable

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.admission.turns import CallerGone, Visit, current_visit, in_turn
from serving.admission.work_cost import LEAST_OF_TYPED, route_cost
from serving.admission.work_queue import Overloaded, WorkQueue
from serving.http.framework_errors import INTERNAL, ErrorRewriter
from serving.http.person import PERSON
from serving.http.problems import Problem
from serving.http.whole_body import replayed
from serving.metrics import instruments

log = logging.getLogger("purvey.serving")

MAX_BODY = 8 * 2**20
"""Bytes of a request's body: a plan of 10,000 SKUs with all their offers is a quarter of it."""

MAX_SECONDS = 20.0
"""After this a request is given up."""

MAX_DOWNLOAD_SECONDS = 600.0
"""The same of a job's result, which may be large: its file is sent as fast as the caller reads."""

MAX_BODY_SECONDS = 10.0
"""Seconds within which a request's body has to come to its end."""

BODY_TYPES = ("application/json", "application/x-www-form-urlencoded")
PROBES = ("/livez", "/healthz", "/metrics")
TYPED = frozenset({"/v1/forecast", "/v1/lead_time", "/v1/lead_time_demand", "/v1/plan"})
"""Calls that know better what they cost, and wait for their turn themselves."""

SMALL = 5.0
"""Cost up to which a request is answered at once, in the event loop."""


class Guard:
    """ASGI middleware around every route, those of BentoML included: limits and problem+json errors.

    Attributes
    ----------
    readiness : facts that `/readyz` answers with
    quick : answers a typed call, path and body, from what is known beforehand; none where it has to be worked out
    queue : who works and who waits in this process
    """

    def __init__(
        self,
        app: ASGIApp,
        readiness: Callable[[], dict[str, object]],
        quick: Callable[[str, bytes], Response | None] = lambda *_: None,
        queue: WorkQueue | None = None,
    ) -> None:
        self.app = app
        self.readiness = readiness
        self.quick = quick
        self.queue = queue or WorkQueue()

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
        except Overloaded as error:
            await answer.instead(scope, receive, overloaded(error))
        except CallerGone:
            instruments.refused.labels("caller_gone").inc()
        except TimeoutError:
            await answer.instead(scope, receive, too_slow())
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
            # Before its turn: callers who never finish sending must not lock the others out.
            async with asyncio.timeout(MAX_BODY_SECONDS):
                send.request_body = await _read_body(scope, receive)
        except TimeoutError:
            raise _LATE from None
        if scope["path"] in TYPED and scope["method"] == "POST":
            found = self.quick(scope["path"], send.request_body)
            if found is not None:
                await found(scope, receive, send)
                return
            # what would be sent away in the end is, before the framework has read it once more
            self.queue.check(LEAST_OF_TYPED.get(scope["path"], 0.0), _caller(scope))
        await self._work(scope, receive, send)

    async def _work(self, scope: Scope, receive: Receive, send: ErrorRewriter) -> None:
        """Pass a request on whose body is here: at once where it is small or waits itself, else in its turn."""
        path, now = scope["path"], asyncio.get_running_loop().time()
        download = path.startswith("/v1/jobs/") and path.endswith("/result")
        expires = now + (MAX_DOWNLOAD_SECONDS if download else MAX_SECONDS)
        current_visit.set(Visit(_caller(scope), receive, expires))
        again = replayed(send.request_body, receive)
        cost = 0.0 if path in TYPED else route_cost(path, len(send.request_body))
        if cost <= SMALL:
            async with asyncio.timeout_at(expires):
                await self.app(scope, again, send)
        else:
            await in_turn(self.queue, cost, lambda: self.app(scope, again, send))


def _caller(scope: Scope) -> str:
    """Who asks: the person, else the address. Behind a proxy all have one address."""
    person, client = scope.get(PERSON), scope.get("client")
    if person is not None:
        return str(person.id)
    return client[0] if client else ""


_LATE = Problem(408, "body_late", f"the body did not end within {MAX_BODY_SECONDS:.0f} s; send it again")


def too_slow() -> Problem:
    """The problem of a request that is given up."""
    return Problem(504, "timeout", f"no answer within {MAX_SECONDS:.0f} s; ask for fewer SKUs at a time")


def overloaded(error: Overloaded) -> Problem:
    """The problem of a request that was not worked on, with the seconds after which to ask again."""
    instruments.refused.labels(error.code).inc()
    if error.code == "expired":
        detail = "others kept this request from its turn; nothing was done, try again shortly"
        return Problem(503, "expired", detail, retry_after_seconds=error.retry_after)
    detail = f"too much is waiting already; nothing was done, try again in {error.retry_after} s"
    return Problem(429, "overloaded", detail, retry_after_seconds=error.retry_after)


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
    kinds = [value for name, value in scope["headers"] if name == b"content-type"] or [b"application/json"]
    kind = kinds[0].split(b";")[0].strip().decode("latin-1").lower()
    if size and len(kinds) > 1:  # the framework goes by the first, others by the last
        raise Problem(415, "media_type", "content-type is there twice; send it once")
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
