"""The person who asks: what the server knows of them, found out by `serving.identity` before a request is answered."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal

from starlette.requests import Request
from starlette.types import Scope

from configs.access import Role
from database.access.approval import Approver
from serving.http.problems import Problem

Way = Literal["key", "token", "proxy", "session", "open"]
"""How somebody has shown who they are; `open`: not at all, as access is open to whoever sits at this machine."""

PERSON = "purvey.person"
"""Key of an ASGI scope under which the gate keeps the person who asks."""

OPEN_NAME = "local user (open access)"


@dataclass(frozen=True)
class Person:
    """Who asks, a person or a program.

    Attributes
    ----------
    id : way and number, such as key:abcd2345 or user:7, the same for as long as the key or user is there; at most 200
        characters, by `principal`
    name : the name that decisions are stored under; of a person's own key it is the person's
    approver : how much they may approve
    secret : what the tokens of their forms are made from; empty where no browser sends it along by itself
    """

    id: str
    name: str
    roles: frozenset[Role]
    way: Way
    approver: Approver
    secret: str = field(default="", repr=False)

    @property
    def ambient(self) -> bool:
        """Whether a browser shows who they are by itself, also where another site's page has made it ask."""
        return self.way in {"proxy", "session", "open"}


def principal(way: str, name: str) -> str:
    """Return the id of somebody who comes this way: their name there, in place of a long one its SHA-256.

    Cut off, two of them would share jobs and idempotency keys.
    """
    return f"{way}:{name if len(name) <= 150 else sha256(name.encode()).hexdigest()}"


def person_in(scope: Scope) -> Person | None:
    """Return the person whom the gate has found to ask, none where nobody has to."""
    found: Person | None = scope.get(PERSON)
    return found


def person_of(request: Request) -> Person:
    """Return the person who asks.

    Raises
    ------
    Problem
        401 when nobody has shown who they are.
    """
    person = person_in(request.scope)
    if person is None:
        raise Problem(401, "not_identified", "nobody has shown who they are; log in, or send a key or token")
    return person


def own_name(request: Request, claimed: str = "") -> str:
    """Name of the person who asks; `claimed` is what the request itself says of it, and has to be the same.

    Raises
    ------
    Problem
        403 when it says another name.
    """
    name = person_of(request).name
    if claimed.strip() not in {"", name}:
        raise Problem(
            403, "not_you", f"who: this request is {name}'s, not {claimed!r:.60}'s; leave the name out"
        )
    return name


def require_role(request: Request, roles: frozenset[Role], what: str) -> None:
    """Refuse something that the person who asks has none of the roles for.

    Raises
    ------
    Problem
        403 with the roles that may.
    """
    person = person_of(request)
    if not roles & person.roles:
        raise forbidden(person, roles, what)


def forbidden(person: Person, roles: frozenset[Role], what: str) -> Problem:
    """The problem of a person who has no role for what they ask."""
    needed = sorted(roles - {"admin"}) or ["admin"]
    has = ", ".join(sorted(person.roles)) or "no role"
    return Problem(
        403,
        "role_needed",
        f"{what} takes the role {' or '.join(needed)}; {person.name} has {has}",
        roles_needed=needed,
        roles=sorted(person.roles),
    )
