import orjson
import pytest

from serving.api.answer_schemas import LeadTimeAnswer, LeadTimeDemandAnswer
from serving.api.lead_time_answers import lead_time_answer, lead_time_demand_answer
from serving.api.request_schemas import LeadTimeDemandRequest, LeadTimeRequest
from serving.http.json_encoding import encode_json
from serving.http.problems import Problem


def test_lead_times_say_what_they_were_learned_from(served):
    asked = LeadTimeRequest(
        pairs=[{"supplier_id": "south"}, {"supplier_id": "north", "unique_id": "sku00"}, {"supplier_id": "x"}]
    )
    answer = orjson.loads(encode_json(lead_time_answer(served, asked)))
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
    answer = orjson.loads(encode_json(lead_time_demand_answer(served, LeadTimeDemandRequest(pairs=pairs))))
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


def test_demand_over_the_lead_time_of_an_unknown_supplier_is_not_guessed(served):
    lanes = [{"unique_id": "sku00", "supplier_id": name} for name in ("north", "nope")]
    answer = lead_time_demand_answer(served, LeadTimeDemandRequest(pairs=lanes))
    assert [row["supplier_id"] for row in answer["lead_time_demand"]] == ["north"]
    assert [(row["supplier_id"], row["reason"]) for row in answer["unanswered"]] == [
        ("nope", "unknown_supplier")
    ]
    with pytest.raises(Problem, match="no supplier nope"):
        lead_time_demand_answer(served, LeadTimeDemandRequest(pairs=lanes[1:]))


def test_a_promised_day_moves_the_lead_time_as_far_as_the_model_believes_promises(served):
    """The company's orders came to the day or to no promise at all; a model that believes them is in test_promises."""
    pairs = [
        {"supplier_id": "north", "unique_id": "sku00", "promised_at": "2030-01-01"},
        {"supplier_id": "north", "unique_id": "sku00"},
    ]
    promised, plain = lead_time_answer(served, LeadTimeRequest(pairs=pairs))["lead_times"]
    assert plain["promise_weight"] == 0
    assert promised["promise_weight"] == (
        0 if served.lead_times.promised_ is None else pytest.approx(0.5, abs=0.5)
    )
    assert (promised["mean"] == plain["mean"]) == (promised["promise_weight"] == 0)
