"""`POST /v1/sourcing/compare`: the article's two suppliers, a SKU of the plan, and problems that say the fix."""

import pytest
from clients import person_client

from database.migrate import upgrade
from database.settings import Settings
from serving.api.compare.compare_answer import OFFER_NUMBERS
from serving.api.openapi import with_resources
from serving.state.follower import Follower

A = {"name": "A", "unit_price": 10.10, "lead_time_mean": 10.0, "lead_time_std": 2.0}
B = {"name": "B", "unit_price": 10.00, "lead_time_mean": 15.0, "lead_time_std": 5.0}
ARTICLE = {
    "demand": {"mean": 20.0, "std": 8.0},
    "offers": [A, B],
    "policy": {"level": 0.95, "review_period_days": 0.0, "shortage_cost": 5.0},
}
URL = "/v1/sourcing/compare"


@pytest.fixture(scope="module")
def client(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield person_client(follower)
    follower.close()


def test_the_articles_suppliers_have_its_safety_stocks_beside_ours(client):
    answer = client.post(URL, json=ARTICLE)
    assert answer.status_code == 200
    a, b = answer.json()["offers"]
    assert [a["normal_safety_stock"], b["normal_safety_stock"]] == pytest.approx([77.85, 172.20], abs=0.01)
    assert a["safety_stock"] > 77
    assert b["safety_stock"] < b["normal_safety_stock"]
    assert sum(each["mean"] for part, each in a["costs"].items() if part != "total") == pytest.approx(
        a["costs"]["total"]["mean"]
    )


def test_premiums_stand_for_every_pair_with_their_range(client):
    pairs = client.post(URL, json=ARTICLE).json()["pairs"]
    assert [(pair["name"], pair["against"]) for pair in pairs] == [("A", "B"), ("B", "A")]
    assert pairs[0]["premium_low"] < pairs[0]["premium"] < pairs[0]["premium_high"]
    assert pairs[0]["premium"] == pytest.approx(pairs[0]["break_even_price"] / 10.0 - 1)


def test_nothing_has_to_be_trained_before(tmp_path):
    settings, follower = Settings(home=tmp_path), Follower()
    upgrade(settings.state_url)
    follower.open(settings)
    answer = person_client(follower).post(URL, json=ARTICLE)
    follower.close()
    assert answer.status_code == 200
    assert answer.json()["model"] is None


def test_a_sku_of_the_plan_is_compared_on_its_own_forecast_and_the_request_speaks_before_its_items(client):
    of_sku = {"unique_id": "sku16", "offers": [A, B]}
    own = client.post(URL, json=of_sku).json()["offers"]
    higher = client.post(URL, json=of_sku | {"policy": {"level": 0.99}}).json()["offers"]
    assert [row["level"] for row in higher] == [0.99, 0.99]
    assert all(high["safety_stock"] > row["safety_stock"] for row, high in zip(own, higher, strict=True))
    assert own[0]["lead_time_demand"]["quantiles"]["0.95"] > own[0]["lead_time_demand"]["mean"] > 0


def test_of_twenty_offers_every_pair_is_compared(client):
    offers = [B | {"name": f"S{n}", "lead_time_mean": 10.0 + 2 * n} for n in range(20)]
    answer = client.post(URL, json=ARTICLE | {"offers": offers})
    assert answer.status_code == 200
    assert len(answer.json()["pairs"]) == 20 * 19


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"offers": [A]}, "offers: Tuple should have at least 2 items"),
        ({"offers": [A, A]}, "two offers are named 'A'"),
        (
            {"offers": [A, B | {"lead_time_mean": 0.0}]},
            "offers.1.lead_time_mean is 0.0: Input should be greater",
        ),
        (
            {"offers": [A, B | {"lead_time_mean": 5e-324, "lead_time_std": 0.0}]},
            "greater than or equal to 0.01",
        ),
        ({"offers": [A, B | {"unit_price": 5e-324}]}, "offers.1.unit_price is 5e-324"),
        ({"offers": [A, B | {"price_breaks": "cheap"}]}, "price_breaks is 'cheap', expected quantity:price"),
        ({"offers": [A, B | {"speed": 1}]}, "offers.1.speed"),
        (
            {"offers": [A, B | {"lead_time_std": 31.0}]},
            "lead_time_std is 31, expected at most 2 times lead_time_mean",
        ),
        ({"demand": None}, "give demand (mean and std a day) or unique_id"),
        ({"unique_id": "sku16"}, "give demand (mean and std a day) or unique_id"),
        ({"policy": {"level": 1.0}}, "policy.level is 1.0: Input should be less than or equal to 0.999"),
        ({"offers": [A | {"name": f"S{n}"} for n in range(21)]}, "at most 20"),
    ],
)
def test_what_cannot_be_meant_is_a_problem_with_place_value_and_fix(client, change, words):
    answer = client.post(URL, json=ARTICLE | change)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


def test_an_unknown_sku_is_not_found(client):
    answer = client.post(URL, json={"unique_id": "nobody", "offers": [A, B]})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_sku")


def test_the_description_has_every_key_of_request_and_answer(client):
    described = with_resources({"paths": {}})["paths"][URL]["post"]
    asked = described["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert set(asked) == {"demand", "unique_id", "offers", "policy"}
    assert set(asked["offers"]["items"]["properties"]) >= set(A) | {"moq", "price_breaks"}
    schema = described["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    answer = client.post(URL, json=ARTICLE).json()
    assert set(answer) == set(schema)
    assert (
        set(answer["offers"][0])
        == set(schema["offers"]["items"]["properties"])
        == {
            "name",
            "costs",
            "lead_time_demand",
            *OFFER_NUMBERS,
        }
    )
    assert set(answer["pairs"][0]) == set(schema["pairs"]["items"]["properties"])
    assert set(answer["split"]) == set(schema["split"]["properties"])
