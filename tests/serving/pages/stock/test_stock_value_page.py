"""The page of what the stock is worth: every view and sum, and files that say the same."""

import io

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


def table(client, **params):
    return pd.read_csv(io.StringIO(client.get("/stock/value.csv", params=params).text))


@pytest.mark.parametrize("view", ["value", "profit", "ageing", "expiring", "tied_up"])
def test_every_view_answers(client, view):
    page = client.get("/stock/value", params={"view": view})
    assert page.status_code == 200
    assert 'aria-current="page"' in page.text
    assert client.get("/stock/value.xlsx", params={"view": view}).status_code == 200


def test_the_value_is_that_of_the_units_on_hand(client, follower):
    snapshot = follower.current().snapshot
    held = snapshot.plan.set_index("unique_id")["on_hand"].dropna()
    by_sku = table(client, by="unique_id").set_index("name")
    pd.testing.assert_series_equal(
        by_sku["units"].reindex(held.index).astype(float), held, check_names=False, rtol=1e-6
    )


@pytest.mark.parametrize("column", ["value", "carrying_cost", "revenue", "cogs_fifo", "safety_value"])
def test_every_sum_is_the_same_whatever_it_is_summed_by(client, column):
    view = {"revenue": "profit", "cogs_fifo": "profit", "safety_value": "tied_up"}.get(column, "value")
    sums = [table(client, view=view, by=by)[column].sum() for by in ("unique_id", "category", "supplier_id")]
    assert sums == pytest.approx([sums[0]] * 3)


def test_ages_add_up_to_the_value(client):
    ages = table(client, view="ageing", by="unique_id")
    classes = [name for name in ages if name.startswith("value_")]
    assert ages[classes].sum(axis=1).to_numpy() == pytest.approx(ages["value"].to_numpy())
    assert ages["value"].sum() == pytest.approx(table(client, by="unique_id")["value"].sum())


def test_it_is_reached_from_the_lists_of_stock(client):
    assert 'href="/stock/value"' in client.get("/stock").text
