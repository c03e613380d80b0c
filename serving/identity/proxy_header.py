"""Identity from a trusted proxy: it connects from a configured address, or knows the shared secret, or both."""

import ipaddress
from hmac import compare_digest

from starlette.types import Scope

from configs.access import ProxyConfig
from serving.http.problems import Problem
from serving.identity.hosts import header_values, peer_address

SECRET_HEADER = "X-Purvey-Proxy-Secret"  # noqa: S105 -- a header's name


def from_trusted_proxy(scope: Scope, config: ProxyConfig, secret: str) -> bool:
    """Whether a request comes from a configured proxy; never, where neither addresses nor a secret are."""
    if not config.addresses and not secret:
        return False
    known = not config.addresses or _within(peer_address(scope), config.addresses)
    sent = header_values(scope, SECRET_HEADER)
    right = not secret or (len(sent) == 1 and compare_digest(sent[0].encode("latin-1"), secret.encode()))
    return known and right


def proxied_name(scope: Scope, config: ProxyConfig) -> str:
    """Name of the person whom a trusted proxy says is asking; empty where it says none.

    Raises
    ------
    Problem
        401 when the header is there twice: the proxy has passed on one that it was sent.
    """
    names = header_values(scope, config.header)
    if len(names) > 1:
        raise Problem(
            401,
            "two_names",
            f"{config.header} is there {len(names)} times; let the proxy replace what it is sent",
        )
    try:
        return names[0].encode("latin-1").decode("utf-8").strip() if names else ""
    except UnicodeDecodeError:
        return names[0].strip()


def caller_address(scope: Scope, config: ProxyConfig, secret: str) -> str:
    """Address of whoever asks: behind a trusted proxy the last one in X-Forwarded-For that is not itself a proxy."""
    peer = peer_address(scope)
    if not from_trusted_proxy(scope, config, secret):
        return peer
    passed = [part.strip() for value in header_values(scope, "x-forwarded-for") for part in value.split(",")]
    return next((each for each in reversed(passed) if not _within(each, config.addresses)), peer)


def _within(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an address is in one of the networks of the proxies."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None) or found
    return any(mapped in ipaddress.ip_network(network) for network in networks)
