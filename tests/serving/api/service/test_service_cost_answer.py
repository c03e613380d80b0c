"""`GET /v1/service-cost`: curves that add up over suppliers and categories, and problems for what cannot be asked."""

import pytest
from clients import person_client

from database.settings import Settings
from serving.api.openapi import with_resources
from serving.state.follower import Follower

URL = "/v1/service-cost"


@pytest.fixture(scope="module")
def client(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield person_client(follower)
    follower.close()


@pytest.mark.parametrize("by", ["supplier_id", "category"])
def test_groups_add_up_to_all_skus(client, by):
    groups = client.get(f"{URL}?by={by}").json()["groups"]
    whole, parts = groups[0], groups[1:]
    assert whole["group"] is None
    assert len(parts) > 1
    assert sum(part["skus"] for part in parts) == whole["skus"] > 10
    for at in range(len(whole["curve"])):
        for name in ("holding", "cost", "shortage"):
            assert sum(part["curve"][at][name] for part in parts) == pytest.approx(whole["curve"][at][name])


def test_a_higher_promise_costs_more_and_is_short_of_less(client):
    curve = client.get(URL).json()["groups"][0]["curve"]
    assert [point["promise"] for point in curve][::6] == [0.9, 0.995]
    costs, shortages = ([point[name] for point in curve] for name in ("cost", "shortage"))
    assert costs == sorted(costs)
    assert shortages == sorted(shortages, reverse=True)


def test_one_group_can_be_asked_for(client):
    groups = client.get(f"{URL}?group=south").json()["groups"]
    assert [group["group"] for group in groups] == ["south"]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("by=colour", 422, "by is 'colour', expected one of supplier_id, category"),
        ("group=nobody", 422, "no SKU is bought in 'nobody'"),
        ("level=0.9", 422, "level: no such parameter"),
    ],
)
def test_what_cannot_be_meant_is_a_problem(client, query, status, words):
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_the_description_has_every_key_of_the_answer(client):
    described = with_resources({"paths": {}})["paths"][URL]["get"]
    schema = described["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    answer = client.get(URL).json()
    assert set(answer) == set(schema)
    group = schema["groups"]["items"]["properties"]
    assert set(answer["groups"][0]) == set(group)
    assert set(answer["groups"][0]["curve"][0]) == set(group["curve"]["items"]["properties"])
