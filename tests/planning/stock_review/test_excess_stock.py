"""Stock that lies: every unit has one status at the most, and what it ties up is its cost."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from normal_forecast import MONDAY, normal_forecast
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.planner import Planner


@pytest.fixture
def plan_of(make_inputs, lead_times):
    def plan_of_stock(on_hand, *, mean=70.0, items=None, orders=(), receipts=()):
        """The plan of one SKU with 70 ± 10 demand a week, bought from `near` at 9 a unit."""
        forecast = normal_forecast([mean], [mean / 7], periods=26)
        inputs = make_inputs(
            forecast.unique_ids,
            on_hand=[on_hand],
            offers=[offer_row(supplier_id="near")],
            items={"unit_cost": 9.0, "unit_price": 12.0} | (items or {}),
            orders=orders,
            purchase_orders=receipts,
        )
        return Planner(forecast, lead_times(), PolicyConfig()).plan(inputs)

    return plan_of_stock


def received(days_ago: float, units: float):
    """A line of that many units received that many days ago."""
    return {
        "order_id": "R",
        "line": "1",
        "supplier_id": "near",
        "unique_id": "sku00000",
        "ordered_at": MONDAY - pd.Timedelta(days=days_ago + 7),
        "received_at": MONDAY - pd.Timedelta(days=days_ago),
        "quantity_ordered": units,
        "quantity_received": units,
    }


def test_excess_is_what_lies_above_the_most_that_the_policy_holds(plan_of) -> None:
    plan = plan_of(1_000.0)
    row = plan.excess_stock.iloc[0]
    assert (row["status"], row["units"]) == ("excess", 1_000 - row["most_needed"])
    assert row["most_needed"] >= plan.plan["reorder_point"].iloc[0]
    assert row["value"] == pytest.approx(9 * row["units"])
    assert row["lasts_days"] == pytest.approx(100, rel=0.01)
    assert row["until"] == MONDAY + pd.Timedelta(days=100)


def test_stock_within_the_order_up_to_level_is_on_no_list(plan_of) -> None:
    assert plan_of(100.0).excess_stock.empty


def test_stock_that_nobody_asks_for_is_dead(plan_of) -> None:
    rows = plan_of(50.0, mean=0.001).excess_stock
    assert rows["status"].tolist() == ["dead"]
    assert rows["units"].tolist() == [50.0]


def test_what_perishes_before_it_sells_is_near_expiry(plan_of) -> None:
    rows = plan_of(300.0, items={"shelf_life_days": 21.0}, receipts=[received(7, 300)]).excess_stock
    expiring = rows.set_index("status").loc["near_expiry"]
    assert expiring["units"] == pytest.approx(300 - 140, rel=0.02)  # 14 days at 10 a day
    assert expiring["until"] == MONDAY + pd.Timedelta(days=14)


@pytest.mark.parametrize(("days_ago", "aged"), [(181, 80.0), (179, 0.0)])
def test_aged_stock_came_more_than_half_a_year_ago(plan_of, days_ago: float, aged: float) -> None:
    rows = plan_of(80.0, receipts=[received(days_ago, 500)]).excess_stock
    assert rows.loc[rows["status"] == "aged", "units"].sum() == aged


def test_surplus_is_on_order_beyond_what_is_needed_and_names_the_action_about_it(plan_of) -> None:
    plan = plan_of(100.0, orders=[order_line(supplier_id="near", quantity_open=900.0)])
    row = plan.excess_stock.iloc[0]
    assert row["status"] == "surplus"
    assert row["units"] == pytest.approx(900 - (row["most_needed"] - 100))
    assert row["action_id"] in set(plan.actions["action_id"]) | {""}
    if row["action_id"]:
        assert row["way_out"] == plan.actions.set_index("action_id").loc[row["action_id"], "title"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    on_hand=st.integers(0, 3_000),
    on_order=st.integers(0, 2_000),
    life=st.sampled_from([float("nan"), 10.0, 40.0, 400.0]),
    days_ago=st.integers(1, 400),
)
def test_no_unit_is_counted_twice(plan_of, on_hand: int, on_order: int, life: float, days_ago: int) -> None:
    orders = [order_line(supplier_id="near", quantity_open=float(on_order))] if on_order else []
    rows = plan_of(
        float(on_hand), items={"shelf_life_days": life}, orders=orders, receipts=[received(days_ago, 200)]
    ).excess_stock
    lies = rows["status"] != "surplus"
    assert rows.loc[lies, "units"].sum() <= on_hand + 1e-6
    assert rows.loc[~lies, "units"].sum() <= on_order + 1e-6
    assert (rows["units"] > 0).all()
