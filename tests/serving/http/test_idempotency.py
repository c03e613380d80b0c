import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from clients import person_client

from database.decisions import decision_history
from serving.http import idempotency
from serving.http.problems import Problem


@pytest.fixture
def client(follower):
    return person_client(follower)


def decision(client, **more):
    action = client.get("/v1/recommendations?limit=1&status=open").json()["recommendations"][0]["action_id"]
    return {"action_id": action, "verdict": "approve", **more}


def send(client, body, key="k1", who="ada"):
    return client.post("/v1/decisions", json=body, headers={"idempotency-key": key, "x-forwarded-user": who})


def test_the_same_key_and_body_get_the_first_answer_also_after_others_have_decided(client):
    body = decision(client)
    first = send(client, body)
    reopened = client.post("/v1/decisions", json={"action_id": body["action_id"], "verdict": "reopen"})
    again = send(client, body)
    assert (first.status_code, reopened.status_code, again.status_code) == (201, 201, 201)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert client.get(f"/v1/recommendations/{body['action_id']}").json()["status"] == "open"


def test_another_body_under_the_key_is_refused(client, follower):
    body = decision(client)
    send(client, body)
    other = send(client, body | {"reason": "cheaper"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert len(decision_history(follower.engine)) == 1


def test_keys_are_each_callers_own(client):
    body = decision(client)
    assert send(client, body, who="ada").status_code == 201
    second = send(client, body, who="bob")
    assert (second.status_code, "idempotency-replayed" in second.headers) == (200, False)


def test_a_refusal_is_the_answer_to_its_key_too(client):
    body = decision(client, verdict="reject")
    first = send(client, body)
    assert first.status_code == 422
    assert send(client, body).content == first.content


@pytest.mark.parametrize("key", ["", "k" * 201, "käse", "two words"])
def test_a_key_that_cannot_be_kept_is_refused(client, key):
    answer = send(client, decision(client), key=key.encode())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert "Idempotency-Key" in answer.json()["detail"]


def test_a_hundred_at_once_have_one_effect_and_one_answer(client, follower, monkeypatch):
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", 600.0)  # a busy machine takes its time
    body = decision(client)
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: send(client, body), range(100)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1
    assert len(decision_history(follower.engine)) == 1


def test_what_failed_with_the_server_can_be_sent_again(client, monkeypatch):
    body = decision(client)

    def gone(*_):
        raise Problem(503, "state_not_ready", "gone")

    with monkeypatch.context() as patch:
        patch.setattr("serving.api.actions.decision_routes.store_decisions", gone)
        assert send(client, body).status_code == 503
    assert send(client, body).status_code == 201


def test_nobody_waits_for_one_that_another_process_works_on_or_has_lost(client, monkeypatch):
    monkeypatch.setattr(idempotency, "WAIT_SECONDS", float("inf"))
    body = decision(client)
    monkeypatch.setattr(idempotency, "begin_request", lambda *_: False)
    answer = send(client, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "in_work")
    assert answer.headers["retry-after"] == "1"


def test_without_a_key_everything_is_as_it_was(client):
    body = decision(client)
    assert [client.post("/v1/decisions", json=body).status_code for _ in range(2)] == [201, 200]


def test_a_job_of_one_key_is_one_job(client):
    for _ in range(2):
        answer = client.post("/v1/jobs", json={"kind": "plan"}, headers={"idempotency-key": "k7"})
        assert answer.status_code == 202
    assert json.loads(answer.content)["job_id"] == answer.headers["location"].rpartition("/")[2]
    assert len(client.get("/v1/jobs").json()["jobs"]) == 1
