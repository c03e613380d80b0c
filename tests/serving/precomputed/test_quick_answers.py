"""What is looked up is what would be worked out, byte for byte."""

from random import Random

import orjson
import pytest

from serving.api.forecast_answer import forecast_answer
from serving.api.lead_time_answers import lead_time_answer, lead_time_demand_answer
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import (
    ForecastRequest,
    LeadTimeDemandRequest,
    LeadTimeRequest,
    PlanRequest,
    StockRow,
)
from serving.http.json_encoding import encode_json
from serving.http.problems import Problem
from serving.precomputed.precomputed import Precomputed
from serving.precomputed.quick_answers import CALLS, QuickAnswers
from serving.precomputed.quick_forecast import MOST_SKUS, quick_forecast
from serving.precomputed.quick_lead_times import quick_lead_time_demand, quick_lead_times
from serving.precomputed.quick_plan import keep_joint_orders, quick_plan


@pytest.fixture(scope="module")
def known(served):
    return Precomputed(served)


@pytest.fixture(scope="module")
def skus(served):
    return list(served.row_of)


@pytest.fixture(scope="module")
def lanes(known):
    return list(known.lanes.row_of)


def pairs(lanes, random, count=6):
    return [{"supplier_id": supplier, "unique_id": sku} for supplier, sku in random.sample(lanes, count)]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("more", [{}, {"horizon": 3}, {"cumulative": False, "levels": [0.5, 0.77]}])
def test_forecasts_are_the_same_with_unknown_skus_and_repeated_ones(served, known, skus, seed, more):
    some = Random(seed).sample(skus, 5)
    request = ForecastRequest(unique_ids=[*some, "nobody's", some[0]], **more)
    for _ in range(2):
        assert encode_json(quick_forecast(known, request)) == encode_json(forecast_answer(served, request))


@pytest.mark.parametrize(
    "request_", [{"unique_ids": ["nobody's"]}, {"unique_ids": ["sku00"], "horizon": 10_000}]
)
def test_forecasts_that_cannot_be_given_are_the_same_problem(served, known, request_):
    request = ForecastRequest(**request_)
    with pytest.raises(Problem) as looked_up:
        quick_forecast(known, request)
    with pytest.raises(Problem) as worked_out:
        forecast_answer(served, request)
    assert looked_up.value.document() == worked_out.value.document()


def test_forecasts_of_many_skus_are_not_looked_up(known, skus):
    assert quick_forecast(known, ForecastRequest(unique_ids=(skus * MOST_SKUS)[: MOST_SKUS + 1])) is None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("more", [{}, {"levels": [0.1, 0.333]}])
def test_lead_times_are_the_same(served, known, lanes, seed, more):
    request = LeadTimeRequest(pairs=pairs(lanes, Random(seed)), **more)
    for _ in range(2):
        assert encode_json(quick_lead_times(known, request)) == encode_json(lead_time_answer(served, request))


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("review", [None, "policy"])
def test_lead_time_demand_is_the_same_with_and_without_a_supplier(served, known, lanes, seed, review):
    some = pairs([lane for lane in lanes if lane[1] is not None], Random(seed))
    planned = [pair for pair in some if pair["unique_id"] in served.planned_supplier]
    planned[0]["supplier_id"] = None
    days = served.policy.review_period_days if review else None
    request = LeadTimeDemandRequest(pairs=some, review_period_days=days)
    for _ in range(2):
        looked_up = encode_json(quick_lead_time_demand(known, request))
        assert looked_up == encode_json(lead_time_demand_answer(served, request))


@pytest.mark.parametrize(
    "unknown", [{"supplier_id": "nobody"}, {"supplier_id": "north", "unique_id": "nothing"}]
)
def test_lead_times_of_an_unknown_pair_are_not_looked_up(known, lanes, unknown):
    assert quick_lead_times(known, LeadTimeRequest(pairs=[*pairs(lanes, Random(0)), unknown])) is None


def test_lead_time_demand_for_another_review_period_is_not_looked_up(served, known, skus):
    pair = [{"unique_id": next(iter(served.planned_supplier))}]
    assert quick_lead_time_demand(known, LeadTimeDemandRequest(pairs=pair)) is not None
    other = served.policy.review_period_days + 1
    assert quick_lead_time_demand(known, LeadTimeDemandRequest(pairs=pair, review_period_days=other)) is None


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("count", [1, 6])
def test_plans_are_the_same_once_their_joint_orders_are_known(served, known, skus, seed, count):
    request = PlanRequest(unique_ids=[*Random(seed).sample(skus, count), "nobody's"])
    answer = plan_answer(served, request)
    keep_joint_orders(known, request, answer)
    assert encode_json(quick_plan(known, request)) == encode_json(answer)


def test_every_sku_of_the_plan_is_looked_up_as_the_plan_has_it(served, known, skus):
    for sku in skus:
        found = orjson.loads(encode_json(quick_plan(known, PlanRequest(unique_ids=[sku]))))
        expected = plan_answer(served, PlanRequest(unique_ids=[sku]))
        assert found == orjson.loads(encode_json(expected))


def test_joint_orders_that_nobody_asked_for_yet_have_to_be_worked_out(served, skus):
    fresh = Precomputed(served)
    assert quick_plan(fresh, PlanRequest(unique_ids=skus)) is None
    assert quick_plan(fresh, PlanRequest(unique_ids=skus[:1])) is not None


@pytest.mark.parametrize(
    "overridden",
    [
        {"stock": [StockRow(unique_id="sku00", on_hand=1.0)]},
        {"stock": []},
        {"open_orders": []},
        {"offers": []},
        {"as_of": "2024-07-16"},
        {"projection": True},
    ],
)
def test_a_plan_with_anything_overridden_is_not_looked_up(known, overridden):
    assert quick_plan(known, PlanRequest(unique_ids=["sku00"])) is not None
    assert quick_plan(known, PlanRequest(unique_ids=["sku00"], **overridden)) is None


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"unique_ids": [7]}', b"{}"])
def test_what_is_not_valid_is_left_to_the_framework(follower, path, body):
    assert QuickAnswers(follower)(path, body) is None


def test_a_request_that_names_a_plan_run_is_worked_out(follower):
    quick, run = QuickAnswers(follower), follower.current().run.id
    for path in ("/v1/forecast", "/v1/plan"):
        assert quick(path, b'{"unique_ids": ["sku00"]}').status_code == 200
        assert quick(path, orjson.dumps({"unique_ids": ["sku00"], "plan_run": run})) is None
