"""The list of suppliers: ranked, sorted by its headers, and only those changed lately that changed lately."""

import io
import re

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from serving.pages.supplier.lead_time_changes import change_words, changed_lately
from serving.state.follower import Follower

DAY = pd.Timestamp("2024-07-15")


@pytest.fixture(scope="module")
def site(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield (
        follower.current(),
        person_client(follower, headers={"accept": "text/html"}),
    )
    follower.close()


def changed(**days_ago: int) -> pd.DataFrame:
    rows = [(name, "eroding", DAY - pd.Timedelta(days=days)) for name, days in days_ago.items()]
    return pd.DataFrame(rows, columns=["supplier_id", "state", "flagged_at"])


def test_a_change_is_lately_for_ninety_days_and_then_still_stands() -> None:
    table = changed(march=120, edge=90, past_it=91, new=3)
    table.loc[len(table)] = ["back", "stable", DAY]
    lately, earlier = changed_lately(table, DAY)
    assert lately["supplier_id"].tolist() == ["new", "edge"]
    assert earlier["supplier_id"].tolist() == ["past_it", "march"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"state": "eroding", "shift": 1.39, "spread": 3.0}, "take 39% longer"),
        ({"state": "erratic", "shift": 1.39, "spread": 2.13}, "scatter 2.1 times as widely as before"),
        ({"state": "erratic", "shift": 1.0, "spread": 0.5}, "scatter 2 times as narrowly as before"),
        ({"state": "erratic", "shift": 1.0, "spread": float("nan")}, "scatter more than before"),
    ],
)
def test_words_say_what_changed_the_spread_of_those_that_are_erratic(row, words) -> None:
    assert change_words(row).replace("2.0", "2") == words


def shown(client, query: str) -> list[str]:
    table = client.get(f"/suppliers?{query}").text.split("Scorecards")[1]
    return re.findall(r'</td><td><a href="/suppliers/([^"]+)"', table)


def test_it_is_sorted_by_rank_or_as_a_header_says_and_so_are_its_files(site) -> None:
    served, client = site
    table = served.scorecard
    by_rank = table.sort_values("rank", na_position="last", kind="stable")["supplier_id"].tolist()
    by_spend = table.sort_values("spend", ascending=False, kind="stable")["supplier_id"].tolist()
    assert by_rank != by_spend
    assert shown(client, "") == by_rank
    assert shown(client, "sort=-spend") == by_spend
    file = pd.read_csv(io.BytesIO(client.get("/suppliers.csv?sort=-spend").content))
    assert file["supplier_id"].tolist() == by_spend
    assert "spread" in file
    assert shown(client, "q=south") == ["south"]
    assert 'aria-sort="ascending"' in client.get("/suppliers").text
