"""Stock that runs out: one status a SKU, by the money at stake, with the quickest remedy."""

import numpy as np
import pandas as pd
import pytest
from normal_forecast import normal_forecast
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.planner import Planner

ITEMS = {"unit_cost": 9.0, "unit_price": 12.0}


@pytest.fixture
def plan_of(make_inputs, lead_times):
    def plan_of_stock(on_hand, *, orders=(), offers=("near",), policy=None):
        """The plan of as many SKUs as `on_hand` has, 70 ± 10 a week each, bought from suppliers of the `offers`."""
        n = len(on_hand)
        forecast = normal_forecast([70.0] * n, [10.0] * n, periods=26)
        rows = [
            offer_row(unique_id=sku, supplier_id=name, unit_price=9.0 + k)
            for sku in forecast.unique_ids
            for k, name in enumerate(offers)
        ]
        inputs = make_inputs(forecast.unique_ids, on_hand=on_hand, offers=rows, items=ITEMS, orders=orders)
        return Planner(forecast, lead_times(), policy or PolicyConfig()).plan(inputs)

    return plan_of_stock


def test_each_sku_has_the_worst_status_that_fits(plan_of) -> None:
    found = plan_of([0.0, 20.0, 100.0, 1_000.0]).running_out
    assert found.set_index("unique_id")["status"].to_dict() == {
        "sku00000": "out",
        "sku00001": "out_even_if_ordered",
        "sku00002": "at_risk",
    }


def test_at_stake_is_what_is_short_until_an_order_of_the_next_review_arrives(plan_of) -> None:
    found = plan_of([20.0]).running_out.iloc[0]
    # 14 days at 10 a day, 20 there; an order today comes after 7 days
    assert found["short"] == pytest.approx(120, rel=0.03)
    assert found["at_stake"] == pytest.approx(3 * found["short"])
    assert found["lost_anyway"] == pytest.approx(3 * 50, rel=0.06)
    assert found["runs_out_on"] == pd.Timestamp("2024-01-03")


def test_the_list_begins_with_the_most_money(plan_of) -> None:
    found = plan_of([100.0, 0.0, 20.0]).running_out
    assert found["unique_id"].tolist() == ["sku00001", "sku00002", "sku00000"]
    assert found["at_stake"].is_monotonic_decreasing


def test_an_order_today_is_the_remedy_where_no_one_is_quicker(plan_of) -> None:
    found = plan_of([20.0], offers=("near", "far")).running_out.iloc[0]
    assert (found["remedy"], found["remedy_price"]) == ("order_today", 0.0)
    assert "near" in found["remedy_text"]


def test_the_quicker_vendor_is_a_remedy_with_what_it_costs_more(plan_of) -> None:
    policy = PolicyConfig(played_from=1e9)
    found = plan_of([20.0], offers=("far", "near"), policy=policy).running_out.iloc[0]
    if found["remedy"] == "other_vendor":
        quantity = plan_of([20.0], offers=("far", "near"), policy=policy).plan["order_quantity"].iloc[0]
        assert found["remedy_price"] == pytest.approx(quantity)
    assert found["remedy"] in {"other_vendor", "expedite_question", "switch_vendor"}


def test_the_next_arrival_is_the_first_of_the_open_orders(plan_of) -> None:
    orders = [
        order_line(supplier_id="near", order_id="A", age=1.0),
        order_line(order_id="B", supplier_id="near", age=4.0),
    ]
    found = plan_of([20.0], orders=orders).running_out.iloc[0]
    assert found["on_order"] == 200
    assert found["next_arrival"] < pd.Timestamp("2024-01-08")


def test_a_sku_with_plenty_of_stock_is_not_on_the_list(plan_of) -> None:
    assert plan_of([2_000.0]).running_out.empty
    assert not np.isnan(plan_of([2_000.0]).plan["order_quantity"]).any()


def test_another_vendor_is_no_remedy_where_an_open_order_comes_sooner(plan_of) -> None:
    policy = PolicyConfig(played_from=1e9)
    soon = [order_line(supplier_id="far", age=34.0)]
    found = plan_of([5.0], offers=("far", "near"), policy=policy, orders=soon).running_out
    assert not (found["remedy"] == "other_vendor").any()
