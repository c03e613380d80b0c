"""The page of spend: its views, the way down and back, files and API that say the same."""

import io
import re
from html import unescape

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from serving.pages.spend.spend_query import address, narrowed, without
from serving.state.follower import Follower
from serving.state.spend_view import SpendQuery


@pytest.fixture(scope="module")
def follower(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield follower
    follower.close()


@pytest.fixture(scope="module")
def client(follower):
    return person_client(follower)


def lines(follower):
    return follower.current().snapshot.purchase_orders


def test_every_view_answers_and_names_itself(client):
    for view, title in (
        ("by", "Sums"),
        ("months", "Outlook"),
        ("budgets", "Budgets"),
        ("unusual", "Unusual"),
        ("lines", "Order lines"),
    ):
        page = client.get("/spend", params={"view": view}).text
        assert re.search(rf'aria-current="page">{title}', page), view


def test_the_sum_is_that_of_the_orders_and_the_same_on_page_file_and_api(client, follower):
    orders = lines(follower)
    money = (orders["quantity_ordered"] * orders["unit_price"]).sum()
    table = pd.read_csv(io.StringIO(client.get("/spend.csv", params={"by": "supplier_id"}).text))
    assert table["amount"].sum() == pytest.approx(money)
    answer = client.get("/v1/spend", params={"by": "supplier_id", "limit": 1000}).json()
    assert answer["total"]["amount"] == pytest.approx(money)
    assert sum(row["amount"] for row in answer["spend"]) == pytest.approx(money)
    assert {row["name"] for row in answer["spend"]} == set(table["name"])
    workbook = pd.read_excel(io.BytesIO(client.get("/spend.xlsx").content))
    assert len(workbook) == len(table)


def test_a_click_goes_down_and_the_chip_goes_back(client):
    page = client.get("/spend", params={"by": "supplier_id"}).text
    table = pd.read_csv(io.StringIO(client.get("/spend.csv", params={"by": "supplier_id"}).text))
    name = table["name"][0]
    link = unescape(
        re.search(rf'<a href="([^"]*supplier_id={re.escape(name)}[^"]*)">{re.escape(name)}<', page).group(1)
    )
    below = client.get(link)
    assert re.search(r'class="chip">supplier <b>[^<]+</b>', below.text)
    narrow = pd.read_csv(io.StringIO(client.get(link.replace("/spend?", "/spend.csv?")).text))
    assert narrow["amount"].sum() == pytest.approx(table["amount"][0])
    back = unescape(re.search(r'class="chip">supplier .*?<a href="([^"]+)"', below.text).group(1))
    assert pd.read_csv(io.StringIO(client.get(back.replace("/spend?", "/spend.csv?")).text))[
        "amount"
    ].sum() == pytest.approx(table["amount"].sum())


def test_the_way_down_ends_at_what_is_still_open():
    query = SpendQuery("supplier_id")
    query = narrowed(query, "s")
    assert (query.by, query.where) == ("unique_id", (("supplier_id", "s"),))
    query = narrowed(query, "a")
    assert query.by == "department"
    query = narrowed(query, "d")
    assert query.by not in dict(query.where)
    assert without(query, "unique_id").by == "unique_id"
    assert dict(without(query, "unique_id").where) == {"supplier_id": "s", "department": "d"}


def test_an_address_keeps_what_is_asked():
    query = SpendQuery("month", (("category", "a b"), ("site", "")), "local", "2024-01", "")
    assert (
        address(query, "lines")
        == "/spend?view=lines&by=month&category=a+b&site=%28none%29&flag=local&since=2024-01"
    )


def test_an_empty_field_of_the_form_filters_nothing(client):
    whole = client.get("/spend.csv").text
    assert (
        client.get("/spend.csv", params={"category": "", "department": "", "site": "", "flag": ""}).text
        == whole
    )


def test_what_an_address_cannot_mean_is_left_out_on_the_page_and_refused_by_the_api(client):
    whole = client.get("/spend.csv").text
    assert (
        client.get(
            "/spend.csv", params={"by": "nonsense", "supplier_id": "nobody", "flag": "x", "since": "1999-01"}
        ).text
        == whole
    )
    for params, code in (
        ({"by": "nonsense"}, 422),
        ({"supplier_id": "nobody"}, 422),
        ({"since": "January"}, 422),
        ({"flag": "x"}, 422),
        ({"unknown": "1"}, 422),
    ):
        answer = client.get("/v1/spend", params=params)
        assert answer.status_code == code
        assert answer.json()["code"] == "invalid_request"


def test_lines_are_those_of_the_orders(client, follower):
    orders = lines(follower)
    table = pd.read_csv(
        io.StringIO(client.get("/spend.csv", params={"view": "lines"}).text), dtype={"line": str}
    )
    assert len(table) == len(orders)
    assert table["ordered_at"].is_monotonic_decreasing
    supplier = orders["supplier_id"].iloc[0]
    some = client.get("/spend.csv", params={"view": "lines", "supplier_id": supplier}).text
    assert len(pd.read_csv(io.StringIO(some))) == (orders["supplier_id"] == supplier).sum()


def test_the_outlook_has_months_to_come_and_a_chart(client, follower):
    answer = client.get("/v1/spend/outlook").json()
    coming = [month for month in answer["months"] if month["forecast"] is not None]
    assert len(coming) >= 12
    assert all(month["forecast_low"] <= month["forecast"] <= month["forecast_high"] for month in coming)
    first = str(follower.current().as_of)[:7]
    assert coming[0]["month"] == first
    chart = client.get("/drawings/spend/months")
    assert chart.headers["content-type"] == "image/svg+xml"
    assert "to come" in client.get("/spend", params={"view": "months"}).text


def test_unusual_spend_comes_in_pages(client):
    answer = client.get("/v1/spend/unusual", params={"limit": 1}).json()
    assert answer["total"] >= len(answer["unusual"])
    assert client.get("/v1/spend/unusual", params={"kind": "nonsense"}).status_code == 422


def test_a_plan_from_before_says_what_to_do(home):
    folder = next((home / "plans").glob("*/procurement"))
    import shutil

    from artifacts.plan_manifest import write_plan_manifest

    shutil.rmtree(folder)
    write_plan_manifest(folder.parent)
    follower = Follower()
    follower.open(Settings(home=home))
    try:
        client = person_client(follower)
        assert "Run <code>purvey plan</code>" in client.get("/spend").text
        assert "Run <code>purvey plan</code>" in client.get("/stock/value").text
        assert client.get("/v1/spend").status_code == 503
    finally:
        follower.close()
