import numpy as np
import orjson
import pytest

from serving.api.answer_schemas import ForecastAnswer
from serving.api.forecast_answer import forecast_answer
from serving.api.request_schemas import ForecastRequest
from serving.http.json_encoding import encode_json
from serving.http.problems import Problem


def test_a_forecast_has_every_requested_level_of_periods_and_of_their_sums(served):
    request = ForecastRequest(unique_ids=["sku03", "sku00"], horizon=4, levels=[0.1, 0.333, 0.9])
    answer = orjson.loads(encode_json(forecast_answer(served, request)))
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


def test_an_answer_longer_than_a_request_may_take_is_refused(served):
    levels = tuple((i + 1) / 100 for i in range(99))
    with pytest.raises(Problem, match="20,000,000 numbers") as caught:
        forecast_answer(served, ForecastRequest(unique_ids=["sku00"] * 10_000, levels=levels))
    assert caught.value.status == 422
