import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from clients import person_client

from database.settings import Settings
from serving.state.follower import Follower

URL = "/v1/forecast_groups"


@pytest.fixture
def follower(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    yield follower
    follower.close()


@pytest.fixture
def client(follower):
    return person_client(follower)


def test_the_means_of_a_level_are_the_sums_of_the_served_means(client, follower):
    forecast, items = follower.served.forecast, follower.served.inputs.items.set_index("unique_id")
    answer = client.get(f"{URL}?level=category").json()
    category = items["category"].reindex(forecast.unique_ids).to_numpy()
    assert [group["group"] for group in answer["groups"]] == sorted(set(category))
    for group in answer["groups"]:
        in_group = category == group["group"]
        assert group["skus"] == in_group.sum()
        assert group["mean"] == pytest.approx(forecast.mean[in_group].sum(axis=0), rel=1e-12)
    everything = client.get(f"{URL}?level=all").json()["groups"]
    assert everything[0]["cumulative_mean"] == pytest.approx(forecast.cumulative_mean.sum(axis=0), rel=1e-12)


def test_an_answer_says_periods_chances_and_model(client, follower):
    answer = client.get(f"{URL}?level=all").json()
    forecast = follower.served.forecast
    assert answer["ds"] == [str(day)[:10] for day in forecast.starts[:-1]]
    assert {"model", "as_of", "unanswered", "levels"} <= answer.keys()
    shape = (forecast.horizon, len(answer["levels"]))
    for name in ("quantiles", "cumulative_quantiles"):
        values = np.array(answer["groups"][0][name])
        assert values.shape == shape
        assert (np.diff(values, axis=1) >= 0).all()


def test_one_group_is_answered_alone(client):
    every = client.get(f"{URL}?level=category").json()["groups"]
    one = client.get(URL, params={"level": "category", "group": every[1]["group"]}).json()["groups"]
    assert one == [every[1]]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 422, "invalid_request"),
        ("?level=planet", 422, "unknown_level"),
        ("?level=category&group=nope", 422, "unknown_group"),
    ],
)
def test_what_is_not_there_is_a_problem_that_says_what_is(client, query, status, code):
    answer = client.get(URL + query)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["code"] == code
    assert "category" in answer.json()["detail"]


def test_a_model_without_groups_says_what_to_run(client, follower):
    served = follower.served
    follower.served = replace(served, snapshot=replace(served.snapshot, groups=None))
    answer = client.get(f"{URL}?level=all")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_groups")
    assert "purvey train" in answer.json()["detail"]


def test_before_the_first_plan_the_forecast_of_the_training_answers(trained_home):
    follower = Follower()
    follower.open(Settings(home=trained_home))
    answer = person_client(follower).get(f"{URL}?level=all")
    follower.close()
    assert answer.status_code == 200


def test_the_description_names_the_resource(client):
    described = json.loads(client.get("/docs.json").content)["paths"][URL]["get"]
    assert [parameter["name"] for parameter in described["parameters"]] == ["level", "group"]


def test_the_plan_writes_the_groups_beside_the_forecast(planned_home):
    table = pd.read_parquet(planned_home / "out" / "forecast_groups.parquet")
    forecast = pd.read_parquet(planned_home / "out" / "forecast.parquet")
    total = forecast.groupby("ds")["mean"].sum()
    for _, level in table.groupby("level"):
        assert level.groupby("ds")["mean"].sum().tolist() == pytest.approx(total.tolist(), rel=1e-12)
    assert {"level", "group", "skus", "k", "ds", "end", "q0.05", "cumulative_q0.95"} <= set(table.columns)
