import re
from dataclasses import replace

import pandas as pd
import pytest
from starlette.testclient import TestClient

from database.settings import Settings
from serving.api.explanation import sentence, telling
from serving.app import make_app
from serving.state.follower import Follower

HTML = {"accept": "text/html"}


@pytest.fixture
def follower(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield follower
    follower.close()


@pytest.fixture
def client(follower):
    return TestClient(make_app(follower, lambda: {"paths": {}}))


@pytest.fixture
def silent(follower):
    """A champion that cannot explain, as those trained before."""
    served = follower.served
    follower.served = replace(served, snapshot=replace(served.snapshot, explanation=None))
    return TestClient(make_app(follower, lambda: {"paths": {}}))


def row(**parts):
    days = {"ds": pd.Timestamp("2023-12-04"), "end": pd.Timestamp("2023-12-11")}
    return pd.Series({**days, "mean": sum(parts.values()), **parts})


def test_the_parts_of_each_period_sum_to_the_mean_that_is_served(client, follower):
    answer = client.get("/v1/forecast/sku16/explanation").json()
    forecast = follower.served.forecast
    served = forecast.mean[follower.served.row_of["sku16"]].tolist()
    assert [period["mean"] for period in answer["periods"]] == served
    assert [sum(period["parts"].values()) for period in answer["periods"]] == pytest.approx(served, rel=1e-12)
    assert answer["parts"] == ["level", "trend", "season", "promotion", "shelf_price"]
    assert {"model", "as_of", "unanswered", "demand_class", "reason"} <= answer.keys()


def test_a_day_is_answered_by_the_period_that_holds_it(client):
    every = client.get("/v1/forecast/sku16/explanation").json()["periods"]
    one = client.get("/v1/forecast/sku16/explanation?ds=2024-07-31").json()["periods"]
    assert one == [every[2]]
    assert one[0]["ds"] == "2024-07-29"


@pytest.mark.parametrize("ds", ["2024-07-14", "2030-01-01", "soon", "2024-13-01"])
def test_a_day_that_is_not_forecast_is_a_problem_that_names_those_that_are(client, ds):
    answer = client.get(f"/v1/forecast/sku16/explanation?ds={ds}")
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "2024-07-15 … 2024-09-22" in answer.json()["detail"]


def test_an_unknown_sku_is_a_problem(client):
    answer = client.get("/v1/forecast/nope/explanation")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["code"] == "unknown_sku"


def test_the_page_says_what_the_forecast_is_made_of(client):
    text = re.sub(r"<[^>]+>", "", client.get("/skus/sku16", headers=HTML).text)
    assert "in the week of 15 Jul 2024: level" in text
    assert "in the week of 29 Jul 2024: level" in text
    assert "promotion +" in text
    assert "Table of the parts" in text
    assert "shelf price" not in text


def test_a_model_that_cannot_explain_says_what_to_run(silent):
    answer = silent.get("/v1/forecast/sku16/explanation")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_explanation")
    page = silent.get("/skus/sku16", headers=HTML)
    assert page.status_code == 200
    assert "run `purvey train` again" in page.text
    assert silent.get("/drawings/skus/parts/sku16").status_code == 404


def test_a_plan_keeps_the_parts_of_the_forecast_it_was_made_with(client, planned_home):
    table = pd.read_parquet(planned_home / "out" / "explanation.parquet")
    forecast = pd.read_parquet(planned_home / "out" / "forecast.parquet")
    assert table["unique_id"].tolist() == forecast["unique_id"].tolist()
    parts = table.drop(columns=["unique_id", "ds", "end", "mean"]).sum(axis=1)
    assert parts.tolist() == pytest.approx(forecast["mean"].tolist(), rel=1e-12)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            {"level": 9.8, "trend": 0.01, "season": 1.9, "shelf_price": -0.7},
            "11.0 units in the week of 4 Dec 2023: level 9.8, season +1.9, shelf price −0.7.",
        ),
        (
            {"level": 900.2, "promotion": 350.4},
            "1,251 units in the week of 4 Dec 2023: level 900, promotion +350.",
        ),
        ({"level": 0.05, "season": 0.02}, "0.07 units in the week of 4 Dec 2023: level 0.05, season +0.02."),
    ],
)
def test_a_sentence_names_the_parts_that_matter_the_largest_first(parts, expected):
    assert sentence(row(**parts)) == expected


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        ("2024-02-01", "2024-02-02", "on 1 Feb 2024"),
        ("2024-02-01", "2024-03-01", "in February 2024"),
        ("2024-01-01", "2024-04-01", "from 1 Jan 2024 to 31 Mar 2024"),
    ],
)
def test_a_period_is_called_as_people_call_it(start, end, name):
    period = pd.Series({"ds": pd.Timestamp(start), "end": pd.Timestamp(end), "mean": 2.0, "level": 2.0})
    assert sentence(period) == f"2.0 units {name}: level 2.0."


def test_the_period_that_differs_most_is_told_besides_the_first():
    quiet, loud = row(level=10.0, promotion=0.0), row(level=10.0, promotion=8.0)
    assert len(telling(pd.DataFrame([quiet, quiet]))) == 1
    told = telling(pd.DataFrame([quiet, quiet, loud]))
    assert [("promotion" in text) for text in told] == [False, True]
