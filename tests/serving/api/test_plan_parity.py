"""What the API plans for a few SKUs is what the files say of them."""

import orjson
import pytest

from configs.schema import Config, PolicyConfig
from database.settings import Settings
from jobs.plan import run_plan
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import OpenOrder, PlanRequest
from serving.http.json_encoding import encode_json
from serving.state.follower import Follower

NUMBERS = ("order_quantity", "reorder_point", "cover", "stockout_probability", "expected_shortage")


@pytest.fixture(params=[False, True], ids=["backorders", "lost sales"])
def served(request, home, company):
    policy = PolicyConfig(lost_sales=request.param, level=0.97)
    run_plan(Settings(home=home), source=str(company), out=home / "out", config=Config(policy=policy))
    follower = Follower()
    follower.open(Settings(home=home))
    assert follower.trouble == ""
    yield follower.current()
    follower.close()


def numbers(answer):
    """SKU → its numbers in an answer."""
    rows = orjson.loads(encode_json(answer))["plan"]
    return {row["unique_id"]: [row[name] for name in NUMBERS] for row in rows}


def test_the_api_plans_a_sku_alone_or_among_others_as_the_files_do(served):
    ids = [str(sku) for sku in served.forecast.unique_ids]
    planned = served.snapshot.plan.set_index("unique_id")
    together = numbers(plan_answer(served, PlanRequest(unique_ids=ids)))
    assert len(together) == len(ids)
    for sku in ids:
        assert together[sku] == pytest.approx([planned.loc[sku, name] for name in NUMBERS], rel=0, abs=0)
    for sku in ids[::5]:
        assert numbers(plan_answer(served, PlanRequest(unique_ids=[sku])))[sku] == together[sku]


def test_open_orders_count_alike_in_whatever_order_they_are_brought_along(served):
    orders = served.inputs.open_orders
    sku = str(orders["unique_id"].value_counts().idxmax())
    lines = [
        OpenOrder(
            order_id=f"PO{n}", supplier_id=row.supplier_id, unique_id=sku, ordered_at=str(row.ordered_at.date()),
            quantity_open=20.0 + n,
        )
        for n, row in enumerate(orders[orders["supplier_id"].notna()].head(3).itertuples())
    ]  # fmt: skip
    first, second = (
        numbers(plan_answer(served, PlanRequest(unique_ids=[sku], open_orders=brought)))
        for brought in (lines, lines[::-1])
    )
    assert first == second
