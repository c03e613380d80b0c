import re

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from serving.metrics.request_metrics import MetricsAnswer, RequestMetrics


@pytest.fixture
def client():
    inner = Starlette(routes=[Route("/things/{name:path}", lambda _: PlainTextResponse("one"))])
    return TestClient(RequestMetrics(MetricsAnswer(Starlette(routes=[Mount("/", inner)]))))


def series(client) -> set[str]:
    return set(re.findall(r"purvey_requests_total\{(.*)\} ", client.get("/metrics").text))


def test_a_route_is_counted_by_its_template(client):
    for name in ("a", "b/c"):
        assert client.get(f"/things/{name}").status_code == 200
    assert 'method="GET",route="/things/{name:path}",status="200"' in series(client)


def test_three_thousand_unknown_paths_and_methods_share_one_label(client):
    client.get("/nothing")
    before = series(client)
    for n in range(3_000):
        client.get(f"/unknown/{n}")
    for n in range(10):
        client.request(f"M{n}", "/things/a")
    after = series(client)
    assert any('route="other"' in labels for labels in after)
    assert len(after - before) <= 1
    assert not any("unknown" in labels for labels in after)


def test_an_exception_is_counted_as_one():
    async def broken(scope, receive, send):
        raise RuntimeError

    client = TestClient(RequestMetrics(MetricsAnswer(broken)), raise_server_exceptions=False)
    client.post("/v1/plan")
    assert 'method="POST",route="/v1/plan",status="500"' in series(client)
