"""Request ids: taken from the caller where they are sane, else made; in every answer, problem and line of the log."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from configs.logs.request_id import request_id, sane_or_new

HEADER = b"x-request-id"


class RequestIds:
    """ASGI middleware around all others that gives each request its id."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with its id in the header `X-Request-ID`."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent = next((value for name, value in scope["headers"] if name == HEADER), b"")
        asked = sane_or_new(sent.decode("latin-1"))
        header = (HEADER, asked.encode())

        async def with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], header]}
            await send(message)

        token = request_id.set(asked)
        try:
            await self.app(scope, receive, with_id)
        finally:
            request_id.reset(token)
