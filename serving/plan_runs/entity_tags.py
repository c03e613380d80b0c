"""Entity tags of the API's resources: the plan run, the model, and where it matters the state of what people decided.

A program that sends the tag it has as `If-None-Match` is answered 304 without any work while nothing has moved.
"""

import logging

import anyio.to_thread
from sqlalchemy.exc import SQLAlchemyError
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from database.requests.state_marks import state_mark
from serving.http.problems import Problem
from serving.state.business_day import business_day
from serving.state.follower import Follower

log = logging.getLogger("purvey.serving")

_OF_THE_PLAN = ("/v1/forecast/", "/v1/forecast_groups", "/v1/suppliers", "/v1/skus", "/v1/service-cost",
                "/v1/responsible", "/v1/what-if", "/v1/overrides/value")  # fmt: skip
"""Resources that only a plan run or a champion changes."""

_MOVING = ("/v1/jobs",)
"""Resources whose state moves of itself, so that they have no tag."""


class EntityTags:
    """ASGI middleware that tags the answers of GET requests to `/v1`, and answers 304 where the caller has them."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, from the tag alone where that is enough."""
        tag = await _tag_of(scope)
        if tag is None:
            await self.app(scope, receive, send)
            return
        if _has(Request(scope).headers.get("if-none-match", ""), tag):
            await Response(status_code=304, headers={"ETag": tag})(scope, receive, send)
            return

        async def tagged(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = MutableHeaders(scope=message)
                headers.setdefault("ETag", tag)
                headers.setdefault("Cache-Control", "private, no-cache")
            await send(message)

        await self.app(scope, receive, tagged)


async def _tag_of(scope: Scope) -> str | None:
    """The tag of what a request asks for; none where it has none, or nothing is served."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    path = scope["path"]
    if not path.startswith("/v1/") or path.startswith(_MOVING):
        return None
    follower: Follower = scope["app"].state.follower
    try:
        return await anyio.to_thread.run_sync(entity_tag, follower, not path.startswith(_OF_THE_PLAN))
    except (Problem, SQLAlchemyError) as error:  # the answer itself says what is wrong, or does without
        log.debug("no entity tag: %s", error)
        return None


def entity_tag(follower: Follower, with_state: bool) -> str:
    """Return the tag of answers as of now: plan run, bundle and, `with_state`, decisions and the business day."""
    served = follower.current()
    plan = "none" if served.run is None else served.run.id
    tag = f"{plan}-{served.bundle.hash[:12]}"
    if with_state:
        tag += f"-{state_mark(follower.engine)}-{business_day(served.run):%Y%m%d}"
    return f'W/"{tag}"'


def _has(sent: str, tag: str) -> bool:
    """Whether the header `If-None-Match` names a tag, compared weakly."""
    named = {each.strip().removeprefix("W/") for each in sent.split(",")}
    return "*" in named or tag.removeprefix("W/") in named
