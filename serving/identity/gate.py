"""The gate: ASGI middleware that lets nobody in before it is known who they are and that they may."""

from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from configs.errors import ConfigError
from serving.http.person import PERSON, Person, forbidden
from serving.http.problems import Problem, wants_html
from serving.identity.access import ACCESS, Access
from serving.identity.hosts import check_host, check_origin
from serving.identity.rules import PROBES, rule_of

Refuse = Callable[[Request, Problem], Response]
"""From a refused request to the answer that says why: a page for people, a problem for programs."""


class Gate:
    """Lets a request pass with its person in the scope, or answers why not; within another gate it lets all pass."""

    def __init__(self, app: ASGIApp, access: Access, refuse: Refuse) -> None:
        self.app, self.access, self.refuse = app, access, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check host, origin, identity and role of one request, and pass it on."""
        if scope["type"] == "lifespan" or ACCESS in scope:
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        scope[ACCESS] = self.access
        try:
            scope[PERSON] = await self._let_in(scope)
        except Problem as problem:
            await self._refused(Request(scope), problem)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _let_in(self, scope: Scope) -> Person | None:
        """The person who asks, and may; none where nobody is needed.

        Raises
        ------
        Problem
            401 when nobody has shown who they are, 403 when they may not, 404 when there is no such route.
        """
        if scope["path"] in PROBES:
            rule_of(scope["method"], scope["path"])
            return None
        try:
            self.access.configure()
        except ConfigError as error:
            raise Problem(503, "access_not_usable", str(error)) from None
        host = check_host(scope, self.access.config)
        check_origin(scope, host, self.access.config)
        rule = rule_of(scope["method"], scope["path"])
        if rule.public:
            return await self._if_known(scope)
        person = await self.access.person(scope)
        if person is None:
            raise Problem(401, "not_identified", "this needs a login, an API key or a token")
        scope[PERSON] = person  # who they are is said where they are refused
        if not rule.roles & person.roles:
            raise forbidden(person, rule.roles, f"{scope['method']} {scope['path']}")
        return person

    async def _if_known(self, scope: Scope) -> Person | None:
        """The person who asks for what is public, as far as that is known: it does without."""
        if scope["path"].startswith("/static/"):
            return None
        try:
            return await self.access.person(scope)
        except Problem:
            return None

    def _refused(self, request: Request, problem: Problem) -> Response:
        """The answer to somebody who is not let in; whoever can log in on a page is led there."""
        if problem.status == 401 and wants_html(request) and request.method == "GET" and not self.access.open:
            back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(back, safe='')}", 303)
        response = self.refuse(request, problem)
        if problem.status == 401:
            wrong = "" if problem.code == "not_identified" else ', error="invalid_token"'
            response.headers["www-authenticate"] = f'Bearer realm="purvey"{wrong}'
        if problem.status in {429, 503}:
            response.headers["retry-after"] = str(problem.more.get("retry_after_seconds", 10))
        return response
