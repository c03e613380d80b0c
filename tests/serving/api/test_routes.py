import pytest
from clients import person_client
from sqlalchemy.exc import DataError

from database import engine as engine_module
from database.settings import Settings
from jobs.plan import run_plan
from serving.state.follower import Follower


@pytest.fixture
def client(follower):
    return person_client(follower)


def open_ids(client) -> list[str]:
    return [
        row["action_id"] for row in client.get("/v1/recommendations?status=open").json()["recommendations"]
    ]


def approve(client, action_id, **more):
    return client.post(
        "/v1/decisions", json={"action_id": action_id, "verdict": "approve", "who": "ada", **more}
    )


def test_recommendations_are_ranked_and_priced(client):
    answer = client.get("/v1/recommendations").json()
    rows = answer["recommendations"]
    gains = [row["worth_in_horizon"] / max(row["effort"], 1.0) for row in rows]
    assert gains == sorted(gains, reverse=True)
    assert answer["total"] == len(gains) > 10
    better = {row["alternative_to"] for row in rows} - {""}
    assert better
    assert better < {row["action_id"] for row in rows}
    assert (answer["currency"], answer["as_of"]) == ("EUR", "2024-07-15")
    assert {"title", "evidence", "facts", "act_by", "status"} <= answer["recommendations"][0].keys()


def test_recommendations_come_in_parts(client):
    first = client.get("/v1/recommendations?limit=15").json()["recommendations"]
    rest = client.get("/v1/recommendations?limit=15&offset=15").json()["recommendations"]
    assert len(first) == 15
    assert len(rest) == client.get("/v1/recommendations").json()["total"] - 15
    assert not {row["action_id"] for row in first} & {row["action_id"] for row in rest}


def test_recommendations_can_be_narrowed(client):
    every = client.get("/v1/recommendations").json()["recommendations"]
    kind, supplier = next((row["kind"], row["supplier_id"]) for row in every if row["supplier_id"])
    rows = client.get(f"/v1/recommendations?kind={kind}&supplier_id={supplier}").json()["recommendations"]
    assert {(row["kind"], row["supplier_id"]) for row in rows} == {(kind, supplier)}
    assert len(rows) < len(every)


@pytest.mark.parametrize("query", ["status=done", "limit=x", "limit=-1", "limit=1001", "offset=1e3"])
def test_a_query_that_cannot_be_meant_is_a_problem(client, query):
    answer = client.get(f"/v1/recommendations?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert query.partition("=")[0] in answer.json()["detail"]


def test_an_approval_is_new_once_and_the_same_afterwards(client):
    action = open_ids(client)[0]
    first, again = approve(client, action), approve(client, action, who="bob")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert client.get(f"/v1/recommendations/{action}").json()["status"] == "approved"
    assert [row["who"] for row in client.get("/v1/decisions").json()["decisions"]] == ["ada"]


def test_what_was_approved_holds_in_the_next_plan_and_is_not_proposed_again(client, follower, company):
    action = open_ids(client)[0]
    approve(client, action)
    run_plan(follower.settings, source=str(company), out=follower.settings.home / "out")
    follower.refresh()
    row = client.get(f"/v1/recommendations/{action}").json()
    assert (row["status"], row["who"], row["proposed"]) == ("approved", "ada", False)
    assert action not in open_ids(client)


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        (b"", 422, "action_id"),
        (b"[1]", 422, "action_id"),
        (b"{", 422, "no JSON"),
        (b'{"action_id": "nope", "verdict": "approve", "who": "ada"}', 404, "nope"),
        (b'{"action_id": "nope", "verdict": "maybe", "who": "ada"}', 422, "verdict"),
        (b'{"action_id": "nope", "verdict": "approve"}', 404, "nope"),
        (b'{"action_id": "nope", "verdict": "reject", "who": "ada"}', 422, "reason"),
        (
            b'{"action_id": "nope", "verdict": "snooze", "who": "ada", "snooze_until": "soon"}',
            422,
            "snooze_until",
        ),
        (b'{"action_id": "nope", "verdict": ["approve"], "who": "ada"}', 422, "verdict"),
        (b'{"action_id": "nope", "verdict": "snooze", "who": "ada", "snooze_until": 3}', 422, "snooze_until"),
    ],
)
def test_a_decision_that_cannot_be_taken_is_one_problem(client, body, status, word):
    answer = client.post("/v1/decisions", content=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert word in answer.json()["detail"]
    assert client.get("/v1/decisions").json()["decisions"] == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"who": ["ada"]}, "who: ['ada'] is not a text"),
        ({"reason": 5}, "reason: 5 is not a text"),
        ({"seen": True}, "seen: True is not a whole number"),
        ({"reson": "cheaper"}, "reson: no such field"),
        ({"reason": "r" * 2001}, "reason: has 2,001 characters"),
        ({"reason": "a\0b"}, "NUL"),
        ({"snooze_until": "2024-08-01"}, "only a snooze has one"),
    ],
)
def test_nothing_of_a_decision_is_dropped_or_cut_in_silence(client, more, words):
    answer = approve(client, open_ids(client)[0], **more)
    assert (answer.status_code, answer.json()["code"]) == (422, "incomplete_decision")
    assert words in answer.json()["detail"]
    assert client.get("/v1/decisions").json()["decisions"] == []


def test_a_decision_made_on_what_has_changed_is_a_conflict(client):
    action = open_ids(client)[0]
    first = approve(client, action, seen=0).json()
    rejection = {"action_id": action, "verdict": "reject", "who": "bob", "reason": "no room"}
    late = client.post("/v1/decisions", json=rejection | {"seen": 0})
    assert (late.status_code, late.json()["code"]) == (409, "decided_meanwhile")
    assert "ada has decided to approve" in late.json()["detail"]
    assert client.get(f"/v1/recommendations/{action}").json()["decision_id"] == first["id"]
    assert client.post("/v1/decisions", json=rejection | {"seen": first["id"]}).status_code == 201


def test_a_locked_database_is_a_problem_and_the_decision_can_be_sent_again(home, monkeypatch):
    monkeypatch.setattr(engine_module, "BUSY_MILLISECONDS", 50)
    follower = Follower()
    follower.open(Settings(home=home))
    client = person_client(follower)
    action = open_ids(client)[0]
    with engine_module.write_transaction(follower.engine):
        answer = approve(client, action)
        assert (answer.status_code, answer.json()["code"]) == (503, "state_not_ready")
        assert "locked" in answer.json()["detail"]
    assert approve(client, action).status_code == 201
    follower.close()


@pytest.mark.parametrize(
    "path",
    ["/v1/recommendations", "/v1/decisions", "/v1/forecast_groups", "/v1/forecast/sku00/explanation"],
)
def test_a_parameter_nobody_knows_is_refused_rather_than_without_effect(client, path):
    answer = client.get(f"{path}?suplier=north")
    assert answer.status_code == 422
    assert "suplier: no such parameter" in answer.json()["detail"]


def test_recommendations_name_the_run_that_proposed_them(client, follower, company):
    run_plan(follower.settings, source=str(company), out=follower.settings.home / "out")
    assert follower.current().run.id == 1  # the new one is not loaded yet
    assert client.get("/v1/recommendations").json()["plan"] == 2


def test_a_malformed_origin_is_foreign(client):
    answer = client.post("/v1/decisions", json={}, headers={"origin": "http://["})
    assert (answer.status_code, answer.json()["code"]) == (403, "foreign_origin")


def test_suppliers_have_their_scorecards(client):
    answer = client.get("/v1/suppliers").json()
    assert {row["supplier_id"] for row in answer["suppliers"]} == {"north", "south", "east"}
    south = client.get("/v1/suppliers/south").json()
    assert south["name"] == "South SA"
    assert 38 < south["lead_time_mean"] < 50
    assert south["defect_rate"] is None
    assert "purchase_orders has no" in answer["not_measured"]["defect_rate"]
    assert {"changes", "bought", "internal_delay"} <= set(south)
    assert client.get("/v1/suppliers/nope").status_code == 404


def test_the_scorecards_have_the_fields_that_are_described(client):
    row = client.get("/v1/suppliers").json()["suppliers"][0]
    schemas = client.get("/docs.json").json()["paths"]["/v1/suppliers"]["get"]["responses"]
    described = schemas["200"]["content"]["application/json"]["schema"]["properties"]["suppliers"]
    assert set(row) == set(described["items"]["properties"])


def test_the_scorecards_are_files_too(client):
    csv, xlsx = client.get("/suppliers.csv"), client.get("/suppliers.xlsx")
    assert csv.text.count("\r\n") == 4
    assert "attachment" in csv.headers["content-disposition"]
    assert xlsx.content[:2] == b"PK"


def test_the_risk_page_shows_the_skus_of_a_cell_and_who_else_delivers(client):
    every = client.get("/supplier-risk").text
    assert '<a href="/suppliers" aria-current="page">' in every
    assert "Supply risk" in every
    assert "0 SKUs" in client.get("/supplier-risk?performance=unknown&consumption=A&region=nowhere").text


def test_the_description_names_every_resource_and_the_form_of_problems(client):
    document = client.get("/docs.json").json()
    assert "post" in document["paths"]["/v1/decisions"]
    assert "get" in document["paths"]["/v1/forecast/{unique_id}/explanation"]
    assert "Problem" in document["components"]["schemas"]


def test_before_a_model_every_resource_is_a_problem_that_says_what_to_run(tmp_path):
    follower = Follower()
    follower.open(Settings(home=tmp_path))
    client = person_client(follower, dict)
    for path in ("/v1/recommendations", "/v1/suppliers", "/v1/decisions"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "run `purvey" in answer.json()["detail"]
    follower.close()


def test_a_value_that_no_database_keeps_is_refused_and_no_error_of_ours(client, monkeypatch):
    def refused(*_, **__):
        raise DataError("select", {}, Exception("text fields cannot contain NUL"))

    monkeypatch.setattr("serving.api.actions.action_routes.find_recommendation", refused)
    answer = client.get("/v1/recommendations/%00")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
