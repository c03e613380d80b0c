"""A request's body read whole by a middleware, and handed on to whoever comes after it."""

from starlette.types import Message, Receive


async def whole_body(receive: Receive) -> bytes:
    """Read the body of a request to its end; the guard has bounded it."""
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def replayed(body: bytes, receive: Receive) -> Receive:
    """Return an ASGI `receive` that hands out a body that was read already, then what else comes of the caller."""
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again
