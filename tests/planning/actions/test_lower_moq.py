import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.actions.lower_moq import lower_moq


def test_a_moq_far_above_the_best_order_is_worth_its_holding_cost(assess, only_action):
    assessment = assess(offers=[offer_row(moq=2000, ordering_cost=30)], on_hand=[500])
    action = only_action(assessment, "lower_moq")
    demand, holding = 3650.0, 9.0 * 0.25
    best = np.sqrt(2 * demand * 30 / holding)
    cost = [30 * demand / q + holding * q / 2 for q in (2000, np.ceil(best))]
    assert action["quantity"] == pytest.approx(best, abs=1)
    # a little less than by formula: an order that lasts half a year leaves fewer days on which stock can run out
    assert action["worth"] == pytest.approx(cost[0] - cost[1], rel=0.15)
    assert action["worth"] < cost[0] - cost[1]
    assert action["worth_period"] == "year"


def test_a_moq_below_the_best_order_is_left_alone(assess, only_action):
    assert only_action(assess(offers=[offer_row(moq=50, ordering_cost=30)]), "lower_moq") is None


def test_goods_that_spoil_make_a_large_moq_dearer(assess):
    lasting, spoiling = (
        assess(
            offers=[offer_row(moq=2000, ordering_cost=30)], items={"unit_cost": 9.0, "shelf_life_days": days}
        )
        for days in (np.nan, 60.0)
    )
    waste = spoiling.chosen_terms.steady_state.spoiled
    # 60 days sell 600 of 2,000 units; 3,650 / 2,000 orders a year at least, and more since less of each is sold
    assert 1400 * 3650 / 2000 < waste[0] < 1400 * 3650 / 600
    assert lower_moq(spoiling)["worth"][0] > lower_moq(lasting)["worth"][0] + 9 * waste[0] * 0.8


def test_talks_that_cost_more_than_they_bring_are_not_listed(assess, only_action):
    offers = [offer_row(moq=2000, ordering_cost=30)]
    for effort, listed in ((1300.0, True), (1500.0, False)):
        policy = PolicyConfig(effort={"negotiation": effort})
        assert (only_action(assess(offers=offers, policy=policy), "lower_moq") is not None) == listed


def test_a_price_break_does_not_tempt_to_buy_what_will_spoil(assess):
    breaks = [offer_row(ordering_cost=30, price_breaks="2000:8.50")]
    lasting, spoiling = (
        assess(offers=breaks, items={"unit_cost": 9.0, "shelf_life_days": days}) for days in (np.nan, 60.0)
    )
    assert lasting.chosen_terms.order_size[0] >= 2000
    # ten a day for 60 days
    assert spoiling.chosen_terms.order_size[0] <= 601
