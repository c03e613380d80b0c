"""Middleware that counts requests by their route's template, so that labels stay few, and that shows the counts."""

import time
from collections.abc import Callable

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.metrics import instruments

OTHER = "other"
"""Label of requests that no route answers, and of methods that are none."""

ANSWERED_BEFORE = frozenset(
    {
        "/readyz",
        "/livez",
        "/healthz",
        "/metrics",
        "/v1/forecast",
        "/v1/lead_time",
        "/v1/lead_time_demand",
        "/v1/plan",
    }
)
"""Paths that are answered, or refused, before any route is looked for."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMetrics:
    """ASGI middleware around the gate that counts requests, those that it does not let in as well."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._counters: dict[tuple[str, str, int], Callable[[], None]] = {}
        self._clocks: dict[str, Callable[[float], None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and count it when it is answered."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status, started = 500, time.perf_counter()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, watched)
        finally:
            self._count(scope, status, time.perf_counter() - started)

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_template(scope)
        method = scope["method"] if scope["method"] in METHODS else OTHER
        key = (route, method, status)
        if key not in self._counters:
            self._counters[key] = instruments.requests.labels(route, method, str(status)).inc
        if route not in self._clocks:
            self._clocks[route] = instruments.seconds.labels(route).observe
        self._counters[key]()
        self._clocks[route](seconds)


class MetricsAnswer:
    """ASGI middleware behind the gate that answers `/metrics`: what is asked here, and how often, is not for everybody.

    `observe` sets the gauges before they are shown.
    """

    def __init__(self, app: ASGIApp, observe: Callable[[], None] = lambda: None) -> None:
        self.app = app
        self.observe = observe

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request for the metrics; pass others on."""
        if scope["type"] != "http" or scope["path"] != "/metrics":
            await self.app(scope, receive, send)
            return
        self.observe()
        await Response(instruments.exposition(), media_type=CONTENT_TYPE_LATEST)(scope, receive, send)


def route_template(scope: Scope) -> str:
    """Template of the route that answered a request, like `/skus/{unique_id:path}`; `other` where there was none."""
    if scope["path"] in ANSWERED_BEFORE:
        return str(scope["path"])
    route = scope.get("route")
    path = getattr(route, "path", "")
    catches_all = isinstance(route, Mount) and not path
    return OTHER if not path or catches_all else str(path)
