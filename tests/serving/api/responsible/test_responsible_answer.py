"""`GET /v1/responsible`: shares that the pages show too, one category, problems for what cannot be asked."""

import pytest
from clients import person_client

from database.settings import Settings
from serving.api.openapi import with_resources
from serving.state.follower import Follower

URL = "/v1/responsible"


@pytest.fixture(scope="module")
def client(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield person_client(follower)
    follower.close()


def test_all_categories_add_up_to_everything(client):
    shares = client.get(URL).json()["shares"]
    spend = {row["category"]: row["spend"] for row in shares}
    assert len(spend) > 2
    assert spend.pop("all") == pytest.approx(sum(spend.values()))
    assert {row["goal"] for row in shares} == {"local", "diverse", "certified", "most_from_one"}


def test_one_category_can_be_asked_for(client):
    category = client.get(URL).json()["shares"][-1]["category"]
    rows = client.get(URL, params={"category": category}).json()["shares"]
    assert {row["category"] for row in rows} == {category}


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("category=none", 422, "nothing is bought of 'none'"),
        ("goal=local", 422, "goal: no such parameter"),
    ],
)
def test_what_cannot_be_meant_is_a_problem(client, query, status, words):
    answer = client.get(f"{URL}?{query}")
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_the_description_has_every_key_of_the_answer(client):
    schema = with_resources({"paths": {}})["paths"][URL]["get"]["responses"]["200"]["content"][
        "application/json"
    ]["schema"]["properties"]
    answer = client.get(URL).json()
    assert set(answer) == set(schema)
    assert set(answer["shares"][0]) == set(schema["shares"]["items"]["properties"])
