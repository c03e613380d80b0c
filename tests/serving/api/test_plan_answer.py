import orjson
import pytest

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


def test_several_skus_of_one_supplier_are_joint_orders_beside_what_each_would_order_alone(served):
    ids = served.snapshot.order_lines["unique_id"].tolist()
    answer = orjson.loads(encode_json(plan_answer(served, PlanRequest(unique_ids=ids))))
    PlanAnswer.model_validate(answer)
    lines = {line["unique_id"]: line for order in answer["orders"] for line in order["lines"]}
    several = served.snapshot.order_lines.groupby("supplier_id").filter(lambda rows: len(rows) > 1)
    assert set(lines) == set(several["unique_id"])
    alone = {row["unique_id"]: row["order_quantity"] for row in answer["plan"]}
    for row in several.itertuples():
        line = lines[row.unique_id]
        assert (line["quantity"], line["goods"], line["origin"]) == (row.quantity, row.goods, row.origin)
        assert line["alone"] == alone[row.unique_id]
    for order in answer["orders"]:
        assert order["goods"] == pytest.approx(sum(line["goods"] for line in order["lines"]))
    assert "budgets are in neither" in answer["note"]
    single = plan_answer(served, PlanRequest(unique_ids=ids[:1]))
    assert single["orders"] == []


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
