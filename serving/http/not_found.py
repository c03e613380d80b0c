"""The route of what is not found: a page where a browser asks for an address that no other route answers.

BentoML, which we are mounted in, would answer it itself, to people as to programs; resources of the API it may.
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from serving.http.framework_errors import translate_error
from serving.http.problems import wants_html


class NotFoundRoute(Route):
    """The last of the routes: every address outside of the API, for browsers."""

    def __init__(self) -> None:
        super().__init__("/{path:path}", _not_found)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match a browser's requests only."""
        for_people = scope["type"] == "http" and not scope["path"].startswith("/v1/")
        return super().matches(scope) if for_people and wants_html(Request(scope)) else (Match.NONE, {})


def _not_found(_: Request) -> Response:
    """Answer with the problem of an address where there is nothing."""
    raise translate_error(404, b"")
