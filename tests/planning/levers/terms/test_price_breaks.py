import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.price_breaks import lower_price_break, reach_price_break

TALK = PolicyConfig(effort={"negotiation": 10, "call": 10})


def plays(assess, breaks, **items):
    offer = offer_row(ordering_cost=30, price_breaks=breaks)
    return LeverPlays(
        assess(offers=[offer], policy=TALK, items={"unit_cost": 9.0, "unit_price": 15.0, **items})
    )


def test_a_break_a_little_above_the_usual_order_is_asked_for_at_that(assess):
    # √(2·3650·30 / 2.25) = 312 are ordered; 0.01 less for 3,650 units; holding 450 costs more than that
    action = lower_price_break(plays(assess, "450:8.99")).actions.iloc[0]
    assert action["worth"] == pytest.approx(3650 * 0.01, rel=0.15)
    assert action["quantity"] == 450
    # and every order is as large as what S is above s: 312 less the 70 of a review
    assert "from 242" in action["title"] or "from 243" in action["title"]


def test_a_break_far_above_it_is_not(assess):
    assert lower_price_break(plays(assess, "1500:8.98")).actions.empty


def test_only_the_break_that_comes_next_is_moved(assess):
    line = lower_price_break(plays(assess, "450:8.99;2000:8.90")).lines.iloc[0]
    first, second = line["price_breaks"].split(";")
    assert float(first.split(":")[0]) < 250
    assert second == "2000:8.9"


def test_what_the_policy_orders_up_to_by_itself_is_nobodys_action(assess):
    assert reach_price_break(plays(assess, "400:8.50")).actions.empty


def test_a_break_that_costs_more_stock_than_it_saves_is_left_alone(assess):
    assert reach_price_break(plays(assess, "3000:8.97")).actions.empty


def test_a_break_beyond_what_surely_sells_is_reached_where_play_finds_that_it_pays(assess):
    # the policy orders no more than sells in 60 days in nine of ten cases: 532 units; the break lies a little above
    found = reach_price_break(plays(assess, "560:8.00", shelf_life_days=60.0))
    action = found.actions.iloc[0]
    assert found.lines["moq"].tolist() == [560]
    assert 0 < action["worth"] <= 2 * 3650
