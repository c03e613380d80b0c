"""What changed since an earlier plan, as it is asked for: the page, its files, the SKU's page and the API."""

import io
import re
import shutil
from html import unescape

import pandas as pd
import pytest
from clients import person_client

from artifacts.plan_snapshot import read_snapshot
from database.engine import open_engine
from database.plan_runs import last_runs
from database.settings import Settings
from jobs.plan import run_plan
from serving.pages.changes.change_bars import HALF, change_bar
from serving.state.follower import Follower

HTML = {"accept": "text/html,*/*"}
COUNTED = {"sku03": 0, "sku05": 500, "sku16": 0}  # what is on order of the last one is enough


def client_of(home):
    follower = Follower()
    follower.open(Settings(home=home))
    assert follower.trouble == ""
    return person_client(follower)


@pytest.fixture(scope="module")
def planned_twice(planned_home, company, tmp_path_factory):
    """A home with two more plans than its first: after another count of three SKUs, and with a MOQ of all."""
    folder = tmp_path_factory.mktemp("twice")
    home, data = folder / "home", folder / "data"
    shutil.copytree(planned_home, home)
    shutil.copytree(company, data)
    stock = pd.read_csv(data / "stock.csv")
    counted = stock["unique_id"].map(COUNTED).fillna(stock["on_hand"]).astype(int)
    stock.assign(on_hand=counted).to_csv(data / "stock.csv", index=False)
    run_plan(Settings(home=home), source=str(data), out=folder / "out")
    offers = pd.read_csv(data / "offers.csv")
    offers.assign(moq=400).to_csv(data / "offers.csv", index=False)
    run_plan(Settings(home=home), source=str(data), out=folder / "out")
    return home


@pytest.fixture(scope="module")
def client(planned_twice):
    return client_of(planned_twice)


def shown(client, path):
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.text)))


def test_the_first_plan_says_that_there_is_nothing_before_it(planned_home):
    client = client_of(planned_home)
    assert "This is the first plan" in shown(client, "/changes")
    answer = client.get("/v1/changes").json()
    assert (answer["since"], answer["changes"], answer["plans"]) == (None, [], [])
    assert "Since" not in shown(client, "/skus/sku16")


def test_the_answer_adds_up(client):
    answer = client.get("/v1/changes?limit=1000").json()
    assert (answer["since"], answer["split"], answer["problem"]) == ("2024-07-15", True, "")
    rows = answer["changes"]
    assert len(rows) == answer["totals"]["skus"] > 5
    assert [row["money"] for row in rows] == sorted((row["money"] for row in rows), reverse=True)
    for row in rows:
        for number in ("reorder_point", "order_quantity"):
            parts = row["parts"][number]
            change = row[number] - row[f"{number}_before"]
            assert sum(parts.values()) == pytest.approx(change, abs=1e-6)
    money = answer["totals"]["orders_up"] - answer["totals"]["orders_down"]
    assert money == pytest.approx(sum(row["order_money"] for row in rows))
    assert sum(cause["order_money"] for cause in answer["causes"]) == pytest.approx(money)
    lots = client.get("/v1/changes?cause=lot&limit=1000").json()
    assert {row["unique_id"] for row in lots["changes"]} == {
        row["unique_id"] for row in rows if any("lot" in parts for parts in row["parts"].values())
    }
    assert lots["totals"]["skus"] > 3


def test_another_plan_is_compared_with_on_request(client, planned_twice):
    engine = open_engine(Settings(home=planned_twice).state_url)
    _, second, first = last_runs(engine, 3)
    engine.dispose()
    answer = client.get("/v1/changes").json()
    assert [plan["plan"] for plan in answer["plans"]] == [second.id, first.id]
    since_second = client.get(f"/v1/changes?since={second.id}").json()
    assert since_second == answer
    assert client.get("/v1/changes?since=2024-07-15").json() == answer
    since_first = client.get(f"/v1/changes?since={first.id}&limit=1000").json()
    stock = {
        row["unique_id"]
        for row in since_first["changes"]
        if "stock_and_orders" in row["parts"]["order_quantity"]
    }
    assert {"sku03"} <= stock <= set(COUNTED)
    kept = read_snapshot(planned_twice / "plans" / second.folder).changes
    assert stock <= set(kept["unique_id"]) <= set(COUNTED)
    assert f'value="{first.id}" selected' in client.get(f"/changes?since={first.id}", headers=HTML).text


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("since=2024-07-14", 404, "no plan 2024-07-14 before the served one is kept; there are: "),
        ("since=99", 404, "no plan 99 before"),
        ("since=soon", 422, "'soon' is no day such as 2026-03-02, nor the number of a plan run"),
        ("cause=moon", 422, "'moon' is not known; there are"),
        ("sort=money", 422, "no such parameter"),
        ("limit=x", 422, "limit"),
    ],
)
def test_what_cannot_be_meant_is_refused(client, query, status, words):
    answer = client.get(f"/v1/changes?{query}")
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_the_page_shows_totals_causes_and_bars(client):
    answer = client.get("/v1/changes?limit=1000").json()
    page = shown(client, "/changes")
    for words in (f"SKUs moved {answer['totals']['skus']}", "since the plan of 2024-07-15", "MOQ, multiple"):
        assert words in page
    html = client.get("/changes", headers=HTML).text
    for row in answer["changes"]:
        assert row["sentence"] in unescape(html)
    assert html.count('class="cause lot"') > 3
    assert not re.search(r"\sstyle=|<style|\son\w+=", html)
    assert "Nothing matches" in shown(client, "/changes?q=nothing")
    assert client.get("/changes?cause=moon", headers=HTML).status_code == 422


def test_the_page_is_sorted_and_filtered_as_its_address_says(client):
    def skus(query):
        return re.findall(r'<td><a href="/skus/(\w+)">\w+</a></td><td><a href="/supp', client.get(query).text)

    every = skus("/changes")
    assert skus("/changes?sort=unique_id") == sorted(every)
    rows = {row["unique_id"]: row for row in client.get("/v1/changes?limit=1000").json()["changes"]}
    rising = [rows[sku]["order_money"] for sku in skus("/changes?sort=-order_money")]
    assert rising == sorted(rising, reverse=True)
    falling = [rows[sku]["order_money"] for sku in skus("/changes?sort=order_money")]
    assert falling == sorted(falling)
    east = {sku for sku, row in rows.items() if "east" in (row["supplier_id"], row["supplier_before"])}
    assert set(skus("/changes?supplier_id=east")) == east != set(every)
    assert skus("/changes?q=SKU1") == [sku for sku in every if sku.startswith("sku1")]


def test_the_files_hold_all_that_the_page_shows(client):
    page = client.get("/changes?supplier_id=east&sort=unique_id", headers=HTML).text
    assert 'href="/changes.csv?supplier_id=east&amp;sort=unique_id"' in page
    by_name = pd.read_csv(io.BytesIO(client.get("/changes.csv?sort=-unique_id").content))["unique_id"]
    assert by_name.tolist() == sorted(by_name, reverse=True)
    csv = pd.read_csv(io.BytesIO(client.get("/changes.csv?supplier_id=east").content))
    answer = client.get("/v1/changes?supplier_id=east&limit=1000").json()
    assert csv["unique_id"].tolist() == [row["unique_id"] for row in answer["changes"]]
    sheets = pd.read_excel(io.BytesIO(client.get("/changes.xlsx").content), sheet_name=None)
    assert list(sheets) == ["SKUs", "actions"]
    assert len(sheets["actions"]) == client.get("/v1/changes").json()["total_actions"] > 0


def test_a_sku_says_what_changed_of_it(client):
    row = client.get("/v1/changes?limit=1").json()["changes"][0]
    assert f"Since 2024-07-15: {row['sentence']}." in shown(client, f"/skus/{row['unique_id']}")
    same = ({f"sku{i:02d}" for i in range(24)}) - {
        each["unique_id"] for each in client.get("/v1/changes?limit=1000").json()["changes"]
    }
    for sku in sorted(same)[:1]:
        assert "Since 2024-07-15: reorder point and order as they were." in shown(client, f"/skus/{sku}")


def test_a_bar_adds_to_the_right_and_takes_away_to_the_left():
    bar = change_bar({"season": 6.0, "lot": -4.0, "target": 2.0, "play": -1.0})
    assert [(part.cause, part.left, part.width) for part in bar] == [
        ("season", HALF, 60.0),
        ("lot", HALF - 40.0, 40.0),
        ("target", HALF + 60.0, 20.0),
        ("play", HALF - 50.0, 10.0),
    ]
    assert change_bar({}) == []
