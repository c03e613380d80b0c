"""Security headers on every answer: content security policy, no sniffing, referrer only to ourselves, no caching."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    b"content-security-policy": (
        b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
        b"form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
}
_PRIVATE = {b"cache-control": b"private, no-cache"}
"""Of all but static files: what a session's cookie opens is not to be kept by a proxy on the way for the next one."""


class SecurityHeaders:
    """ASGI middleware that adds the security headers an answer has not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, with the security headers added to its response."""
        public = scope.get("path", "").startswith("/static/")
        headers = _HEADERS if public else {**_HEADERS, **_PRIVATE}

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(name, value) for name, value in headers.items() if name not in present]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        await self.app(scope, receive, with_headers)
