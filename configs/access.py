"""Every option of `access.yaml`: who may ask the server, how they show who they are, and what they may approve."""

import ipaddress
from typing import Literal
from urllib.parse import urlsplit

from pydantic import field_validator, model_validator

from configs.section import Section, option

Role = Literal["viewer", "planner", "buyer", "approver", "scientist", "admin"]
"""Roles; what each may do is the table in `serving.identity.rules`."""

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "ES512", "Ed25519"]
"""Algorithms of signatures that may be trusted: those with a public key only, `none` and HMAC never."""

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class ApprovalLimits(Section):
    """Most money that a role may approve at once; a person's own limit (`purvey users limit`) holds in its place."""

    buyer: float | None = option(0.0, "most that a buyer approves; 0: nothing; none: no limit", "money", ge=0)
    approver: float | None = option(None, "most that an approver approves; none: no limit", "money", ge=0)
    admin: float | None = option(None, "most that an admin approves; none: no limit", "money", ge=0)


class ProxyConfig(Section):
    """A reverse proxy that has logged people in; without addresses and secret its header is ignored.

    A secret shared with it is read from the environment variable `PURVEY_PROXY_SECRET`, and compared with the header
    `X-Purvey-Proxy-Secret`. Where addresses and secret are set, both have to be right.
    """

    addresses: tuple[str, ...] = option(
        (), "addresses or networks it connects from, such as 10.0.0.7 or 10.0.0.0/24"
    )
    header: str = option("X-Forwarded-User", "header in which it names who is asking")
    roles: tuple[Role, ...] = option((), "roles of people it names whom `purvey users` does not know")

    @field_validator("addresses")
    @classmethod
    def _networks(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for text in given:
            try:
                ipaddress.ip_network(text)
            except ValueError as error:
                raise ValueError(f"{text!r} is no address or network ({error})") from None
        return given


class OidcRoles(Section):
    """Values of the roles claim that give each role."""

    viewer: tuple[str, ...] = option((), "values that make a viewer")
    planner: tuple[str, ...] = option((), "values that make a planner")
    buyer: tuple[str, ...] = option((), "values that make a buyer")
    approver: tuple[str, ...] = option((), "values that make an approver")
    scientist: tuple[str, ...] = option((), "values that make a scientist")
    admin: tuple[str, ...] = option((), "values that make an admin")


class OidcConfig(Section):
    """Bearer tokens (JWT) of an OpenID Connect issuer; without `issuer` none is taken."""

    issuer: str = option("", "address of the issuer, as its tokens have it in `iss`")
    audience: str = option("", "what tokens for Purvey have in `aud`")
    jwks_url: str = option("", "address of the issuer's public keys; none: what its discovery document says")
    algorithms: tuple[Algorithm, ...] = option(("RS256", "ES256"), "algorithms of signatures that are taken")
    leeway_seconds: float = option(60.0, "how far the issuer's clock may be off", "seconds", ge=0, le=600)
    name_claim: str = option(
        "sub", "claim that names the person; one that the issuer lets nobody choose, such as sub or email"
    )
    roles_claim: str = option("roles", "claim with the roles; dots lead into objects: realm_access.roles")
    roles: OidcRoles = option(OidcRoles(), "which of its values give which role")

    @model_validator(mode="after")
    def _complete(self) -> "OidcConfig":
        if self.issuer and not self.audience:
            raise ValueError("oidc.audience is needed, else tokens made for other services are taken")
        for name in ("issuer", "jwks_url"):
            address = urlsplit(getattr(self, name))
            safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in _LOOPBACK)
            if getattr(self, name) and not safe:
                raise ValueError(f"oidc.{name}: {getattr(self, name)!r} is no https address")
        return self


class AccessConfig(Section):
    """Who may ask the server. The file is `access.yaml` in the home, or what `PURVEY_ACCESS` names."""

    hosts: tuple[str, ...] = option(
        (), "names (or addresses) under which it is asked, beside those of loopback: purvey.example.com"
    )
    tls: bool = option(
        False, "people reach it by https, at a proxy: cookies are Secure, forms come from https"
    )
    session_hours: float = option(12.0, "how long a login lasts", "hours", gt=0, le=720)
    four_eyes_above: float | None = option(
        None,
        "who drafted or changed an order of more than this may not approve it; none: they may",
        "money",
        ge=0,
    )
    limits: ApprovalLimits = option(ApprovalLimits(), "how much each role may approve")
    proxy: ProxyConfig = option(ProxyConfig(), "a reverse proxy that has logged people in")
    oidc: OidcConfig = option(OidcConfig(), "tokens of an OpenID Connect issuer")

    @field_validator("hosts")
    @classmethod
    def _plain_names(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for name in given:
            if not name or "/" in name or "*" in name or name != name.strip():
                raise ValueError(f"{name!r} is no host name; give it without scheme and path")
        return tuple(name.lower() for name in given)
