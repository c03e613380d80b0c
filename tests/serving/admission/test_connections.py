import asyncio
from contextlib import asynccontextmanager

import pytest
import uvicorn

from serving.admission import connections
from serving.admission.connections import LimitedConnection


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
