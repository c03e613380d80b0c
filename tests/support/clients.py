"""Clients of the service for tests: as somebody whom a trusted proxy names, with the token that forms need."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from starlette.testclient import TestClient

from configs.access import AccessConfig, ProxyConfig
from database.access.secrets import digest
from serving.app import make_app
from serving.identity.access import ALL_ROLES, Access
from serving.state.follower import Follower

LOCAL = "http://127.0.0.1:3000"
FORMS = "a secret of the tests"
TRUSTING = AccessConfig(proxy=ProxyConfig(addresses=("127.0.0.1",), roles=tuple(sorted(ALL_ROLES))))
"""Access by a proxy at loopback, whose people have every role."""


class PersonClient(TestClient):
    """Asks as `ada`, or as whoever a request's own `who` or `author` names, by the header of a trusted proxy."""

    def request(self, method: str, url: Any, **more: Any) -> Any:
        """Ask as the person whom the request names."""
        headers = dict(more.pop("headers", None) or {})
        for kind in ("json", "data"):
            fields = more.get(kind)
            if isinstance(fields, Mapping):
                name = next(
                    (fields[key] for key in ("who", "author") if isinstance(fields.get(key), str)), ""
                )
                if name.strip():
                    headers.setdefault("x-forwarded-user", name.encode())
        return super().request(method, url, headers=headers, **more)


def describe_nothing() -> dict[str, Any]:
    """Description of a typed API that has no calls."""
    return {"paths": {}}


def person_client(
    follower: Follower,
    describe: Callable[[], dict[str, Any]] = describe_nothing,
    *,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    config: AccessConfig = TRUSTING,
    **more: Any,
) -> PersonClient:
    """Return a client of the pages and resources of a follower's home."""
    app = make_app(follower, describe, Access(follower, config))
    client = PersonClient(app, base_url=LOCAL, client=("127.0.0.1", 50_000), **more)
    client.headers.update(
        {"x-forwarded-user": "ada", "x-form-token": digest(f"form:{FORMS}"), **dict(headers)}
    )
    client.cookies.set("purvey_form", FORMS)
    return client
