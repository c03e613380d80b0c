"""Connections within limits: closed where a request's head does not come to its end, and no more than a process stands.

uvicorn waits for ever for the head of a first request, so that a handful of callers who never finish one could hold
all the connections there are. In overload requests are refused here, where that costs least: before the service.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from serving.admission.guard import PROBES
from serving.admission.shedding import Shedder
from serving.http.problems import Problem
from serving.metrics import instruments

HEAD_SECONDS = 10.0
"""Seconds within which the head of a request has to come, from its first byte or the connection's beginning."""

MOST_HEAD_BYTES = 65_536
"""Bytes of a request's head, its address and headers; each header counts 32 more, as it does in memory."""

MOST_CONNECTIONS = 800
"""Connections open at once in a process, below the 1,024 files that systems allow one; more are closed at once."""

_NEVER_REFUSED = frozenset(path.encode() for path in (*PROBES, "/readyz"))


def _on_the_wire(problem: Problem, connection: bytes) -> bytes:
    """A problem as it goes over the wire, where there is no request to answer, or none that the service has seen."""
    answer = problem.response()
    head = b"".join(name + b": " + value + b"\r\n" for name, value in answer.raw_headers)
    status = b"HTTP/1.1 %d %s\r\n" % (problem.status, problem.document()["title"].encode())
    return status + b"connection: " + connection + b"\r\n" + head + b"\r\n" + bytes(answer.body)


def _late_answer() -> bytes:
    """The answer to a head that came too late."""
    why = f"the head did not end within {HEAD_SECONDS:.0f} s; send it again"
    return _on_the_wire(Problem(408, "head_late", why), b"close")


def _large_head() -> bytes:
    """The answer to a head that is larger than any caller needs."""
    why = f"the head has more than {MOST_HEAD_BYTES:,} bytes; send fewer or shorter headers"
    return _on_the_wire(Problem(431, "head_too_large", why), b"close")


_OVERLOADED = Problem(
    429, "overloaded", "too much is asked; nothing was done, try again in 1 s", retry_after_seconds=1
)
_REFUSED = {True: _on_the_wire(_OVERLOADED, b"keep-alive"), False: _on_the_wire(_OVERLOADED, b"close")}
"""Whether the connection is kept → the answer to a request that is refused."""

shedder = Shedder()
"""The one of this process."""


class LimitedConnection(HttpToolsProtocol):
    """uvicorn's HTTP connection with limits: seconds of a head, connections at once, requests in overload."""

    _head_timer: asyncio.TimerHandle | None = None
    _refusing = False
    _refusal: asyncio.TimerHandle | None = None
    _kept = True
    _head_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head; a connection too many is closed."""
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.close()
            return
        self._wait_for_head()

    def on_message_begin(self) -> None:
        """Wait for the rest of a head that has begun; what came before it is answered first."""
        if self._refusal is not None:
            self._refusal.cancel()
            self._refuse()
        self._refusing, self._head_bytes = False, 0
        super().on_message_begin()
        self._wait_for_head()

    def on_url(self, url: bytes) -> None:
        """Take a part of the address, unless the head is too large."""
        if self._fits(len(url)):
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, unless the head is too large."""
        if self._fits(len(name) + len(value) + 32):
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand the request to the service, or refuse it once its body is here, too, for which the timer runs on."""
        if self._head_bytes > MOST_HEAD_BYTES:
            self._refusing = True
            return
        if self._may_refuse() and not shedder.takes():
            self._refusing = True
            # an answer to HEAD has no body
            self._kept = self.parser.get_method() != b"HEAD" and self.parser.should_keep_alive()
            return
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, unless the request is refused."""
        if not self._refusing:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Answer a request that is refused, when its turn for that comes."""
        if not self._refusing:
            super().on_message_complete()
            return
        if self._head_bytes > MOST_HEAD_BYTES:
            return
        self._stop_waiting()
        instruments.refused.labels("overloaded").inc()
        delay = shedder.refusal_delay()
        if delay > 0.0:
            self._refusal = self.loop.call_later(delay, self._refuse)
        else:
            self._refuse()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer: nobody is there."""
        self._stop_waiting()
        if self._refusal is not None:
            self._refusal.cancel()
        super().connection_lost(exc)

    def _may_refuse(self) -> bool:
        """Whether a request can be refused: no probe, whole, and the only one of its connection to be answered."""
        if self.expect_100_continue or self.parser.should_upgrade():
            return False
        path, _, _ = self.url.partition(b"?")
        return path not in _NEVER_REFUSED and (self.cycle is None or self.cycle.response_complete)

    def _refuse(self) -> None:
        self._refusal = None
        if self.transport.is_closing():
            return
        self.transport.write(_REFUSED[self._kept])
        if self._kept:
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        else:
            self.transport.close()

    def _fits(self, more: int) -> bool:
        """Count `more` bytes of a head; one that gets too large is answered and its connection closed, once."""
        fitted = self._head_bytes <= MOST_HEAD_BYTES
        self._head_bytes += more
        fits = self._head_bytes <= MOST_HEAD_BYTES
        if fitted and not fits:
            self._stop_waiting()
            self.transport.write(_large_head())
            self.transport.close()
        return fits

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
