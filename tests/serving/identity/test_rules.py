import re

import pytest
from access_homes import client_of
from clients import TRUSTING
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from configs.access import AccessConfig, ProxyConfig
from serving.api.openapi import with_resources
from serving.app import make_app
from serving.http.not_found import NotFoundRoute
from serving.http.problems import Problem
from serving.identity.access import ALL_ROLES, Access
from serving.identity.gate import Gate
from serving.identity.rules import MOST_PATH, PROBES, READ, RULES, rule_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # bentoml's own, at import

OF_BENTOML = {"/metrics": {"GET"}, **{probe: {"GET"} for probe in PROBES}}
BY_USERS = AccessConfig(proxy=ProxyConfig(addresses=("127.0.0.1",)))


def table(follower) -> dict[str, set[str]]:
    """Every path of the server with its methods: of the Starlette table, of the typed API, and BentoML's own."""
    found: dict[str, set[str]] = {path: set(methods) for path, methods in OF_BENTOML.items()}
    for route in make_app(follower, dict).routes:
        if isinstance(route, NotFoundRoute):
            continue
        if isinstance(route, Mount):
            found.setdefault(f"{route.path}/{{path:path}}", set()).add("GET")
        elif isinstance(route, Route):
            found.setdefault(route.path, set()).update(route.methods - {"HEAD"})
    for path in ("/v1/forecast", "/v1/lead_time", "/v1/lead_time_demand", "/v1/plan"):
        found.setdefault(path, set()).add("POST")
    return found


def address(path: str) -> str:
    """An address of a path: each parameter is x."""
    return re.sub(r"\{[^}]+\}", "x", path)


def test_every_route_has_a_rule_and_every_rule_a_route(follower):
    assert {path: set(methods) for path, methods in RULES.items()} == table(follower)


def test_every_call_in_the_description_has_a_rule():
    from serving.service import describe

    document = with_resources(describe())
    calls = [(path, method.upper()) for path, methods in document["paths"].items() for method in methods
             if method in {"get", "post", "put", "patch", "delete"}]  # fmt: skip
    assert len(calls) > 25
    for path, method in calls:
        assert rule_of(method, address(path)), (method, path)


def test_an_address_is_judged_by_the_rule_of_the_route_that_answers_it(follower):
    routes = [route for route in make_app(follower, dict).routes if type(route) is Route]
    for path, methods in table(follower).items():
        for method in methods:
            scope = {"type": "http", "method": method, "path": address(path), "root_path": "", "headers": []}
            first = next((route.path for route in routes if route.matches(scope)[0].value == 2), path)
            assert rule_of(method, address(path)).roles is RULES[first][method], (method, path, first)


def behind_gate(follower) -> TestClient:
    """A client of a gate behind which everything answers."""

    def refuse(_, problem: Problem):
        return problem.response()

    app = Gate(Starlette(routes=[Route("/{path:path}", _let_in, methods=["GET", "POST", "DELETE"])]),
               Access(follower, BY_USERS), refuse)  # fmt: skip
    return TestClient(app, base_url="http://localhost", client=("127.0.0.1", 1), follow_redirects=False)


async def _let_in(_):
    return PlainTextResponse("in")


def test_every_route_lets_in_just_the_roles_of_its_rule_by_every_method(follower):
    client, asked = behind_gate(follower), 0
    for path, methods in RULES.items():
        for method, roles in methods.items():
            nobody = client.request(method, address(path))
            public = not roles
            assert nobody.status_code == (200 if public else 401), (method, path)
            for role in ALL_ROLES:
                answer = client.request(method, address(path), headers={"x-forwarded-user": role})
                asked += 1
                assert answer.status_code == (200 if public or role in roles else 403), (method, path, role)
                if answer.status_code == 403:
                    assert answer.json()["roles_needed"] == sorted(roles - {"admin"})
            for other in {"GET", "POST", "PUT", "PATCH", "DELETE"} - set(methods):
                refused = client.request(other, address(path), headers={"x-forwarded-user": "admin"})
                assert refused.status_code == 405, (other, path)
    assert asked > 500


def test_nobody_gets_past_the_gate_of_the_real_application(follower):
    client = client_of(follower, TRUSTING, peer="10.1.1.1")
    for path, methods in table(follower).items():
        for method in methods - ({"GET", "POST"} if path == "/login" else set()):
            if path in PROBES or path.startswith("/static"):
                continue
            status = client.request(method, address(path), headers={"x-forwarded-user": "admin"}).status_code
            assert status == (403 if path == "/logout" else 401), (method, path)


def test_a_route_without_a_rule_is_not_answered(follower, monkeypatch):
    monkeypatch.delitem(RULES, "/stock")
    rule_of.cache_clear()
    client = client_of(follower, BY_USERS)
    assert client.get("/stock", headers={"x-forwarded-user": "admin"}).status_code == 404
    rule_of.cache_clear()


def test_a_path_longer_than_any_of_ours_is_refused_and_not_remembered():
    rule_of.cache_clear()
    with pytest.raises(Problem, match="the limit is 2,000") as refused:
        rule_of("GET", "/skus/" + "x" * MOST_PATH)
    assert (refused.value.status, rule_of.cache_info().currsize) == (414, 0)
    assert rule_of("GET", "/skus/" + "x" * 1_000).roles == READ


def test_who_may_what_in_words():
    def may(role, method, path):
        return role in rule_of(method, path).roles

    assert all(may(role, "GET", "/") and may(role, "POST", "/v1/plan") for role in ALL_ROLES)
    for role, approves, overrides, judges in [
        ("viewer", False, False, False),
        ("scientist", False, False, False),
        ("planner", False, True, True),
        ("buyer", True, False, True),
        ("approver", True, False, True),
        ("admin", True, True, True),
    ]:
        assert may(role, "POST", "/orders") == approves
        assert may(role, "POST", "/v1/overrides") == overrides
        assert may(role, "POST", "/v1/decisions") == judges
    assert READ == ALL_ROLES
