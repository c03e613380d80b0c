from dataclasses import replace

import numpy as np
import orjson
import pandas as pd
import pytest

from benchmarks.promises.companies import START, honest, known_on
from models.lead_time.forecaster import LeadTimeForecaster
from models.lead_time.members.registry import OF_PROMISES
from serving.api.answer_schemas import LeadTimeAnswer, LeadTimeDemandAnswer
from serving.api.lead_time_answers import lead_time_answer, lead_time_demand_answer
from serving.api.request_schemas import LeadTimeDemandRequest, LeadTimeRequest
from serving.http.json_encoding import encode_json
from serving.http.problems import Problem
from serving.precomputed.precomputed import Precomputed
from serving.precomputed.quick_lead_times import quick_lead_times


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


def test_a_promised_day_moves_the_lead_time_and_the_answer_says_how_far(served):
    """By a model of makers that keep their promises, one of which is this company's supplier."""
    lines = honest(np.random.default_rng(1))
    busiest = lines["supplier_id"].value_counts().index[:12]
    lines = lines[lines["supplier_id"].isin(busiest)].replace({"supplier_id": {busiest[0]: "north"}})
    believing = LeadTimeForecaster().fit(known_on(lines, START + pd.Timedelta(days=400)))
    believes = replace(served)  # what is worked out once is worked out anew
    vars(believes)["lead_times"] = believing
    soon, late = (str((served.as_of + pd.Timedelta(days=days)).date()) for days in (10, 60))
    pairs = [{"supplier_id": "north", "unique_id": "sku00", "promised_at": day} for day in (soon, late, None)]
    first, second, plain = lead_time_answer(believes, LeadTimeRequest(pairs=pairs))["lead_times"]
    assert second["mean"] - first["mean"] == pytest.approx(50, rel=0.2)
    weight = believing.promised_.share_of(OF_PROMISES)
    assert [row["promise_weight"] for row in (first, second, plain)] == pytest.approx([weight, weight, 0.0])


def test_what_is_promised_for_a_day_is_not_looked_up(served):
    known = Precomputed(served)
    pair = {"supplier_id": "north", "unique_id": "sku00"}
    assert quick_lead_times(known, LeadTimeRequest(pairs=[pair])) is not None
    promised = LeadTimeRequest(pairs=[pair, pair | {"promised_at": "2030-01-01"}])
    assert quick_lead_times(known, promised) is None
