"""The page of offers compared: the article to begin with, a SKU's own offers, and state that lies in the address."""

import re

import pandas as pd
import pytest
from clients import person_client
from starlette.datastructures import QueryParams

from planning.compare.compare_offers import PARTS
from serving.pages.compare.compare_form import entered_offers
from serving.pages.compare.cost_bars import WIDTH, cost_bars

HTML = {"accept": "text/html"}
TWO = "name=A&name=B&unit_price=10.10&unit_price=10&lead_time_mean=10&lead_time_mean=15&lead_time_std=2&lead_time_std=5"
ASK = f"/compare?demand_mean=20&demand_std=8&level=95%25&review_period_days=0&shortage_cost=5&{TWO}"


@pytest.fixture
def client(follower):
    return person_client(follower, headers=HTML)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_page_begins_with_the_articles_question(client):
    answer = client.get("/compare")
    assert answer.status_code == 200
    assert "costs least" in answer.text
    assert 'name="lead_time_std" value="5"' in answer.text


def test_numbers_stand_as_the_address_has_them_and_both_formulas_beside(client):
    answer = client.get(ASK)
    assert 'name="level" value="95%"' in answer.text
    assert "B costs least" in answer.text
    assert all(number in text_of(answer) for number in ("77.9", "172.2"))


def test_the_link_to_share_shows_the_same_page(client):
    answer = client.get(ASK)
    shared = re.search(r'href="(/compare\?[^"]+)">Link to share', answer.text)[1].replace("&amp;", "&")
    again = client.get(shared)
    assert text_of(again).partition("costs least")[2] == text_of(answer).partition("costs least")[2]


def test_a_sku_begins_with_its_own_offers_the_one_in_use_first(client, follower):
    offers = follower.current().inputs.offers
    sku = offers["unique_id"].value_counts().index[0]
    names = re.findall(r'name="name" value="([^"]*)"', client.get(f"/compare?unique_id={sku}").text)
    assert names[0] == follower.current().planned_supplier[sku]
    assert sorted(names[:-1]) == sorted(offers.loc[offers["unique_id"] == sku, "supplier_id"])
    assert names[-1] == ""


def test_the_page_of_a_sku_leads_there(client):
    assert '/compare?unique_id=sku16"' in client.get("/skus/sku16").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("lead_time_mean=15", "lead_time_mean=soon"),
            "lead time of B is &#34;soon&#34;: Input should be a valid number",
        ),
        (
            ("unit_price=10&", "unit_price=-1&"),
            "price of B is -1.0: Input should be greater than or equal to 0.000001",
        ),
        (("name=B", "name=A"), "two offers are named"),
        (("demand_std=8", "demand_std="), "the spread of demand: Field required"),
    ],
)
def test_what_cannot_be_meant_is_said_with_the_fields_own_name(client, change, words):
    answer = client.get(ASK.replace(*change))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'name="demand_mean" value="20"' in answer.text


def test_empty_rows_are_left_out_and_others_keep_their_place():
    query = QueryParams("name=A&name=&name=C&moq=&moq=&moq=5&unit_price=1&unit_price=&unit_price=3")
    assert [(offer["name"], offer["moq"], offer["unit_price"]) for offer in entered_offers(query)] == [
        ("A", "", "1"),
        ("C", "5", "3"),
    ]


def test_bars_stack_costs_to_the_right_and_credits_to_the_left_on_one_scale():
    costs = pd.DataFrame(0.0, index=["cheap", "dear"], columns=list(PARTS))
    costs.loc["cheap", ["price", "stock", "pipeline"]] = [1000.0, 30.0, -10.0]
    costs.loc["dear", ["price", "stock"]] = [1020.0, 10.0]
    found = cost_bars(costs)
    assert found.zero == pytest.approx(WIDTH / 4)
    cheap = {part.part: part for part in found.bars["cheap"]}
    assert (cheap["pipeline"].left, cheap["pipeline"].width) == (0.0, pytest.approx(WIDTH / 4))
    assert (cheap["stock"].left, cheap["stock"].width) == (found.zero, pytest.approx(3 * WIDTH / 4))
    dear = found.bars["dear"]
    assert [(part.part, part.money) for part in dear] == [("dearer_goods", 20.0), ("stock", 10.0)]
    assert dear[1].left == pytest.approx(found.zero + dear[0].width)
