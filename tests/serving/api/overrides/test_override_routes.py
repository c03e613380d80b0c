from datetime import timedelta

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from jobs.plan import run_plan
from planning.overrides.override_tables import no_kept_forecasts, shaped_as


@pytest.fixture
def client(follower):
    return person_client(follower)


@pytest.fixture
def hold(follower):
    """The body of a hold of one SKU for two weeks."""
    today = follower.current().as_of.date()
    return {
        "kind": "hold",
        "unique_id": "sku16",
        "hold_until": str(today + timedelta(days=14)),
        "reason": "the shelf is being rebuilt",
        "author": "ada",
        "expires": str(today + timedelta(days=30)),
    }


def test_an_override_is_entered_once_and_listed(client, hold):
    first, again = (client.post("/v1/overrides", json=hold) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["status"] == "new"
    assert first.json()["what"] == f"no order until {hold['hold_until']}"
    listed = client.get("/v1/overrides").json()
    assert listed == {"total": 1, "next": None, "overrides": [first.json()]}
    assert {name: listed["overrides"][0][name] for name in hold} == hold


def test_the_next_plan_uses_it_and_the_api_plans_alike(client, follower, hold, home, company):
    before = client.get("/v1/overrides?status=used").json()["total"]
    client.post("/v1/overrides", json=hold)
    run_plan(Settings(home=home), source=str(company), out=home / "out")
    follower.refresh()
    row = client.get("/v1/overrides?status=used").json()["overrides"][0]
    assert (before, row["skus"], row["unique_id"]) == (0, 1, "sku16")
    plan = pd.read_parquet(home / "out" / "plan.parquet").set_index("unique_id")
    assert plan.loc["sku16", "order_quantity"] == 0
    assert plan.loc["sku16", "order_by"] >= pd.Timestamp(hold["hold_until"])
    served = follower.current()
    assessment = served.planner(served.forecast).assess(served.inputs)
    at = int(assessment.forecast.rows(["sku16"])[0])
    assert assessment.decision.quantity[at] == 0


def test_an_override_is_ended_once(client, hold):
    name = client.post("/v1/overrides", json=hold).json()["override_id"]
    end = f"/v1/overrides/{name}/end"
    first, again = (client.post(end, json={"who": "bob", "reason": "done"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert (first.json()["status"], first.json()["ended_by"]) == ("ended", "bob")
    other = client.post(end, json={"who": "cid"})
    assert (other.status_code, other.json()["code"]) == (409, "ended_meanwhile")
    unknown = client.post("/v1/overrides/99/end", json={"who": "cid"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_override")
    odd = client.post("/v1/overrides/odd/end", json={})
    assert (odd.status_code, odd.json()["code"]) == (404, "unknown_override")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "halt"}, "kind is halt, expected one of forecast"),
        ({"reason": "short"}, "reason is short, expected at least 10 characters"),
        ({"expires": None}, "expires is empty, expected a date"),
        ({"expires": "2020-01-01"}, "expires is 2020-01-01, before created"),
        ({"hold_until": "soon"}, "hold_until is soon, expected a date"),
        ({"factor": 2}, "factor is 2 beside kind hold, expected none"),
        ({"unique_id": "sku99"}, "unique_id is sku99, which no forecast and no item has"),
        ({"unique_id": None, "category": "none such"}, "category is none such, which no item has"),
        ({"colour": "red"}, "colour: no such field"),
        ({"reason": "x" * 2_001}, "reason: has 2,001 characters"),
        ({"unique_id": ["a"]}, "unique_id: ['a'] is neither a text nor a number"),
        ({"author": 7}, "author: 7 is not a text"),
    ],
)
def test_what_breaks_a_rule_is_refused_with_place_value_and_fix(client, hold, change, said):
    answer = client.post("/v1/overrides", json=hold | change)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert client.get("/v1/overrides").json()["total"] == 0


def test_no_body_another_site_and_unknown_parameters_are_refused(client, hold):
    assert client.post("/v1/overrides", content=b"{").status_code == 422
    assert client.post("/v1/overrides", json=[]).status_code == 422
    foreign = client.post("/v1/overrides", json=hold, headers={"origin": "https://elsewhere.test"})
    assert foreign.status_code == 403
    assert client.get("/v1/overrides?colour=red").status_code == 422
    assert client.get("/v1/overrides/value?by=colour").status_code == 422


def test_the_author_is_whoever_asks(client, hold):
    cleo = {"x-forwarded-user": "cleo"}
    other = client.post("/v1/overrides", json=hold | {"author": "ada"}, headers=cleo)
    assert (other.status_code, other.json()["code"]) == (403, "not_you")
    del hold["author"]
    assert client.post("/v1/overrides", json=hold, headers=cleo).json()["author"] == "cleo"


def test_value_added_is_served_by_person(client, follower):
    assert client.get("/v1/overrides/value").json()["groups"] == []
    rows = {
        "override_id": "1",
        "author": ["ann", "bob", "bob"],
        "mean": 8.0,
        "model_mean": 14.0,
        "actual": 10.0,
    }
    kept = shaped_as(pd.DataFrame(rows).assign(scale=10.0), no_kept_forecasts())
    object.__setattr__(follower.current().snapshot, "kept_forecasts", kept)
    answer = client.get("/v1/overrides/value?by=person").json()
    assert [(row["author"], row["n"], row["value_added"]) for row in answer["groups"]] == [
        ("bob", 2, 0.5),
        ("ann", 1, 0.5),
    ]
    assert (answer["total"]["n"], answer["total"]["mae"], answer["total"]["model_bias"]) == (3, 2, 4)


def test_the_document_describes_the_paths(client):
    paths = client.get("/docs.json").json()["paths"]
    assert {"get", "post"} <= paths["/v1/overrides"].keys()
    assert "post" in paths["/v1/overrides/{override_id}/end"]
    assert "get" in paths["/v1/overrides/value"]
