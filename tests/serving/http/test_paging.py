import pytest
from clients import person_client

from jobs.plan import run_plan


@pytest.fixture
def client(follower):
    return person_client(follower)


def pages(client, path, between=lambda: None):
    """All pages of a list, each reached by the header Link of the one before."""
    found = []
    while path:
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        found.append(answer.json())
        link = answer.headers.get("link")
        assert (link is None) == (found[-1]["next"] is None)
        path = link and link.partition(">")[0][1:]
        between()
    return found


@pytest.mark.parametrize(
    ("path", "name", "key"),
    [
        ("/v1/recommendations?status=open", "recommendations", "action_id"),
        ("/v1/skus?supplier_id=north", "skus", "unique_id"),
        ("/v1/suppliers?", "suppliers", "supplier_id"),
        ("/v1/orders?", "orders", "supplier_id"),
    ],
)
def test_pages_together_are_the_whole_list_in_its_order(client, path, name, key):
    whole = [row[key] for row in client.get(f"{path}&limit=1000").json()[name]]
    paged = [row[key] for page in pages(client, f"{path}&limit=2") for row in page[name]]
    assert paged == whole
    assert len(whole) > 2


def test_what_is_decided_between_pages_moves_nothing(client):
    path = "/v1/recommendations?status=open&limit=4"
    before = [
        row["action_id"] for row in client.get("/v1/recommendations?status=open").json()["recommendations"]
    ]
    shown: list[str] = []

    def decide_the_first():
        left = client.get("/v1/recommendations?status=open&limit=1").json()["recommendations"]
        if left:
            client.post("/v1/decisions", json={"action_id": left[0]["action_id"], "verdict": "approve"})

    for page in pages(client, path, decide_the_first):
        shown += [row["action_id"] for row in page["recommendations"]]
    assert shown == before


def test_decisions_added_between_pages_come_before_the_first_one(client):
    actions = [
        row["action_id"] for row in client.get("/v1/recommendations?limit=5").json()["recommendations"]
    ]
    for action in actions[:4]:
        client.post("/v1/decisions", json={"action_id": action, "verdict": "approve"})
    first = client.get("/v1/decisions?limit=2").json()
    client.post("/v1/decisions", json={"action_id": actions[4], "verdict": "approve"})
    second = client.get("/v1/decisions", params={"limit": 2, "cursor": first["next"]}).json()
    assert [row["action_id"] for row in first["decisions"] + second["decisions"]] == actions[3::-1]
    assert second["next"] is None


def test_a_cursor_of_another_list_or_plan_or_none_at_all_is_refused(client, follower, company):
    cursor = client.get("/v1/recommendations?limit=1").json()["next"]
    for query, status, words in (
        (f"cursor={cursor}&status=open", 422, "another list"),
        (f"cursor={cursor}&offset=1", 422, "leave offset out"),
        ("cursor=abc", 422, "no cursor"),
        ("cursor=", 422, "no cursor"),
        ("cursor=bnVsbA", 422, "no cursor"),
    ):
        answer = client.get(f"/v1/recommendations?{query}")
        assert (answer.status_code, words in answer.json()["detail"]) == (status, True), query
    run_plan(follower.settings, source=str(company), out=follower.settings.home / "out")
    follower.refresh()
    gone = client.get(f"/v1/recommendations?cursor={cursor}")
    assert (gone.status_code, gone.json()["code"]) == (410, "plan_changed")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/v1/recommendations?kind=bribe", "kind: 'bribe' is not known; there are"),
        ("/v1/recommendations?group=bribes", "group: 'bribes' is not known; there are improvement"),
        ("/v1/recommendations?supplier_id=nobody", "/v1/suppliers lists"),
        ("/v1/recommendations?unique_id=nope", "/v1/skus lists"),
        ("/v1/recommendations?assignee=nobody", "assignee: 'nobody' is not known"),
        ("/v1/recommendations?held_back=maybe", "held_back: 'maybe' is not known; there are false, true"),
        ("/v1/recommendations?limit=1&limit=2", "limit: stands there 2 times"),
        ("/v1/recommendations/x?verbose=1", "verbose: no such parameter; this address takes none"),
        ("/v1/orders?supplier_id=nobody", "supplier_id: 'nobody' is not known"),
        ("/v1/orders?status=lost", "status: 'lost' is not known"),
        ("/v1/overrides?unique_id=nope", "unique_id: 'nope' is not known"),
        ("/v1/overrides?status=lost", "status: 'lost' is not known; there are"),
        ("/v1/ledger?kind=bribe", "kind: 'bribe' is not known"),
        ("/v1/ledger?person=nobody", "person: 'nobody' is not known"),
        ("/v1/ledger?month=2020-01", "month: '2020-01' is not known"),
        ("/v1/changes?cause=magic", "cause: 'magic' is not known"),
        ("/v1/changes?supplier_id=nobody", "supplier_id: 'nobody' is not known"),
        ("/v1/skus?category=nothing", "category: 'nothing' is not known; there are dry, fresh"),
        ("/v1/decisions?action_id=nope", "no action 'nope'"),
        ("/v1/suppliers?sort=score", "sort: no such parameter"),
    ],
)
def test_what_there_is_none_of_is_named_and_no_empty_list(client, path, words):
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert words in answer.json()["detail"]


def test_recommendations_of_a_group_of_levers(client):
    rows = client.get("/v1/recommendations?group=terms").json()["recommendations"]
    every = client.get("/v1/recommendations").json()["recommendations"]
    kinds = {row["kind"] for row in rows}
    assert 0 < len(rows) < len(every)
    assert not kinds & {
        row["kind"] for row in every if row["action_id"] not in {r["action_id"] for r in rows}
    }
