"""The page of responsible purchasing: shares of everything and of each category, downloads that say the same."""

import io
import json

import pandas as pd
import pytest
from clients import person_client

from artifacts.plan_manifest import write_plan_manifest
from database.settings import Settings
from serving.state.follower import Follower


@pytest.fixture(scope="module")
def client(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield person_client(follower)
    follower.close()


def test_the_page_says_what_share_is_bought_from_whom(client):
    page = client.get("/responsible").text
    assert "is bought from local suppliers" in page
    assert "No goals are set." in page
    assert "Shares by category" in page


def test_the_download_has_the_categories_of_the_page(client):
    table = pd.read_csv(io.StringIO(client.get("/responsible.csv").text))
    page = client.get("/responsible").text
    assert table["spend"].is_monotonic_decreasing
    assert all(f"<td>{category}</td>" in page for category in table["category"])
    workbook = pd.read_excel(io.BytesIO(client.get("/responsible.xlsx").content))
    assert len(workbook) == len(table)


def test_a_search_leaves_the_categories_that_match(client):
    first = pd.read_csv(io.StringIO(client.get("/responsible.csv").text))["category"][0]
    found = pd.read_csv(io.StringIO(client.get("/responsible.csv", params={"q": first}).text))
    assert first in set(found["category"])


def test_the_page_is_reached_from_the_suppliers(client):
    assert 'href="/responsible"' in client.get("/supplier-risk").text


def test_a_goal_stands_there_with_its_price_and_the_skus_to_move(home):
    path = next((home / "plans").glob("*/responsible.parquet"))
    table = pd.read_parquet(path)
    row = table.index[(table["category"] != "all") & (table["goal"] == "local")][0]
    move = {"unique_id": "sku16", "supplier_id": "south", "alternative_supplier_id": "north"}
    table.loc[row, ["goal_share", "share_then", "price", "skus"]] = [0.5, 0.4, 123.0, 1]
    table["met"] = table["met"].astype("boolean")
    table.loc[row, "met"] = False
    table.loc[row, "moves"] = json.dumps([move | {"spend": 1000.0, "price": 123.0}])
    table.to_parquet(path, index=False)
    write_plan_manifest(path.parent)
    follower = Follower()
    follower.open(Settings(home=home))
    page = person_client(follower).get("/responsible").text
    follower.close()
    assert "No goals are set." not in page
    assert "<b>not met</b>" in page
    assert "<b>123</b>" in page
    assert 'href="/skus/sku16"' in page
    assert 'href="/suppliers/north"' in page
