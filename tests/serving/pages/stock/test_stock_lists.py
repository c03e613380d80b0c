"""The page of stock that runs out and stock that lies: tiles add up to the lists, which sort, filter and download."""

import io
import re

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from serving.pages.stock.stock_lists import LISTS, tiles
from serving.state.follower import Follower


@pytest.fixture(scope="module")
def site(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield (
        follower.current(),
        person_client(follower, headers={"accept": "text/html"}),
    )
    follower.close()


@pytest.mark.parametrize(("name", "money"), [("running_out", "at_stake"), ("excess", "value")])
def test_tiles_add_up_to_the_list_and_the_file(site, name: str, money: str) -> None:
    served, client = site
    table = served.snapshot.running_out if name == "running_out" else served.snapshot.excess_stock
    assert len(table) > 0
    found = tiles(table, LISTS[name])
    assert sum(tile["rows"] for tile in found) == len(table)
    assert sum(tile["money"] for tile in found) == pytest.approx(table[money].sum())
    file = pd.read_csv(io.BytesIO(client.get(f"/stock.csv?list={name}").content))
    assert len(file) == len(table)
    assert file[money].sum() == pytest.approx(table[money].sum())


def test_a_status_and_words_narrow_the_list_and_its_file_alike(site) -> None:
    served, client = site
    table = served.snapshot.running_out
    status = table["status"].iloc[0]
    file = pd.read_csv(io.BytesIO(client.get(f"/stock.csv?list=running_out&status={status}").content))
    assert set(file["status"]) == {status}
    assert len(file) == (table["status"] == status).sum()
    assert "Nothing matches" in client.get("/stock?q=zzzz").text


def test_the_list_sorts_by_any_header(site) -> None:
    _, client = site
    page = client.get("/stock?list=running_out&sort=short").text
    short = [
        float(x.replace(",", "")) for x in re.findall(r'<td class="n">([\d,.]+)</td><td class="n"><b>', page)
    ]
    assert short == sorted(short)
