"""Connections within limits: closed where a request's head does not come to its end, and no more than a process stands.

uvicorn waits for ever for the head of a first request, so that a handful of callers who never finish one could hold
all the connections there are.
"""

import asyncio
from typing import Any

import uvicorn.config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from serving.http.problems import Problem

HEAD_SECONDS = 10.0
"""Seconds within which the head of a request has to come, from its first byte or the connection's beginning."""

MOST_CONNECTIONS = 800
"""Connections open at once in a process, below the 1,024 files that systems allow one; more are closed at once."""


def _late_answer() -> bytes:
    """The answer to a head that came too late, as it goes over the wire: there is no request to answer yet."""
    answer = Problem(
        408, "head_late", f"the head did not end within {HEAD_SECONDS:.0f} s; send it again"
    ).response()
    head = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
    return b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n" + head + b"\r\n" + bytes(answer.body)


class LimitedConnection(HttpToolsProtocol):
    """uvicorn's HTTP connection with a limit on the seconds of a request's head, and on connections at once."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head; a connection too many is closed."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.close()
            return
        self._wait_for_head()

    def on_message_begin(self) -> None:
        """Wait for the rest of a head that has begun."""
        super().on_message_begin()
        self._wait_for_head()

    def on_headers_complete(self) -> None:
        """Wait no longer: the head is here."""
        self._stop_waiting()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer: nobody is there."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait_for_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self._close_late)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _close_late(self) -> None:
        self._head_timer = None
        if not self.transport.is_closing():
            self.transport.write(_late_answer())
            self.transport.close()


def limit_connections() -> None:
    """Have uvicorn use `LimitedConnection` in this process: BentoML starts it, and passes no protocol of ours on."""
    protocols: dict[str, Any] = uvicorn.config.HTTP_PROTOCOLS
    protocols["auto"] = f"{LimitedConnection.__module__}:{LimitedConnection.__qualname__}"
