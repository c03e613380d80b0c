import json

import numpy as np
import orjson
import pytest
from pydantic import ValidationError

from configs.errors import PlanningError
from database.settings import Settings
from serving.api.forecast import encode, forecast_answer, lead_time_answer
from serving.api.plan import lead_time_demand_answer, plan_answer
from serving.api.schemas import (
    ForecastAnswer,
    ForecastRequest,
    LeadTimeAnswer,
    LeadTimeDemandAnswer,
    LeadTimeDemandRequest,
    LeadTimeRequest,
    PlanAnswer,
    PlanRequest,
)
from serving.http.problems import Problem
from serving.state.follower import Follower


@pytest.fixture(scope="module")
def served(planned_home):
    follower = Follower()
    follower.open(Settings(home=planned_home))
    assert follower.trouble == ""
    yield follower.current()
    follower.close()


def test_a_forecast_has_every_asked_level_of_periods_and_of_their_sums(served):
    asked = ForecastRequest(unique_ids=["sku03", "sku00"], horizon=4, levels=[0.1, 0.333, 0.9])
    answer = orjson.loads(encode(forecast_answer(served, asked)))
    ForecastAnswer.model_validate(answer)
    first = answer["forecasts"][0]
    assert [row["unique_id"] for row in answer["forecasts"]] == ["sku03", "sku00"]
    assert np.shape(first["quantiles"]) == np.shape(first["cumulative_quantiles"]) == (4, 3)
    assert len(answer["ds"]) == 4
    row = served.forecast.rows(["sku03"])[0]
    assert first["mean"] == pytest.approx(served.forecast.mean[row, :4].tolist())
    low, middle, high = np.transpose(first["quantiles"])
    assert (low <= middle).all()
    assert (middle <= high).all()


def test_unknown_skus_are_named_beside_what_could_be_answered(served):
    answer = forecast_answer(served, ForecastRequest(unique_ids=["nope", "sku00"]))
    assert answer["unanswered"] == [{"unique_id": "nope", "reason": "unknown_sku"}]
    assert [row["unique_id"] for row in answer["forecasts"]] == ["sku00"]


def test_only_unknown_skus_are_a_problem(served):
    with pytest.raises(Problem, match="no forecast for nope") as caught:
        forecast_answer(served, ForecastRequest(unique_ids=["nope"]))
    assert (caught.value.status, caught.value.code) == (404, "unknown_sku")


def test_a_horizon_beyond_the_trained_one_is_refused_with_the_trained_one_named(served):
    with pytest.raises(Problem, match="horizon is 11 periods, this model was trained for 10") as caught:
        forecast_answer(served, ForecastRequest(unique_ids=["sku00"], horizon=11))
    assert (caught.value.status, caught.value.more) == (422, {"trained_horizon": 10})


def test_lead_times_say_what_they_were_learned_from(served):
    asked = LeadTimeRequest(
        pairs=[{"supplier_id": "south"}, {"supplier_id": "north", "unique_id": "sku00"}, {"supplier_id": "x"}]
    )
    answer = orjson.loads(encode(lead_time_answer(served, asked)))
    LeadTimeAnswer.model_validate(answer)
    south, north = answer["lead_times"]
    assert (south["source"], north["source"]) == ("learned", "learned")
    assert 38 < south["mean"] < 50
    assert 11 < north["mean"] < 17
    assert answer["unanswered"] == [{"supplier_id": "x", "unique_id": None, "reason": "unknown_supplier"}]


def test_only_unknown_suppliers_are_a_problem(served):
    with pytest.raises(Problem, match="no supplier x"):
        lead_time_answer(served, LeadTimeRequest(pairs=[{"supplier_id": "x"}]))


def test_lead_time_demand_uses_the_planned_supplier_unless_another_is_named(served):
    pairs = [{"unique_id": "sku01"}, {"unique_id": "sku01", "supplier_id": "north"}, {"unique_id": "nope"}]
    answer = orjson.loads(encode(lead_time_demand_answer(served, LeadTimeDemandRequest(pairs=pairs))))
    LeadTimeDemandAnswer.model_validate(answer)
    planned, named = answer["lead_time_demand"]
    assert (planned["supplier_id"], named["supplier_id"]) == ("south", "north")
    assert planned["mean"] > named["mean"] > 0
    assert answer["unanswered"] == [{"unique_id": "nope", "reason": "unknown_sku"}]


def test_a_longer_review_period_means_more_demand_to_survive(served):
    pairs = [{"unique_id": "sku01"}]
    short, long = (
        lead_time_demand_answer(served, LeadTimeDemandRequest(pairs=pairs, review_period_days=days))
        for days in (0, 28)
    )
    assert short["lead_time_demand"][0]["mean"] < long["lead_time_demand"][0]["mean"]


def test_the_plan_of_the_api_is_the_plan_of_the_files(served):
    answer = orjson.loads(encode(plan_answer(served, PlanRequest(unique_ids=["sku05", "sku00"]))))
    PlanAnswer.model_validate(answer)
    planned = served.snapshot.plan.set_index("unique_id")
    for row in answer["plan"]:
        assert row["order_quantity"] == planned.loc[row["unique_id"], "order_quantity"]
        assert row["reason"] == planned.loc[row["unique_id"], "reason"]
    assert len(answer["plan"]) == 2


def test_a_plan_tells_what_lies_ahead_when_asked(served):
    plain = plan_answer(served, PlanRequest(unique_ids=["sku16"]))
    assert "projection" not in plain
    answer = orjson.loads(encode(plan_answer(served, PlanRequest(unique_ids=["sku16"], projection=True))))
    PlanAnswer.model_validate(answer)
    risk = [row["stockout_probability"] for row in answer["projection"]]
    assert answer["projection"][0]["ds"] == answer["as_of"]
    assert risk == sorted(risk)
    assert answer["open_orders"]
    assert {row["unique_id"] for row in answer["open_orders"]} == {"sku16"}
    assert all(
        row["arrival_q05"] <= row["arrival_q50"] <= row["arrival_q95"] for row in answer["open_orders"]
    )


def test_stock_brought_along_replaces_what_was_seen(served):
    stock = [{"unique_id": "sku00", "on_hand": 1_000_000}]
    answer = plan_answer(served, PlanRequest(unique_ids=["sku00"], stock=stock))
    assert answer["plan"][0]["order_quantity"] == 0
    assert answer["plan"][0]["on_hand"] == 1_000_000


def test_an_open_order_brought_along_counts_as_cover(served):
    order = {
        "order_id": "new",
        "supplier_id": "north",
        "unique_id": "sku00",
        "ordered_at": "2024-07-14",
        "quantity_open": 5000,
    }
    answer = plan_answer(served, PlanRequest(unique_ids=["sku00"], open_orders=[order]))
    assert answer["plan"][0]["on_order"] == 5000
    assert answer["plan"][0]["order_quantity"] == 0


def test_no_open_orders_brought_along_means_none(served):
    answer = plan_answer(served, PlanRequest(unique_ids=["sku16"], open_orders=[]))
    assert answer["plan"][0]["on_order"] == 0


def test_an_offer_brought_along_is_the_only_one(served):
    offer = {"supplier_id": "east", "unique_id": "sku00", "unit_price": 9.0, "moq": 777}
    answer = plan_answer(served, PlanRequest(unique_ids=["sku00"], offers=[offer]))
    assert answer["plan"][0]["supplier_id"] == "east"
    assert answer["plan"][0]["order_quantity"] in {0} | set(range(777, 10_000))


def test_a_plan_for_a_day_before_the_forecast_is_refused(served):
    with pytest.raises(PlanningError, match="before the forecast's first period"):
        plan_answer(served, PlanRequest(unique_ids=["sku00"], as_of="2020-01-01"))


def test_a_later_day_ages_the_open_orders(served):
    now, later = (
        plan_answer(served, PlanRequest(unique_ids=["sku16"], as_of=day))
        for day in ("2024-07-15", "2024-07-22")
    )
    assert now["as_of"] != later["as_of"]
    assert now["plan"][0]["cover"] != later["plan"][0]["cover"]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("{}", "unique_ids"),
        ('{"unique_ids": []}', "unique_ids"),
        ('{"unique_ids": ["a"], "horizon": 0}', "horizon"),
        ('{"unique_ids": ["a"], "levels": [NaN]}', "levels"),
        ('{"unique_ids": ["a"], "levels": [1.0]}', "levels"),
        ('{"unique_ids": ["a"], "horizont": 3}', "horizont"),
        ('{"unique_ids": [3]}', "unique_ids"),
        ('{"unique_ids": [""]}', "unique_ids"),
    ],
)
def test_what_cannot_be_meant_is_refused_at_its_place(body, place):
    with pytest.raises(ValidationError) as caught:
        ForecastRequest.model_validate_json(body)
    assert caught.value.errors()[0]["loc"][0] == place


def test_a_number_that_is_none_is_refused_in_stock_too():
    body = '{"unique_ids": ["a"], "stock": [{"unique_id": "a", "on_hand": NaN}]}'
    with pytest.raises(ValidationError, match="finite number"):
        PlanRequest.model_validate_json(body)


STOCK = {"unique_id": "sku00", "on_hand": 5}
OFFER = {"supplier_id": "east", "unique_id": "sku00", "unit_price": 9.0}
ORDER = {
    "order_id": "new",
    "supplier_id": "north",
    "unique_id": "sku00",
    "ordered_at": "2024-07-14",
    "quantity_open": 5,
}


@pytest.mark.parametrize(
    ("brought", "words"),
    [
        ({"stock": [STOCK, STOCK]}, "stock.1 has the same unique_id as stock.0"),
        ({"offers": [OFFER, OFFER]}, "offers.1 has the same supplier_id and unique_id as offers.0"),
        ({"open_orders": [ORDER, ORDER]}, "open_orders.1 has the same order_id and line"),
        (
            {"stock": [STOCK | {"unique_id": "sku01"}]},
            "stock.0.unique_id is 'sku01', which unique_ids does not",
        ),
        ({"open_orders": [ORDER | {"ordered_at": "2024-07-16"}]}, "2024-07-16, after as_of 2024-07-15"),
        (
            {"open_orders": [ORDER | {"promised_at": "2024-07-13"}]},
            "2024-07-13, before ordered_at 2024-07-14",
        ),
        ({"as_of": "2024-09-23"}, "2024-09-23, after the forecast's last day 2024-09-22"),
    ],
)
def test_what_is_brought_along_never_counts_for_nothing_in_silence(served, brought, words):
    with pytest.raises(Problem, match=words) as caught:
        plan_answer(served, PlanRequest.model_validate({"unique_ids": ["sku00"], **brought}))
    assert caught.value.status == 422


@pytest.mark.parametrize(
    "brought",
    [
        {"as_of": "0001-01-01"},
        {"as_of": "9999-12-31"},
        {"as_of": 86400},
        {"as_of": "2024-07-15T00:00:00Z"},
        {"stock": [STOCK | {"on_hand": True}]},
        {"stock": [STOCK | {"on_hand": "5"}]},
        {"stock": [STOCK | {"on_hand": 1e308}]},
        {"offers": [OFFER | {"price_breaks": "10:5;" * 500}]},
        {"open_orders": [ORDER | {"ordered_at": "1600-01-01"}]},
        {"open_orders": [ORDER | {"promised_at": "9999-12-31"}]},
    ],
)
def test_days_and_numbers_that_cannot_be_meant_are_refused(brought):
    with pytest.raises(ValidationError) as caught:
        PlanRequest.model_validate_json(json.dumps({"unique_ids": ["sku00"], **brought}))
    assert caught.value.errors()[0]["loc"][0] in brought


def test_demand_over_the_lead_time_of_an_unknown_supplier_is_not_guessed(served):
    lanes = [{"unique_id": "sku00", "supplier_id": name} for name in ("north", "nope")]
    answer = lead_time_demand_answer(served, LeadTimeDemandRequest(pairs=lanes))
    assert [row["supplier_id"] for row in answer["lead_time_demand"]] == ["north"]
    assert [(row["supplier_id"], row["reason"]) for row in answer["unanswered"]] == [
        ("nope", "unknown_supplier")
    ]
    with pytest.raises(Problem, match="no supplier nope"):
        lead_time_demand_answer(served, LeadTimeDemandRequest(pairs=lanes[1:]))


def test_an_answer_longer_than_a_request_may_take_is_refused(served):
    levels = tuple((i + 1) / 100 for i in range(99))
    with pytest.raises(Problem, match="20,000,000 numbers") as caught:
        forecast_answer(served, ForecastRequest(unique_ids=["sku00"] * 10_000, levels=levels))
    assert caught.value.status == 422
