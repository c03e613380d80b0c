import orjson

from serving.api.answer_schemas import PlanAnswer
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import PlanRequest
from serving.http.json_encoding import encode_json


def test_the_plan_of_the_api_is_the_plan_of_the_files(served):
    answer = orjson.loads(encode_json(plan_answer(served, PlanRequest(unique_ids=["sku05", "sku00"]))))
    PlanAnswer.model_validate(answer)
    planned = served.snapshot.plan.set_index("unique_id")
    for row in answer["plan"]:
        assert row["order_quantity"] == planned.loc[row["unique_id"], "order_quantity"]
        assert row["reason"] == planned.loc[row["unique_id"], "reason"]
    assert len(answer["plan"]) == 2


def test_a_plan_has_projection_and_open_orders_when_requested(served):
    plain = plan_answer(served, PlanRequest(unique_ids=["sku16"]))
    assert "projection" not in plain
    answer = orjson.loads(
        encode_json(plan_answer(served, PlanRequest(unique_ids=["sku16"], projection=True)))
    )
    PlanAnswer.model_validate(answer)
    risk = [row["stockout_probability"] for row in answer["projection"]]
    assert answer["projection"][0]["ds"] == answer["as_of"]
    assert risk == sorted(risk)
    assert answer["open_orders"]
    assert {row["unique_id"] for row in answer["open_orders"]} == {"sku16"}
    assert all(
        row["arrival_q05"] <= row["arrival_q50"] <= row["arrival_q95"] for row in answer["open_orders"]
    )
