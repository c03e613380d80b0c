"""Identity from a session: the cookie of somebody who logged in with name and password."""

from collections.abc import Callable

from sqlalchemy import Engine
from starlette.responses import Response
from starlette.types import Scope

from configs.access import AccessConfig
from database.access.secrets import digest
from database.access.sessions import end_session, find_session
from serving.http.person import Person
from serving.identity.hosts import header_values
from serving.identity.limits import approver_of
from serving.identity.remembered import Remembered

FRESH_SECONDS = 2.0
"""How long a session is taken to last without another look: as long as one that was ended still opens."""

_SESSION = "purvey_session"


class Sessions:
    """Finds the person of a session's cookie; one for a process."""

    def __init__(self, engine: Callable[[], Engine]) -> None:
        self._engine = engine
        self._fresh: Remembered[Person] = Remembered(FRESH_SECONDS)

    def known(self, token: str) -> Person | None:
        """Return the person of a session that was looked up just now; none where it has to be `find`."""
        return self._fresh.get(digest(token))

    def find(self, token: str, config: AccessConfig) -> Person | None:
        """Return the person who is logged in by a cookie's token, none where the session is over."""
        session = find_session(self._engine(), token)
        if session is None:
            return None
        user = session.user
        approver = approver_of(user.name, user.roles, user.approval_limit, config)
        person = Person(f"user:{user.id}", user.name, frozenset(user.roles), "session", approver, token)
        self._fresh.put(digest(token), person)
        return person

    def end(self, token: str) -> None:
        """Log out the session of a cookie's token, in this process at once."""
        end_session(self._engine(), token)
        self.forget(token)

    def forget(self, token: str) -> None:
        """Look a session up again at its next request in this process."""
        self._fresh.forget(digest(token))


def cookie_name(name: str, config: AccessConfig) -> str:
    """Name of a cookie of ours; behind TLS one that browsers take only from this very host, by https."""
    return f"__Host-{name}" if config.tls else name


def read_cookie(scope: Scope, name: str, config: AccessConfig) -> str:
    """Value of a cookie of ours that a request brings, empty where it brings none.

    Ours are never quoted. Python before 3.11.10 and 3.12.6 takes the square of their number to unquote backslashes
    (CVE-2024-7592), and anybody can send a cookie.
    """
    pairs = [
        part.strip().partition("=") for text in header_values(scope, "cookie") for part in text.split(";")
    ]
    return next((value for key, _, value in pairs if key == cookie_name(name, config)), "")


def session_token(scope: Scope, config: AccessConfig) -> str:
    """Token of the session's cookie that a request brings, empty where it brings none."""
    return read_cookie(scope, _SESSION, config)


def set_session(response: Response, token: str, config: AccessConfig) -> None:
    """Give a browser the cookie of a session: hidden from scripts, sent to us only."""
    set_cookie(response, _SESSION, token, config, seconds=round(config.session_hours * 3600))


def drop_session(response: Response, config: AccessConfig) -> None:
    """Take the session's cookie from a browser."""
    set_cookie(response, _SESSION, "", config, seconds=0)


def set_cookie(
    response: Response, name: str, value: str, config: AccessConfig, *, seconds: int | None
) -> None:
    """Set a cookie of ours: HttpOnly, SameSite=Lax, and behind TLS Secure."""
    response.set_cookie(
        cookie_name(name, config),
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="lax",
        secure=config.tls,
    )
