"""Form tokens (CSRF): what a browser sends by itself changes nothing without the token of a page of ours."""

import secrets
from hmac import compare_digest
from urllib.parse import unquote_plus

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from database.access.secrets import digest
from serving.http.person import person_in
from serving.http.problems import Problem
from serving.http.whole_body import replayed, whole_body
from serving.identity.access import ACCESS, Access
from serving.identity.gate import Refuse
from serving.identity.hosts import UNSAFE, header_values
from serving.identity.sessions import read_cookie, set_cookie

FIELD = b"form_token"
HEADER = "x-form-token"
COOKIE = "purvey_form"


class FormTokens:
    """ASGI middleware that takes forms only with their token, which it takes out of them.

    JSON that says it is JSON needs none: no page of another site can send it without being asked for leave first.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self.app, self.refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on, if it needs no token or has the right one."""
        if scope["type"] != "http" or not _needs_token(scope):
            await self.app(scope, receive, send)
            return
        body = await whole_body(receive)
        sent, rest = _taken_out(body)
        given = header_values(scope, HEADER) or sent
        if len(given) != 1 or not compare_digest(given[0].encode(), form_token(scope).encode()):
            problem = Problem(
                403, "form_token", "this form is not one of the page that you see; load it anew and try again"
            )
            await self.refuse(Request(scope), problem)(scope, receive, send)
            return
        await self.app(scope, replayed(rest, receive), send)


def form_token(scope: Scope) -> str:
    """Return the token of forms on the pages of whoever asks, made from their session, else from a cookie for this."""
    person, access = person_in(scope), _access(scope)
    secret = person.secret if person is not None and person.secret else ""
    return digest(f"form:{secret or _form_secret(scope, access)}")


def keep_form_secret(scope: Scope, response: Response) -> None:
    """Give a browser that has none the cookie that its forms' tokens are made from."""
    access = _access(scope)
    if not read_cookie(scope, COOKIE, access.config):
        set_cookie(response, COOKIE, _form_secret(scope, access), access.config, seconds=None)


def _form_secret(scope: Scope, access: Access) -> str:
    """What the cookie holds, or will: a new random one for whoever has none yet."""
    found = read_cookie(scope, COOKIE, access.config) or scope.get(COOKIE)
    if not found:
        found = scope[COOKIE] = secrets.token_urlsafe(32)
    return str(found)


def _access(scope: Scope) -> Access:
    access: Access = scope[ACCESS]
    return access


def _needs_token(scope: Scope) -> bool:
    """Whether a request changes something, and may have been sent by a browser that another site's page has made to."""
    if scope["method"] not in UNSAFE:
        return False
    person = person_in(scope)
    kinds = [value.split(";")[0].strip().lower() for value in header_values(scope, "content-type")]
    return (person is None or person.ambient) and kinds != ["application/json"]


def _taken_out(body: bytes) -> tuple[list[str], bytes]:
    """The tokens in a form's body, and the body without them."""
    parts = body.split(b"&")
    tokens = [unquote_plus(part[len(FIELD) + 1 :].decode("latin-1")) for part in parts if _is_token(part)]
    return tokens, b"&".join(part for part in parts if not _is_token(part))


def _is_token(part: bytes) -> bool:
    return part.startswith(FIELD + b"=")
