"""Idempotency keys: a change that is sent again with the same `Idempotency-Key` has one effect and one answer.

The first answer is kept for a day and given again with `Idempotency-Replayed: true`. While this process works on it the
others wait; where another one does, or did when it was lost, they are told to come back with 409: nobody waits for what
may never come, in the place of others. Another request under the same key is refused with 422.
"""

import asyncio
import hashlib
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from database.requests.idempotency_keys import (
    KeyedRequest,
    OtherRequestError,
    StoredAnswer,
    begin_request,
    forget_key,
    store_answer,
)
from serving.http.person import person_in
from serving.http.problems import Problem
from serving.http.whole_body import replayed, whole_body

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEY_LENGTH = 200
WAIT_SECONDS = 10.0
"""How long a repeated request waits for the first one's answer, well within the time that any request has."""

_POLL_SECONDS = 0.05
_CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
STORES_NOTHING = {"/v1/orders/check", "/v1/sourcing/compare"}
"""Requests that only ask, so that a key has no use."""

_NOT_STORED = {401, 403, 408, 425, 429}
"""Answers of requests that were not even begun: they may be sent again under the same key. So may those of 5xx."""


class IdempotencyKeys:
    """ASGI middleware of the API's resources that gives the first answer to a key to all who repeat it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._in_work: dict[KeyedRequest, str] = {}  # → the request that is the first, or may be

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: from memory where its key has an answer, else by doing it and keeping what comes out."""
        key = _key_of(scope)
        if key is None:
            await self.app(scope, receive, send)
            return
        body, owner = await whole_body(receive), uuid.uuid4().hex
        try:
            keyed = KeyedRequest(caller_id(scope), _checked_key(key), _sha256(scope, body))
            work = (scope["app"].state.follower.engine, keyed, owner)
            async with self._alone(keyed, owner):
                answer = await _answer_before(*work)
                if answer is None:
                    await self._do(scope, replayed(body, receive), send, work)
                    return
        except Problem as problem:
            retry = {"Retry-After": "1"} if problem.status in {409, 503} else None
            await problem.response(retry)(scope, receive, send)
            return
        headers = {**answer.headers, REPLAYED: "true"}
        await Response(answer.body, answer.status, headers)(scope, receive, send)

    @asynccontextmanager
    async def _alone(self, keyed: KeyedRequest, owner: str) -> AsyncIterator[None]:
        """Be the only request of this process with its key.

        Raises
        ------
        Problem
            409 when another one takes too long.
        """
        deadline = time.monotonic() + WAIT_SECONDS
        while self._in_work.setdefault(keyed, owner) != owner:
            if time.monotonic() > deadline:
                raise _in_work()
            await asyncio.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            del self._in_work[keyed]

    async def _do(
        self, scope: Scope, receive: Receive, send: Send, work: tuple[Engine, KeyedRequest, str]
    ) -> None:
        """Do the first request of a key: its answer is stored before it is sent.

        One that is cancelled, as its time is over, may still come to its effect: its key stays in work for a while.
        """
        scope["idempotency_key"] = work[1]
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        try:
            await self.app(scope, receive, keep)
        except Exception:
            await anyio.to_thread.run_sync(forget_key, *work)
            raise
        answer = _stored(messages)
        if answer.status >= 500 or answer.status in _NOT_STORED:
            await anyio.to_thread.run_sync(forget_key, *work)
        else:
            await anyio.to_thread.run_sync(store_answer, *work, answer)
        for message in messages:
            await send(message)


async def _answer_before(engine: Engine, keyed: KeyedRequest, owner: str) -> StoredAnswer | None:
    """The answer that the key has; none when this request is the first, and `owner` is to do it.

    Raises
    ------
    Problem
        422 when the key came with another request, 409 when the first one is still in work, elsewhere, or was lost.
    """
    try:
        found = await anyio.to_thread.run_sync(begin_request, engine, keyed, owner)
    except OtherRequestError as error:
        raise Problem(422, "idempotency_key_reused", str(error)) from None
    if found is False:
        raise _in_work()
    return found if isinstance(found, StoredAnswer) else None


def _in_work() -> Problem:
    """The problem of a request whose key another one works on."""
    return Problem(409, "in_work", "the first request with this key is still in work; send it again shortly")


def caller_id(scope: Scope) -> str:
    """Return the id of who calls, by which keys and jobs are kept; empty where nobody has to say who they are."""
    person = person_in(scope)
    return "" if person is None else person.id


def _key_of(scope: Scope) -> str | None:
    """The key of a request that changes something; none where it has none, or only asks."""
    if scope["type"] != "http" or scope["method"] not in _CHANGING or not scope["path"].startswith("/v1/"):
        return None
    return None if scope["path"] in STORES_NOTHING else Request(scope).headers.get(HEADER)


def _checked_key(key: str) -> str:
    """A key, refused where it cannot be kept."""
    if not 0 < len(key) <= KEY_LENGTH or not all("!" <= character <= "~" for character in key):
        raise Problem(
            422,
            "invalid_request",
            f"{HEADER}: {key!r:.60} is not 1 to {KEY_LENGTH} printable ASCII characters without spaces",
        )
    return key


def _sha256(scope: Scope, body: bytes) -> str:
    """What makes a request this one: method, address and body."""
    address = b"\n".join([scope["method"].encode(), scope["path"].encode(), scope.get("query_string", b"")])
    return hashlib.sha256(address + b"\n" + body).hexdigest()


def _stored(messages: list[Message]) -> StoredAnswer:
    """An answer as it is stored, without cookies, which are the first caller's."""
    start = messages[0]
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
    headers.pop("set-cookie", None)
    headers.pop("content-length", None)
    return StoredAnswer(start["status"], headers, b"".join(each.get("body", b"") for each in messages[1:]))
