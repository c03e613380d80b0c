"""The page of what a promise of service costs: a sentence, a chart with its table, groups to go into, downloads."""

import io
import re

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from serving.state.follower import Follower

HTML = {"accept": "text/html"}


@pytest.fixture(scope="module")
def client(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield person_client(follower, headers=HTML)
    follower.close()


def test_the_page_says_what_the_next_promise_costs_and_saves(client):
    html = client.get("/service-cost").text
    said = re.search(r"To promise 96.5% instead of 95.0% costs ([\d,.]+) EUR a year more", html)
    curve = client.get("/v1/service-cost").json()["groups"][0]["curve"]
    assert float(said[1].replace(",", "")) == pytest.approx(curve[3]["cost"] - curve[2]["cost"], abs=0.5)
    assert "99.5%" in html


def test_the_chart_of_a_group_is_drawn_and_its_numbers_are_in_the_table(client):
    html = client.get("/service-cost?group=south").text
    assert "South SA" in html
    image = re.search(r'src="(/drawings/service/[^"]+)"', html)[1].replace("&amp;", "&")
    assert client.get(image).headers["content-type"] == "image/svg+xml"
    assert "the numbers are in the table" in html


def test_groups_sort_by_their_headers_and_download_as_they_are_sorted(client):
    answer = client.get("/service-cost.csv?sort=-p0.99")
    table = pd.read_csv(io.BytesIO(answer.content))
    assert table["p0.99"].is_monotonic_decreasing
    assert set(table["name"]) >= {"South SA"}
    assert client.get("/service-cost.xlsx?by=category").status_code == 200
    names = re.findall(r'by=supplier_id&amp;group=(\w+)"', client.get("/service-cost?sort=-p0.99").text)
    assert names == table["group"].tolist()


def test_a_group_that_is_not_there_is_not_found(client):
    assert client.get("/service-cost?group=nobody").status_code == 404
    assert client.get("/drawings/service/supplier_id?group=nobody").status_code == 404
    assert client.get("/service-cost?by=colour").status_code == 422
