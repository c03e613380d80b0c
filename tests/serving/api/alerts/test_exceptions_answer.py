import pytest
from clients import person_client

from database.alerts.exception_list import list_exceptions


@pytest.fixture
def client(follower):
    return person_client(follower)


def test_exceptions_come_in_pages_the_newest_first(client, follower):
    every = [row.id for row in list_exceptions(follower.engine)]
    first = client.get("/v1/exceptions?limit=3").json()
    assert first["total"] == len(every)
    second = client.get(f"/v1/exceptions?limit=3&cursor={first['next']}").json()
    assert [row["id"] for row in (*first["exceptions"], *second["exceptions"])] == every[:6]
    row = first["exceptions"][0]
    assert (row["state"], row["version"], row["closed_at"]) == ("open", 1, None)


def test_filters_are_strict(client):
    overdue = client.get("/v1/exceptions?kind=overdue&severity=warning&owner=buyer").json()
    assert {row["kind"] for row in overdue["exceptions"]} == {"overdue"}
    assert client.get("/v1/exceptions?owner=nobody").json()["total"] == 0
    for query in ("kind=nope", "state=nope", "severity=nope", "other=1"):
        assert client.get(f"/v1/exceptions?{query}").status_code == 422


def test_a_step_is_taken_once(client):
    number = client.get("/v1/exceptions").json()["exceptions"][0]["id"]
    address = f"/v1/exceptions/{number}"
    first, again = (client.post(address, json={"step": "acknowledge"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert (first.json()["state"], first.json()["who"]) == ("acknowledged", "ada")
    late = client.post(address, json={"step": "dismiss", "reason": "no", "seen": 1})
    assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
    done = client.post(address, json={"step": "dismiss", "reason": "no", "seen": 2})
    assert (done.status_code, done.json()["state"]) == (201, "dismissed")
    assert number not in [row["id"] for row in client.get("/v1/exceptions?state=open").json()["exceptions"]]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"step": "dismiss"}, 422, "incomplete_step"),
        ({"step": "forget"}, 422, "invalid_request"),
        ({"step": ["dismiss"]}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
        ([], 422, "invalid_request"),
        ({"step": "assign", "owner": "x" * 201}, 422, "invalid_request"),
        ({"step": "assign", "owner": 7}, 422, "invalid_request"),
        ({"step": "reopen", "seen": True}, 422, "invalid_request"),
        ({"step": "reopen", "more": 1}, 422, "invalid_request"),
        ({"step": "reopen", "who": 1}, 422, "invalid_request"),
    ],
)
def test_a_step_that_cannot_be_read_changes_nothing(client, body, status, code):
    answer = client.post("/v1/exceptions/1", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert client.get("/v1/exceptions?state=dismissed").json()["total"] == 0


@pytest.mark.parametrize("number", ["999999", "x", "1e3", "99999999999", "-1"])
def test_an_exception_that_nobody_opened_is_unknown(client, number):
    answer = client.post(f"/v1/exceptions/{number}", json={"step": "acknowledge"})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_exception")


def test_another_s_name_is_refused(client):
    answer = client.post(
        "/v1/exceptions/1", json={"step": "acknowledge", "who": "bob"}, headers={"x-forwarded-user": "ada"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "not_you")


def test_the_tag_of_the_list_moves_with_every_step(client):
    answer = client.get("/v1/exceptions")
    tag = answer.headers["etag"]
    assert client.get("/v1/exceptions", headers={"if-none-match": tag}).status_code == 304
    client.post("/v1/exceptions/1", json={"step": "acknowledge"})
    assert client.get("/v1/exceptions", headers={"if-none-match": tag}).status_code == 200
