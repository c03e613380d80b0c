"""Who may ask by the protocol: whoever has the key `PURVEY_MCP_KEY`, or an API key of the home."""

from collections.abc import Callable, Mapping
from hmac import compare_digest

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from configs.errors import DomainError
from database.access.api_keys import find_key
from database.settings import Settings
from serving.http.problems import Problem

VARIABLE = "PURVEY_MCP_KEY"
_API_KEY = "pv_"


class McpKeyError(DomainError):
    """An assistant that may not ask: says which key is needed."""


def check_own_key(settings: Settings, engine: Engine, environ: Mapping[str, str]) -> None:
    """Refuse to start for an assistant on standard input that has no right to read; open access needs none.

    Raises
    ------
    McpKeyError
        Where access is configured and the environment holds no API key that is in force.
    """
    configured = settings.access is not None or settings.access_file.exists()
    key = environ.get(VARIABLE, "")
    if not configured and not key.startswith(_API_KEY):
        return
    if not _opens(engine, key):
        raise McpKeyError(
            f"{VARIABLE}: an API key in force is needed, as access is configured; "
            "`purvey keys add NAME --role viewer` makes one"
        )


class BearerKeys:
    """ASGI middleware that lets in whoever sends the key of the environment, or an API key, as a bearer token."""

    def __init__(self, app: ASGIApp, engine: Callable[[], Engine], own_key: str) -> None:
        self.app, self._engine, self._own_key = app, engine, own_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request of somebody who may ask."""
        if scope["type"] == "http" and not self._may(Request(scope).headers.get("authorization", "")):
            problem = Problem(
                401, "not_identified", f"Authorization: expected Bearer with {VARIABLE} or an API key"
            )
            await problem.response({"WWW-Authenticate": 'Bearer realm="purvey"'})(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _may(self, header: str) -> bool:
        kind, _, key = header.partition(" ")
        key = key.strip()
        if kind.lower() != "bearer" or not key:
            return False
        own = bool(self._own_key) and compare_digest(key.encode(), self._own_key.encode())
        return own or _opens(self._engine(), key)


def _opens(engine: Engine, key: str) -> bool:
    """Whether an API key is in force; every role may read."""
    found = find_key(engine, key) if key.startswith(_API_KEY) else None
    return found is not None and not found.barred and bool(found.roles)
