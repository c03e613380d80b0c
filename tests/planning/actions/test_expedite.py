import json

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row, order_line
from today_choices import choices

from configs.schema import PolicyConfig
from planning.actions.expedite import expedite
from planning.actions.expedite_proposals import expedite_proposals
from planning.planner import Planner
from planning.projection.expedite_speed import expedited_share

EXPEDITED = [("far", "2023-06-01", 20, False)] * 4 + [("far", "2023-07-01", 12, True)] * 4
"""Supplier, day of the order, days it took, expedited: expedited orders take 60 % of their time."""


def received_lines(rows):
    return [
        {
            "supplier_id": supplier,
            "unique_id": "sku00000",
            "ordered_at": pd.Timestamp(day),
            "received_at": pd.Timestamp(day) + pd.Timedelta(days=days),
            "expedited": expedited,
        }
        for supplier, day, days, expedited in rows
    ]


def offer(**terms):
    return offer_row(expedite_cost=30.0) | terms


def order(**terms):
    return order_line(age=10.0, quantity_open=500.0) | terms


@pytest.fixture(scope="module")
def assess(make_forecast, make_inputs, lead_times):
    """100 units that last five days at 20 a day; far takes 20 days for certain, so its order comes on day ten."""

    def run(*, received=EXPEDITED, policy=None, **tables):
        forecast = make_forecast([140.0], [0.0], periods=52)
        given = {"on_hand": [100.0], "offers": [offer()], "orders": [order()]} | tables
        inputs = make_inputs(forecast.unique_ids, purchase_orders=received_lines(received), **given)
        model = lead_times({"far": (20, 0), "near": (12, 0)})
        return Planner(forecast, model, policy or PolicyConfig()).assess(inputs)

    return run


def proposed(assessment):
    return expedite(assessment, expedite_proposals(assessment), choices(assessment))


def only(assessment):
    found = proposed(assessment)
    assert len(found) == 1
    return found.iloc[0], json.loads(found["facts"].iloc[0])


def test_expediting_is_worth_the_shortage_it_saves_less_its_holding_cost_and_price(assess):
    action, facts = only(assess())
    # 60 % of ten days: on day six instead of ten, four days of 20 units at 15 − 10 each, 500 units held four days
    held = 500 * 9 * 0.25 / 365 * 4
    assert facts["units_saved"] == pytest.approx(80, rel=0.02)
    assert facts["highest_price"] == pytest.approx(80 * 5 - held, rel=0.02)
    # played on: the order that the plan places today is needed a few days later, and the sales of the gap are made
    assert action["worth"] == pytest.approx(facts["highest_price"] - 30, rel=0.1)
    assert facts["worth_low"] == pytest.approx(facts["worth_high"], abs=1)  # nothing is uncertain
    assert (action["kind"], action["worth_period"]) == ("expedite", "once")
    assert (facts["due"], facts["hurried_due"]) == ("2024-01-11", "2024-01-07")


def test_a_call_that_costs_more_than_it_saves_is_not_proposed(assess):
    action, _ = only(assess())
    even = action["worth"] + 30
    just, over = (proposed(assess(offers=[offer(expedite_cost=even * share)])) for share in (0.99, 1.01))
    assert (len(just), len(over)) == (1, 0)


def test_without_a_named_cost_the_highest_price_is_a_question_and_no_saving(assess):
    action, facts = only(assess(offers=[offer(expedite_cost=np.nan)]))
    assert (action["kind"], action["worth"]) == ("expedite_question", 0.0)
    assert facts["expedite_cost"] is None
    assert facts["highest_price"] == pytest.approx(only(assess())[1]["highest_price"])
    assert f"{facts['highest_price']:,.0f}" in action["title"]


def test_where_no_order_was_ever_expedited_the_speed_is_a_question(assess):
    action, facts = only(assess(received=EXPEDITED[:4]))
    # tomorrow is before the shelf is empty: all five days without stock are saved
    assert facts["units_saved"] == pytest.approx(100, rel=0.02)
    assert (action["kind"], facts["share_of_time"]) == ("expedite_question", None)


def test_an_order_that_is_in_time_or_expedited_already_is_left_alone(assess):
    assert len(proposed(assess(on_hand=[400.0]))) == 0
    assert len(proposed(assess(orders=[order(expedited=True)]))) == 0


def test_of_two_orders_that_fill_the_same_gap_only_the_better_one_is_expedited(assess):
    small = order(order_id="PO2", quantity_open=40.0)
    action, _ = only(assess(orders=[order(), small]))
    assert action["title"].startswith("Expedite order PO1/1")


def test_a_call_can_wait_as_long_as_the_expedited_order_still_comes_before_the_shelf_is_empty(assess):
    # ten days of stock; an order on day 14 that a call on day 2 brings on day 9.2, and one on day 4 on day 10
    action, facts = only(assess(on_hand=[200.0], orders=[order(age=6.0)]))
    assert facts["units_saved"] == pytest.approx(80, rel=0.02)
    assert action["act_by"] == pd.Timestamp("2024-01-05")


def test_the_price_is_that_of_the_orders_own_supplier(assess):
    offers = [offer(preferred=True), offer(supplier_id="near", expedite_cost=70.0, preferred=False)]
    action, facts = only(assess(offers=offers, orders=[order(supplier_id="near", age=2.0)]))
    assert (action["supplier_id"], facts["expedite_cost"]) == ("near", 70.0)


def test_an_action_worth_less_than_the_policys_minimum_is_left_out(assess):
    worth = only(assess())[0]["worth"]
    kept, dropped = (
        proposed(assess(policy=PolicyConfig(minimum_action_value=worth + more))) for more in (-1, 1)
    )
    assert (len(kept), len(dropped)) == (1, 0)


def test_few_expedited_orders_of_a_supplier_lean_on_those_of_all():
    table = pd.DataFrame(
        received_lines([*EXPEDITED * 5, ("near", "2023-06-01", 10, False), ("near", "2023-06-01", 10, True)])
    )
    far, near, new = expedited_share(table, np.array(["far", "near", "new"], object))
    company = np.exp(20 * np.log(0.6) / 21)
    assert new == pytest.approx(company)
    assert far == pytest.approx(np.exp((20 * np.log(0.6) + 5 * np.log(company)) / 25))
    assert near == pytest.approx(np.exp(5 * np.log(company) / 6))


def test_without_expedited_orders_or_the_column_nothing_is_known_of_their_speed():
    table = pd.DataFrame(received_lines(EXPEDITED[:6]))
    for lines in (table, table.drop(columns="expedited")):
        assert np.isnan(expedited_share(lines, np.array(["far"], object))).all()
