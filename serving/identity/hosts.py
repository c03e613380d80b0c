"""Hosts under which the server may be asked, and which pages its forms may come from."""

import ipaddress
from urllib.parse import urlsplit

from starlette.types import Scope

from configs.access import AccessConfig
from serving.http.problems import Problem

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def header_values(scope: Scope, name: str) -> list[str]:
    """Return all values of a header, of which an honest request has one."""
    wanted = name.lower().encode("latin-1")
    return [value.decode("latin-1") for key, value in scope["headers"] if key == wanted]


def check_host(scope: Scope, config: AccessConfig) -> str:
    """Return the host that a request names, refused where it is none of ours, such as a name rebound to our address.

    Raises
    ------
    Problem
        421 with where to add it.
    """
    values = header_values(scope, "host")
    host = values[0].lower() if len(values) == 1 else ""
    name, _, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    known = {*LOOPBACK, *config.hosts}
    if host and (host in known or (port.isdecimal() and name in known)):
        return host
    raise Problem(
        421,
        "unknown_host",
        f"host {', '.join(values)!r:.200} is not one that this server is asked under; add it to `hosts` in access.yaml",
    )


def check_origin(scope: Scope, host: str, config: AccessConfig) -> None:
    """Refuse a request that changes something and was sent by another site's page; programs say neither and may pass.

    Raises
    ------
    Problem
        403 when Origin or Sec-Fetch-Site name another site.
    """
    if scope["method"] not in UNSAFE:
        return
    scheme = "https" if config.tls else scope.get("scheme", "http")
    origins, sites = header_values(scope, "origin"), header_values(scope, "sec-fetch-site")
    foreign = any(site not in {"same-origin", "none"} for site in sites)
    if foreign or any(_split(origin) != (scheme, host) for origin in origins):
        raise Problem(
            403, "foreign_origin", "decisions are taken on Purvey's own pages; open it and try again"
        )


def _split(origin: str) -> tuple[str, str] | None:
    """Scheme and host of an origin, none where it has none."""
    try:
        parts = urlsplit(origin)
    except ValueError:  # "//[" is no address at all
        return None
    return parts.scheme, parts.netloc.lower()


def is_loopback(address: str) -> bool:
    """Whether somebody connects from this machine."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


def peer_address(scope: Scope) -> str:
    """Return the address that a request's connection comes from; empty where there is none."""
    client = scope.get("client")
    return str(client[0]) if client else ""
