import re
from dataclasses import replace

import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
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
    return person_client(follower)


@pytest.fixture
def without_explanation(follower):
    """A champion that cannot explain, as those trained before."""
    served = follower.served
    follower.served = replace(served, snapshot=replace(served.snapshot, explanation=None))
    return person_client(follower)


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


def test_a_model_that_cannot_explain_says_what_to_run(without_explanation):
    answer = without_explanation.get("/v1/forecast/sku16/explanation")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_explanation")
    page = without_explanation.get("/skus/sku16", headers=HTML)
    assert page.status_code == 200
    assert "run `purvey train` again" in page.text
    assert without_explanation.get("/drawings/skus/parts/sku16").status_code == 404


def test_a_plan_keeps_the_parts_of_the_forecast_it_was_made_with(client, planned_home):
    table = pd.read_parquet(planned_home / "out" / "explanation.parquet")
    forecast = pd.read_parquet(planned_home / "out" / "forecast.parquet")
    assert table["unique_id"].tolist() == forecast["unique_id"].tolist()
    parts = table.drop(columns=["unique_id", "ds", "end", "mean"]).sum(axis=1)
    assert parts.tolist() == pytest.approx(forecast["mean"].tolist(), rel=1e-12)
