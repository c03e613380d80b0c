import pytest
from clients import person_client


@pytest.fixture
def client(follower):
    return person_client(follower)


def ids(client, query: str = "") -> list[str]:
    return [row["action_id"] for row in client.get(f"/v1/recommendations?{query}").json()["recommendations"]]


def test_several_are_decided_with_one_call_all_or_none(client):
    one, two, three = ids(client)[:3]
    shared = {"verdict": "reject", "who": "ada", "reason": "no money"}
    body = shared | {"decisions": [{"action_id": one}, {"action_id": two, "reason": "no room"}]}
    answer = client.post("/v1/decisions", json=body)
    rows = answer.json()["decisions"]
    assert (answer.status_code, [row["reason"] for row in rows]) == (201, ["no money", "no room"])
    again = client.post("/v1/decisions", json=body)
    assert (again.status_code, again.json()["decisions"]) == (200, rows)
    other = {
        "verdict": "approve",
        "who": "bob",
        "decisions": [{"action_id": three}, {"action_id": one, "seen": 0}],
    }
    refused = client.post("/v1/decisions", json=other)
    assert (refused.status_code, refused.json()["code"]) == (409, "decided_meanwhile")
    assert client.get(f"/v1/recommendations/{three}").json()["status"] == "open"
    assert len(client.get("/v1/decisions").json()["decisions"]) == 2


@pytest.mark.parametrize(
    ("decisions", "why"),
    [
        ([], "there are 0, expected 1 to 1,000"),
        ([{}] * 2, "action_id: a JSON object"),
        ({"action_id": "x"}, "decisions: a list of JSON objects"),
        (["x"], "decisions: a list of JSON objects"),
        ([{"action_id": "x", "when": "now"}], "when: no such field"),
        ([{"action_id": "x", "seen": "1"}], "seen: '1' is not a whole number"),
    ],
)
def test_a_list_of_decisions_that_cannot_be_read_is_a_sentence(client, decisions, why):
    answer = client.post("/v1/decisions", json={"decisions": decisions, "verdict": "approve", "who": "ada"})
    assert (answer.status_code, why in answer.json()["detail"]) == (422, True)


def test_notes_are_added_and_an_action_shows_whose_it_is_and_what_was_said(client):
    name = ids(client)[0]
    notes = f"/v1/recommendations/{name}/notes"
    first = client.post(notes, json={"kind": "assign", "who": "ada", "assignee": "bob"})
    assert (first.status_code, first.json()["assignee"]) == (201, "bob")
    assert client.post(notes, json={"kind": "assign", "who": "cy", "assignee": "bob"}).status_code == 200
    client.post(notes, json={"kind": "comment", "who": "bob", "text": "on it"})
    found = client.get(f"/v1/recommendations/{name}").json()
    assert (found["assignee"], [note["kind"] for note in found["notes"]]) == ("bob", ["comment", "assign"])
    assert ids(client, "assignee=bob") == [name]
    early = client.post(notes, json={"kind": "done", "who": "bob"})
    assert (early.status_code, "only an approved one" in early.json()["detail"]) == (422, True)
    client.post("/v1/decisions", json={"action_id": name, "verdict": "approve", "who": "ada"})
    assert client.post(notes, json={"kind": "done", "who": "bob"}).status_code == 201
    assert client.get(f"/v1/recommendations/{name}").json()["done_by"] == "bob"
    for body in (
        {"kind": "sing", "who": "ada"},
        {"kind": "comment", "who": "ada", "text": 3},
        {"x": "y"},
        [],
    ):
        assert client.post(notes, json=body).status_code == 422
    missing = client.post("/v1/recommendations/nope/notes", json={"kind": "comment", "who": "a", "text": "b"})
    assert missing.status_code == 404


def test_parts_of_the_list_are_cut_from_the_whole_and_the_total_is_of_all(client):
    whole = ids(client, "limit=1000")
    part = client.get("/v1/recommendations?offset=3&limit=4").json()
    assert [row["action_id"] for row in part["recommendations"]] == whole[3:7]
    assert part["total"] == len(whole)
