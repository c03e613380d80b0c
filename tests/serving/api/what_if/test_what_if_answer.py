"""`GET /v1/what-if`: today's numbers, the changed ones and their differences, and a problem for what cannot be asked."""

import pytest
from clients import person_client

from database.settings import Settings
from serving.api.openapi import with_resources
from serving.state.follower import Follower


@pytest.fixture(scope="module")
def client(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield person_client(follower)
    follower.close()


def test_a_sku_has_both_sides_and_differences_that_add_up(client) -> None:
    answer = client.get("/v1/what-if?unique_id=sku16&lead_time_days=+3&demand=1.1").json()
    only = answer["moved_most"]
    assert [row["unique_id"] for row in only] == ["sku16"]
    before, after, gap = (only[0][side] for side in ("before", "after", "difference"))
    assert after["lead_time"] == pytest.approx(before["lead_time"] + 3)
    assert gap["cost"] == pytest.approx(after["cost"] - before["cost"])
    assert answer["sums"]["cost"]["difference"] == pytest.approx(gap["cost"])
    assert (answer["skus"], answer["played"]) == (1, True)


def test_a_supplier_has_sums_and_as_many_skus_as_asked_for(client) -> None:
    answer = client.get("/v1/what-if?supplier_id=south&price=+50%25&limit=2").json()
    assert len(answer["moved_most"]) == 2
    assert answer["supplier_id"] == "south"
    assert answer["sums"]["cost"]["after"] > answer["sums"]["cost"]["before"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "unique_id and supplier_id are missing"),
        ("unique_id=sku16&spread=wide", "spread is 'wide', expected a factor"),
        ("unique_id=sku16&speed=2", "speed: no such parameter"),
        ("supplier_id=south&limit=x", "limit: 'x' is no whole number"),
    ],
)
def test_what_cannot_be_meant_is_a_problem_in_one_sentence(client, query, words) -> None:
    answer = client.get(f"/v1/what-if?{query}")
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_the_description_has_every_parameter_and_every_key_of_the_answer(client) -> None:
    described = with_resources({"paths": {}})["paths"]["/v1/what-if"]["get"]
    names = {parameter["name"] for parameter in described["parameters"]}
    assert names >= {"unique_id", "supplier_id", "lead_time_days", "spread", "moq", "target", "closed_until"}
    schema = described["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    answer = client.get("/v1/what-if?unique_id=sku16&demand=1.1").json()
    assert set(answer) - {"model"} == set(schema)
    assert set(answer["sums"]) == set(schema["sums"]["properties"])
    row = schema["moved_most"]["items"]["properties"]
    assert set(answer["moved_most"][0]["before"]) == set(row["before"]["properties"])
