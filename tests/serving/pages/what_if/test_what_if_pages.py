"""The what-if pages: today beside what if, a form that keeps what was entered, and what is said when nothing is changed."""

import re

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from planning.what_if.change import Change
from planning.what_if.outcomes import NUMBERS
from planning.what_if.play_change import WhatIf
from serving.pages.what_if.compared_rows import OF_SKU, compared_rows
from serving.state.follower import Follower


@pytest.fixture(scope="module")
def client(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield person_client(follower, headers={"accept": "text/html"})
    follower.close()


def test_a_sku_shows_today_what_if_and_the_difference_with_units(client) -> None:
    html = client.get("/skus/sku16/what-if?lead_time_days=%2B7").text
    row = re.search(r'<th scope="row">lead time, mean</th>(.*?)</tr>', html)[1]
    texts = re.sub(r"<[^>]+>", " ", row).split()
    assert texts[2:] == ["+7.0", "days"]
    assert 'name="lead_time_days" size="10" autocomplete="off" value="+7"' in html
    assert 'href="/skus/sku16/what-if?lead_time_days=%2B7">Link to share' in html


def test_without_a_change_the_page_says_what_to_enter_and_shows_no_numbers(client) -> None:
    for path in ("/skus/sku16/what-if", "/suppliers/south/what-if?moq="):
        html = client.get(path).text
        assert "Nothing is changed yet" in html
        assert "compared" not in html


def test_a_bad_value_is_said_and_the_form_keeps_everything(client) -> None:
    answer = client.get("/skus/sku16/what-if?spread=wide&moq=12")
    assert answer.status_code == 422
    assert "spread is &#39;wide&#39;, expected a factor from 0 to 100, such as 1.5 or +50%." in answer.text
    assert 'value="wide"' in answer.text
    assert 'value="12"' in answer.text


def test_a_supplier_shows_sums_and_the_skus_that_move_most(client) -> None:
    html = client.get("/suppliers/south/what-if?lead_time_days=10").text
    assert "SKUs that move most" in html
    assert "total cost" in html
    assert 1 <= len(re.findall(r'<tr><td><a href="/skus/', html)) <= 10


def test_the_pages_of_a_sku_and_a_supplier_lead_there(client) -> None:
    for path in ("/skus/sku16", "/suppliers/south"):
        assert f'action="{path}/what-if"' in client.get(path).text


@pytest.mark.parametrize("path", ["/skus/nope/what-if", "/suppliers/nope/what-if"])
def test_what_is_not_there_is_not_found(client, path) -> None:
    assert client.get(path).status_code == 404


def test_no_two_numbers_are_called_alike_and_a_difference_has_its_sign() -> None:
    before = pd.DataFrame({name: [2.0] for name in NUMBERS} | {"supplier_id": ["a"]}, index=["sku"])
    after = before.assign(reorder_point=5.0, order_up_to=1.0, cost=float("nan"))
    rows = compared_rows(WhatIf(Change("a"), before, after), "EUR")
    assert len({row["label"] for row in rows}) == len(rows) == len(OF_SKU)
    found = {row["label"]: (row["before"], row["after"], row["difference"], row["unit"]) for row in rows}
    assert found["reorder point"] == ("2", "5", "+3", "units")
    assert found["order up to"] == ("2", "1", "−1", "units")
    assert found["order today"][2] == "–"
    assert found["total cost"] == ("2", "–", "", "EUR a year")
