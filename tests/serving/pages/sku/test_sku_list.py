"""The list of SKUs: sorted by its headers, searched, and as files that hold what it shows."""

import io
import re

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from serving.state.follower import Follower
from serving.state.sku_table import SKU_COLUMNS


@pytest.fixture(scope="module")
def site(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield (
        follower.current(),
        person_client(follower, headers={"accept": "text/html"}),
    )
    follower.close()


def shown(client, query: str) -> list[str]:
    return re.findall(r'<tr><td><a href="/skus/([^"]+)"', client.get(f"/skus?{query}").text)


def test_it_is_sorted_by_risk_or_as_a_header_says(site) -> None:
    served, client = site
    table = served.skus
    assert shown(client, "")[0] == table.loc[table["stockout_probability"].idxmax(), "unique_id"]
    assert shown(client, "sort=unique_id") == sorted(table["unique_id"])
    assert shown(client, "sort=-order_money")[0] == table.loc[table["order_money"].idxmax(), "unique_id"]
    assert 'href="?sort=-order_money"' in client.get("/skus").text


def test_money_is_quantity_times_the_price_paid_and_its_sum_is_on_the_page(site) -> None:
    served, client = site
    plan = served.snapshot.plan.set_index("unique_id").loc[served.skus["unique_id"]]
    expected = (plan["order_quantity"] * plan["unit_price"]).fillna(0.0)
    assert served.skus["order_money"].fillna(0.0).tolist() == pytest.approx(expected.tolist())
    assert expected.sum() > 0
    count = (plan["order_quantity"] > 0).sum()
    assert f"{count} of {len(plan)} to order now, for {expected.sum():,.0f} EUR" in client.get("/skus").text


def test_words_and_what_is_to_order_narrow_the_list_and_its_files_alike(site) -> None:
    served, client = site
    assert shown(client, "q=ITEM+16") == ["sku16"]
    south = served.skus.loc[served.skus["supplier_id"] == "south", "unique_id"]
    assert set(shown(client, "q=south")) >= set(south)
    ordered = served.skus[served.skus["order_quantity"] > 0]
    assert set(shown(client, "show=to_order")) == set(ordered["unique_id"])
    file = pd.read_csv(io.BytesIO(client.get("/skus.csv?show=to_order&sort=unique_id").content))
    assert file["unique_id"].tolist() == sorted(ordered["unique_id"])
    assert list(file) == SKU_COLUMNS
    book = pd.read_excel(io.BytesIO(client.get("/skus.xlsx?q=item+16").content))
    assert book["unique_id"].tolist() == ["sku16"]


def test_nothing_found_leads_back(site) -> None:
    assert "Nothing matches" in site[1].get("/skus?q=no+such+thing").text
