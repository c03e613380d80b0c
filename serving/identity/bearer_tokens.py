"""Identity from a bearer token: a JWT signed by the configured OpenID Connect issuer, for us, and in force."""

from collections.abc import Callable
from typing import Any, get_args

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from sqlalchemy import Engine

from configs.access import AccessConfig, OidcConfig, Role
from database.access.secrets import AccessError, clean_name
from database.access.users import User, find_user
from serving.http.person import Person, principal
from serving.http.problems import Problem
from serving.identity.key_set import IssuerKeys, IssuerKeysError
from serving.identity.limits import approver_of
from serving.identity.remembered import Remembered

_LONGEST = 16_384
FRESH_SECONDS = 2.0
"""How long what `users` says of a token's person is taken to hold."""


class BearerTokens:
    """Finds the person of a bearer token; one for a process."""

    def __init__(self, engine: Callable[[], Engine], config: OidcConfig) -> None:
        self._engine = engine
        self.keys = IssuerKeys(config)
        self._users: Remembered[tuple[User | None]] = Remembered(FRESH_SECONDS)

    def find(self, token: str, config: AccessConfig) -> Person:
        """Return the person whom a token is about; what `purvey users` knows of them, limit and bar, holds as well.

        Raises
        ------
        Problem
            401 with what is wrong with the token; 503 when the issuer's keys cannot be had.
        """
        oidc = config.oidc
        if not oidc.issuer:
            raise _refused("tokens are not taken here; set oidc.issuer in access.yaml")
        claims = self._claims(token, oidc)
        try:
            name = clean_name(str(_claim(claims, oidc.name_claim) or ""))
        except AccessError as error:
            raise _refused(f"{oidc.name_claim}: {error}") from None
        if oidc.name_claim == "email" and claims.get("email_verified") is False:
            raise _refused("email: the issuer has not verified it")
        roles = _roles(claims, oidc)
        user = self._user(name)
        if user is not None and user.disabled_at is not None:
            raise _refused(f"{name} is disabled here")
        approver = approver_of(name, roles, None if user is None else user.approval_limit, config)
        return Person(principal("oidc", str(claims["sub"])), name, roles, "token", approver)

    def _claims(self, token: str, oidc: OidcConfig) -> dict[str, Any]:
        """The claims of a token whose signature, issuer, audience and times are right."""
        if len(token) > _LONGEST:
            raise _refused(f"it has more than {_LONGEST:,} characters")
        needed = jwt.JWTClaimsRegistry(
            leeway=round(oidc.leeway_seconds),
            iss={"essential": True, "value": oidc.issuer},
            aud={"essential": True, "value": oidc.audience},
            exp={"essential": True},
            sub={"essential": True},
        )
        try:
            claims = self._decoded(token, oidc)
            needed.validate(claims)
        except IssuerKeysError as error:
            raise Problem(503, "issuer_not_reached", f"{error}; try again shortly") from None
        except (JoseError, ValueError, TypeError, RecursionError) as error:
            raise _refused(str(error) or type(error).__name__) from None
        return claims

    def _decoded(self, token: str, oidc: OidcConfig) -> dict[str, Any]:
        """The claims of a token that one of the issuer's keys has signed; unknown keys are fetched once in a while."""
        algorithms = list(oidc.algorithms)
        try:
            return jwt.decode(token, self.keys.current(), algorithms).claims
        except InvalidKeyIdError:
            return jwt.decode(token, self.keys.current(newer=True), algorithms).claims

    def _user(self, name: str) -> User | None:
        """What the table `users` knows of a token's person."""
        known = self._users.get(name)
        if known is None:
            known = (find_user(self._engine(), name),)
            self._users.put(name, known)
        return known[0]


def _roles(claims: dict[str, Any], oidc: OidcConfig) -> frozenset[Role]:
    """Roles that a token's claim gives by the configured map."""
    value = _claim(claims, oidc.roles_claim)
    given = value if isinstance(value, list) else [value]
    values = {each for each in given if isinstance(each, str)}
    return frozenset(role for role in get_args(Role) if values & set(getattr(oidc.roles, role)))


def _claim(claims: dict[str, Any], place: str) -> Any:
    """A claim of a token by its name; dots lead into objects. None where it is not there."""
    if place in claims:
        return claims[place]
    found: Any = claims
    for part in place.split("."):
        if not isinstance(found, dict) or part not in found:
            return None
        found = found[part]
    return found


def _refused(why: str) -> Problem:
    """The problem of a token that opens nothing."""
    return Problem(401, "token_refused", f"the bearer token is not taken: {why:.300}")
