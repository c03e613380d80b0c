import pytest

from configs.errors import PlanningError
from serving.api.plan_answer import plan_answer
from serving.api.request_schemas import PlanRequest
from serving.http.problems import Problem

STOCK = {"unique_id": "sku00", "on_hand": 5}
OFFER = {"supplier_id": "east", "unique_id": "sku00", "unit_price": 9.0}
ORDER = {
    "order_id": "new",
    "supplier_id": "north",
    "unique_id": "sku00",
    "ordered_at": "2024-07-14",
    "quantity_open": 5,
}


def test_stock_of_the_request_replaces_what_was_seen(served):
    stock = [{"unique_id": "sku00", "on_hand": 1_000_000}]
    answer = plan_answer(served, PlanRequest(unique_ids=["sku00"], stock=stock))
    assert answer["plan"][0]["order_quantity"] == 0
    assert answer["plan"][0]["on_hand"] == 1_000_000


def test_an_open_order_of_the_request_counts_as_cover(served):
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


def test_no_open_orders_of_the_request_means_none(served):
    answer = plan_answer(served, PlanRequest(unique_ids=["sku16"], open_orders=[]))
    assert answer["plan"][0]["on_order"] == 0


def test_an_offer_of_the_request_is_the_only_one(served):
    offer = {"supplier_id": "east", "unique_id": "sku00", "unit_price": 9.0, "moq": 777}
    answer = plan_answer(served, PlanRequest(unique_ids=["sku00"], offers=[offer]))
    assert answer["plan"][0]["supplier_id"] == "east"
    assert answer["plan"][0]["order_quantity"] in {0} | set(range(777, 10_000))


def test_an_offer_of_the_request_in_packs_is_ordered_and_answered_in_packs(served):
    offer = {"supplier_id": "east", "unique_id": "sku00", "unit_price": 90.0, "moq": 70, "preferred": True}
    packed = offer | {"purchase_unit": "pack", "units_per_purchase_unit": 10.0}
    stock = [{"unique_id": "sku00", "on_hand": 0}]
    row = plan_answer(served, PlanRequest(unique_ids=["sku00"], offers=[packed], stock=stock))["plan"][0]
    assert row["order_quantity"] >= 700
    assert row["order_quantity"] % 10 == 0
    assert row["order_quantity_purchase_units"] == row["order_quantity"] / 10
    assert (row["purchase_unit"], row["unit_price"], row["purchase_price"]) == ("pack", 9.0, 90.0)
    assert "packs of 10 = " in row["reason"]


def test_a_purchase_unit_of_the_request_needs_its_size(served):
    offers = [OFFER | {"purchase_unit": "pack"}]
    with pytest.raises(Problem, match="without units_per_purchase_unit"):
        plan_answer(served, PlanRequest(unique_ids=["sku00"], offers=offers))


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
    ("overrides", "words"),
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
def test_no_row_of_the_request_is_ignored_in_silence(served, overrides, words):
    with pytest.raises(Problem, match=words) as caught:
        plan_answer(served, PlanRequest.model_validate({"unique_ids": ["sku00"], **overrides}))
    assert caught.value.status == 422
