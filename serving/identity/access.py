"""Access: what is configured of it, and the person who asks, by the first way in which a request shows one."""

from collections.abc import Callable

import anyio.to_thread
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Scope

from configs.access import AccessConfig, Role
from database.access.approval import Approver
from database.access.secrets import AccessError, clean_name, digest, name_key
from database.access.users import find_user
from database.settings import Settings
from serving.http.person import OPEN_NAME, Person, principal
from serving.http.problems import Problem
from serving.identity.access_config import configured
from serving.identity.api_keys import ApiKeys
from serving.identity.bearer_tokens import BearerTokens
from serving.identity.hosts import UNSAFE, header_values, is_loopback, peer_address
from serving.identity.limits import approver_of
from serving.identity.proxy_header import caller_address, from_trusted_proxy, proxied_name
from serving.identity.remembered import Remembered
from serving.identity.sessions import Sessions, session_token
from serving.state.follower import Follower

ALL_ROLES: frozenset[Role] = frozenset({"viewer", "planner", "buyer", "approver", "scientist", "admin"})
LOCAL_USER = Person("open", OPEN_NAME, ALL_ROLES, "open", Approver(OPEN_NAME))

ACCESS = "purvey.access"
"""Key of an ASGI scope under which the gate keeps the access that it lets people in by."""

_FRESH_SECONDS = 2.0
_WITHOUT_DATABASE_SECONDS = 600.0
"""How long somebody known may still read while the state database cannot say whether they still are."""

_OF_PROXIES = ("x-forwarded-for", "x-forwarded-host", "forwarded", "via")


class Access:
    """Finds out who asks the server of a follower's home; one for a process.

    Attributes
    ----------
    config : what is configured; where access is open, that nothing is
    open : whether access is open: everybody at this machine is the local user
    """

    def __init__(self, follower: Follower, config: AccessConfig | None = None) -> None:
        self._follower, self._given = follower, config
        self._settings: Settings | None = None
        self.open, self.config, self.secret = False, AccessConfig(), ""
        self.keys, self.sessions = ApiKeys(self.engine), Sessions(self.engine)
        self.tokens = BearerTokens(self.engine, self.config.oidc)
        self._proxied: Remembered[Person] = Remembered(_FRESH_SECONDS)
        self._before: Remembered[Person] = Remembered(_WITHOUT_DATABASE_SECONDS)

    def engine(self) -> Engine:
        """Return the engine of the state database that is served."""
        return self._follower.engine

    def configure(self) -> None:
        """Read what is configured for the home that is served, once.

        Raises
        ------
        ConfigError
            As `configured`.
        """
        settings = self._follower.settings
        if settings is self._settings:
            return
        config = self._given or configured(settings)
        self.open, self.config = config is None, config or AccessConfig()
        self.secret = settings.proxy_secret.get_secret_value()
        self.keys, self.sessions = ApiKeys(self.engine), Sessions(self.engine)
        self.tokens = BearerTokens(self.engine, self.config.oidc)
        self._settings = settings

    async def person(self, scope: Scope) -> Person | None:
        """Return the person who asks; none where the request shows nobody.

        Raises
        ------
        Problem
            401 when what it shows is not right, 403 when nobody may ask from there, 503 when it cannot be checked.
        """
        given = header_values(scope, "authorization")
        if given:
            return await self._by_authorization(scope, given)
        if from_trusted_proxy(scope, self.config.proxy, self.secret):
            name = proxied_name(scope, self.config.proxy)
            if name:
                return await self._by_proxy(scope, name)
        token = "" if self.open else session_token(scope, self.config)
        if token:
            known = self.sessions.known(token)
            return known or await self._look_up(scope, token, lambda: self.sessions.find(token, self.config))
        return self._local_user(scope) if self.open else None

    def address(self, scope: Scope) -> str:
        """Return the address that somebody asks from."""
        return caller_address(scope, self.config.proxy, self.secret)

    async def _by_authorization(self, scope: Scope, given: list[str]) -> Person | None:
        """The person of a header `Authorization`: an API key, or an issuer's token."""
        kind, _, credential = given[0].partition(" ")
        credential = credential.strip()
        if len(given) > 1 or kind.lower() != "bearer" or not credential:
            raise Problem(401, "not_identified", "Authorization: expected Bearer with an API key or a token")
        if not credential.startswith("pv_"):
            return await self._look_up(scope, credential, lambda: self.tokens.find(credential, self.config))
        known, address = self.keys.known(credential), self.address(scope)
        find = lambda: self.keys.find(credential, address, self.config)  # noqa: E731 -- a thread's work
        return known or await self._look_up(scope, credential, find)

    async def _by_proxy(self, scope: Scope, name: str) -> Person | None:
        """The person whom a trusted proxy names."""
        known = self._proxied.get(name)
        return known or await self._look_up(scope, f"proxy:{name}", lambda: self._find_proxied(name))

    def _find_proxied(self, name: str) -> Person:
        """The person whom a proxy names, with the roles they have here, else those of everybody who comes by it."""
        try:
            user, name = find_user(self.engine(), name), clean_name(name)
        except AccessError as error:
            raise Problem(401, "not_identified", f"{self.config.proxy.header}: {error}") from None
        if user is not None and user.disabled_at is not None:
            raise Problem(401, "disabled", f"{user.name} is disabled; ask an administrator")
        roles = self.config.proxy.roles if user is None else user.roles
        shown, own_limit = (name, None) if user is None else (user.name, user.approval_limit)
        approver = approver_of(shown, roles, own_limit, self.config)
        person = Person(principal("proxy", name_key(name)), shown, frozenset(roles), "proxy", approver)
        self._proxied.put(name, person)
        return person

    async def _look_up(
        self, scope: Scope, credential: str, find: Callable[[], Person | None]
    ) -> Person | None:
        """Look somebody up in a thread; while the state database is away, those known shortly before may read."""
        name = digest(credential)
        try:
            person = await anyio.to_thread.run_sync(find)
        except (SQLAlchemyError, Problem) as error:
            if isinstance(error, Problem) and error.status != 503:
                self._before.forget(name)
                raise
            known = self._before.get(name)
            if known is not None and scope["method"] not in UNSAFE:
                return known
            if isinstance(error, Problem):
                raise
            why = "who asks cannot be looked up; nothing was changed, try again shortly"
            raise Problem(503, "state_not_ready", f"state database: {why}") from None
        if person is None:
            self._before.forget(name)
        else:
            self._before.put(name, person)
        return person

    def _local_user(self, scope: Scope) -> Person:
        """The local user of open access, whoever that is; nobody else may ask."""
        passed_on = [name for name in _OF_PROXIES if header_values(scope, name)]
        if not is_loopback(peer_address(scope)) or passed_on:
            raise Problem(
                403,
                "access_not_configured",
                "access is not configured here, so that only this machine's own users may ask; write access.yaml "
                "into the home (docs/access.md)",
            )
        return LOCAL_USER
