"""Guided buying and restocking: words lead to a SKU, a SKU to its options, and the API says the same."""

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from serving.state.follower import Follower


@pytest.fixture(scope="module")
def follower(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield follower
    follower.close()


@pytest.fixture(scope="module")
def client(follower):
    return person_client(follower)


@pytest.fixture(scope="module")
def sku(follower):
    return str(follower.current().inputs.offers["unique_id"].iloc[0])


def test_the_page_begins_with_what_it_is_for(client):
    assert "For a department that needs something" in client.get("/buy").text


def test_words_lead_to_skus_and_these_to_options(client, sku):
    page = client.get("/buy", params={"q": sku[:4], "quantity": 5}).text
    assert f"/buy?unique_id={sku}" in page
    options = client.get("/buy", params={"unique_id": sku, "quantity": 5}).text
    assert "Options, the best first" in options
    assert "No SKU has these words" in client.get("/buy", params={"q": "nothing is called so"}).text


def test_the_options_are_the_offers_of_the_sku_on_page_and_api(client, follower, sku):
    offers = follower.current().inputs.offers
    expected = set(offers.loc[offers["unique_id"] == sku, "supplier_id"])
    answer = client.get("/v1/buy", params={"unique_id": sku, "quantity": 5}).json()
    assert {option["supplier_id"] for option in answer["options"]} == expected
    page = client.get("/buy", params={"unique_id": sku, "quantity": 5}).text
    assert all(f"/suppliers/{supplier}" in page for supplier in expected)


def test_a_later_day_is_met_more_surely(client, follower, sku):
    day = follower.current().as_of
    chances = []
    for days in (1, 10, 200):
        needed = f"{day + pd.Timedelta(days=days):%Y-%m-%d}"
        answer = client.get("/v1/buy", params={"unique_id": sku, "quantity": 5, "needed_by": needed}).json()
        chances.append(answer["options"][0]["in_time"])
    assert chances == sorted(chances)
    assert chances[-1] > 0.99


@pytest.mark.parametrize(
    ("more", "status", "word"),
    [
        ({"unique_id": "nobody"}, 404, "no SKU"),
        ({"quantity": "0"}, 422, "quantity"),
        ({"quantity": "many"}, 422, "quantity"),
        ({"needed_by": "soon"}, 422, "needed_by"),
        ({"needed_by": "1999-01-01"}, 422, "before the plan"),
    ],
)
def test_what_cannot_be_meant_is_said(client, sku, more, status, word):
    params = {"unique_id": sku, "quantity": "5"} | more
    answer = client.get("/v1/buy", params=params)
    assert answer.status_code == status
    assert word in answer.json()["detail"]
    page = client.get("/buy", params=params)
    assert page.status_code == 200
    assert word in page.text


def test_without_bins_the_page_says_what_it_needs(client):
    assert "what sites hold and use" in client.get("/restock").text
    answer = client.get("/v1/restock").json()
    assert (answer["total"], answer["visits"]) == (0, [])
