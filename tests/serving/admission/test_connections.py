import asyncio
from contextlib import asynccontextmanager

import orjson
import pytest
import uvicorn

from serving.admission import connections
from serving.admission.connections import LimitedConnection
from serving.admission.shedding import Shedder
from serving.metrics import instruments


async def answer(scope, receive, send):
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def serving():
    """A server with limited connections on a free port of this machine."""
    config = uvicorn.Config(answer, port=0, http=LimitedConnection, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await task


async def sent(port, text):
    """What comes back to `text` until the server closes, or has answered in full."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(text)
    back = await asyncio.wait_for(reader.read(), 60)
    writer.close()
    return back


@pytest.mark.parametrize("begun", [b"", b"GET / HTT", b"GET / HTTP/1.1\r\nhost: x\r\n"])
def test_a_head_that_never_ends_is_answered_and_closed(begun, monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)

    async def test():
        async with serving() as port:
            return await sent(port, begun)

    back = asyncio.run(test())
    assert back.startswith(b"HTTP/1.1 408 ")
    assert b"head_late" in back


def test_the_head_of_a_later_request_on_a_kept_connection_has_to_end_too(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)

    async def test():
        async with serving() as port:
            return await sent(port, b"GET / HTTP/1.1\r\nhost: x\r\n\r\nGET / HT")

    back = asyncio.run(test())
    assert back.startswith(b"HTTP/1.1 200 ")
    assert b"HTTP/1.1 408 " in back


def test_whole_requests_are_answered_one_after_another(monkeypatch):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 60.0)
    one = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"

    async def test():
        async with serving() as port:
            return await sent(port, one + last)

    assert asyncio.run(test()).count(b"HTTP/1.1 200 ") == 2


def test_a_connection_too_many_is_closed_at_once(monkeypatch):
    monkeypatch.setattr(connections, "MOST_CONNECTIONS", 1)

    async def test():
        async with serving() as port:
            _, first = await asyncio.open_connection("127.0.0.1", port)
            second, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await asyncio.wait_for(second.read(), 60) == b""
            writer.close()
            first.close()

    asyncio.run(test())


ASKED = b"POST /v1/plan HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\nbody"


class Closed(Shedder):
    """Takes nothing; refuses after `delay` seconds."""

    def __init__(self, delay: float = 0.0) -> None:
        super().__init__()
        self.delay = delay

    def takes(self) -> bool:
        return False

    def refusal_delay(self) -> float:
        return self.delay


def overloaded(monkeypatch, delay: float = 0.0) -> None:
    monkeypatch.setattr(connections, "shedder", Closed(delay))


async def asked_on(port: int, *texts: bytes) -> list[bytes]:
    """The answers to requests sent one after another on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for text in texts:
        writer.write(text)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
        size = next(int(line[16:]) for line in head.splitlines() if line.startswith(b"content-length:"))
        answers.append(head + await asyncio.wait_for(reader.readexactly(size), 60))
    writer.close()
    return answers


@pytest.mark.parametrize("delay", [0.0, 0.01])
def test_in_overload_a_request_is_refused_before_the_service_and_its_connection_kept(delay, monkeypatch):
    overloaded(monkeypatch, delay)

    async def test():
        async with serving() as port:
            refused = await asked_on(port, ASKED, ASKED)
            monkeypatch.setattr(connections, "shedder", Shedder())
            return [*refused, *await asked_on(port, ASKED)]

    before = instruments.refused.labels("overloaded")._value.get()
    *refused, taken = asyncio.run(test())
    for answer in refused:
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 429 Too many requests\r\n")
        assert {b"retry-after: 1", b"connection: keep-alive"} <= set(head.lower().splitlines())
        assert b"application/problem+json" in head
        assert orjson.loads(body)["code"] == "overloaded"
        assert orjson.loads(body)["retry_after_seconds"] == 1
    assert taken.startswith(b"HTTP/1.1 200 ")
    assert instruments.refused.labels("overloaded")._value.get() == before + 2


def test_a_request_is_taken_on_a_connection_on_which_one_was_refused(monkeypatch):
    overloaded(monkeypatch)

    async def test():
        async with serving() as port:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(ASKED)
            assert b" 429 " in await asyncio.wait_for(reader.readuntil(b"}"), 60)
            monkeypatch.setattr(connections, "shedder", Shedder())
            writer.write(ASKED)
            assert b" 200 " in await asyncio.wait_for(reader.readuntil(b"ok"), 60)
            writer.close()

    asyncio.run(test())


@pytest.mark.parametrize("path", [b"/livez", b"/readyz", b"/healthz", b"/metrics", b"/livez?deep=1"])
def test_no_probe_is_refused(path, monkeypatch):
    overloaded(monkeypatch)

    async def test():
        async with serving() as port:
            return await asked_on(port, b"GET " + path + b" HTTP/1.1\r\nhost: x\r\n\r\n")

    assert asyncio.run(test())[0].startswith(b"HTTP/1.1 200 ")


@pytest.mark.parametrize(
    "text",
    [
        b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"HEAD / HTTP/1.1\r\nhost: x\r\n\r\n",
    ],
)
def test_a_connection_that_is_not_to_be_kept_is_closed_after_the_refusal(text, monkeypatch):
    overloaded(monkeypatch)

    async def test():
        async with serving() as port:
            return await sent(port, text)

    back = asyncio.run(test())
    assert back.startswith(b"HTTP/1.1 429 ")
    assert b"connection: close\r\n" in back


def test_requests_sent_all_at_once_are_refused_in_their_order_without_waiting(monkeypatch):
    overloaded(monkeypatch, delay=0.01)
    last = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"

    async def test():
        async with serving() as port:
            return await sent(port, ASKED + ASKED + last)

    assert asyncio.run(test()).count(b"HTTP/1.1 429 ") == 3


def test_the_body_of_a_refused_request_has_to_come_to_its_end(monkeypatch):
    overloaded(monkeypatch)
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)

    async def test():
        async with serving() as port:
            return await sent(port, ASKED[:-1])

    assert asyncio.run(test()).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n",
        b"GET / HTTP/1.1\r\nx: " + b"a" * 70_000 + b"\r\n",
        b"GET / HTTP/1.1\r\n" + b"".join(b"x%d: 1\r\n" % n for n in range(3_000)),
    ],
)
def test_a_head_larger_than_anybody_needs_is_answered_and_closed(head):
    async def test():
        async with serving() as port:
            return await sent(port, head + b"host: x\r\n\r\n")

    back = asyncio.run(test())
    assert back.startswith(b"HTTP/1.1 431 ")
    assert back.count(b"HTTP/1.1 ") == 1
    assert b"head_too_large" in back


def test_a_head_of_usual_size_is_no_trouble():
    async def test():
        async with serving() as port:
            head = b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"a" * 30_000 + b"\r\nconnection: close\r\n\r\n"
            return await sent(port, head)

    assert asyncio.run(test()).startswith(b"HTTP/1.1 200 ")
