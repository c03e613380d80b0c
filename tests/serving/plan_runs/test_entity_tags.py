import pytest
from clients import person_client

from jobs.plan import run_plan


@pytest.fixture
def client(follower):
    return person_client(follower)


def ask(client, path, tag):
    return client.get(path, headers={"if-none-match": tag})


@pytest.mark.parametrize(
    "path", ["/v1/recommendations", "/v1/suppliers", "/v1/skus?limit=1", "/v1/orders", "/v1/ledger"]
)
def test_nothing_is_sent_again_that_the_caller_has(client, path):
    first = client.get(path)
    again = ask(client, path, first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert ask(client, path, f'"x", {first.headers["etag"]}').status_code == 304
    assert ask(client, path, '"x"').status_code == 200


def test_a_decision_changes_the_tag_of_what_it_is_in_and_of_nothing_else(client):
    tags = {
        path: client.get(path).headers["etag"]
        for path in ("/v1/recommendations", "/v1/decisions", "/v1/suppliers")
    }
    action = client.get("/v1/recommendations?limit=1").json()["recommendations"][0]["action_id"]
    client.post("/v1/decisions", json={"action_id": action, "verdict": "approve"})
    found = {path: ask(client, path, tag).status_code for path, tag in tags.items()}
    assert found == {"/v1/recommendations": 200, "/v1/decisions": 200, "/v1/suppliers": 304}


def test_a_plan_run_changes_every_tag(client, follower, company):
    tag = client.get("/v1/suppliers").headers["etag"]
    run_plan(follower.settings, source=str(company), out=follower.settings.home / "out")
    follower.refresh()
    assert ask(client, "/v1/suppliers", tag).status_code == 200


def test_what_is_wrong_has_no_tag_and_jobs_have_none(client):
    assert "etag" not in client.get("/v1/recommendations?status=lost").headers
    assert "etag" not in client.get("/v1/jobs").headers
