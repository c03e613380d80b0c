"""The header `Purvey-Stale` of every answer that may be older than the newest plan run, which cannot be read."""

from collections.abc import Callable
from datetime import timedelta

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "purvey-stale"


class StaleHeader:
    """ASGI middleware that says of all answers how old the plan is that they come from, while it is not the newest."""

    def __init__(self, app: ASGIApp, stale: Callable[[], timedelta | None]) -> None:
        self.app = app
        self.stale = stale

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request; the header is `age=SECONDS`."""
        age = self.stale() if scope["type"] == "http" else None
        if age is None:
            await self.app(scope, receive, send)
            return

        async def send_stale(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = f"age={int(age.total_seconds())}"
            await send(message)

        await self.app(scope, receive, send_stale)
