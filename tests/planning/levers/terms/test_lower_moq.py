import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.actions.played_worth import played_years
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.lower_moq import lower_moq


def test_a_moq_far_above_the_best_order_is_worth_its_holding_cost(assess):
    assessment = assess(offers=[offer_row(moq=2000, ordering_cost=30)], on_hand=[500])
    action = lower_moq(LeverPlays(assessment)).actions.iloc[0]
    demand, holding = 3650.0, 9.0 * 0.25
    best = np.sqrt(2 * demand * 30 / holding)
    cost = [30 * demand / q + holding * q / 2 for q in (2000, np.ceil(best))]
    # a little more is as good within 1 %, and easier to agree on
    assert best <= action["quantity"] <= 1.3 * best
    # a little less than by formula: an order that lasts half a year leaves fewer days on which stock can run out
    assert action["worth"] == pytest.approx(cost[0] - cost[1], rel=0.17)
    assert action["worth"] < cost[0] - cost[1]
    assert action["worth_period"] == "year"


@pytest.mark.parametrize(
    ("offer", "shelf_life"),
    [({"moq": 600, "order_multiple": 7}, 21.0), ({"moq": 2000, "ordering_cost": 30}, np.nan)],
    ids=["perishes", "lasts"],
)
def test_the_lot_proposed_is_the_one_that_costs_least_in_play(assess, offer, shelf_life):
    items = {"unit_cost": 9.0, "shelf_life_days": shelf_life}

    def cost(moq: float) -> float:
        assessment = assess(offers=[offer_row(**offer | {"moq": moq})], items=items, on_hand=[500])
        return played_years(assessment, assessment.chosen_terms).total.mean()

    action = lower_moq(
        LeverPlays(assess(offers=[offer_row(**offer)], items=items, on_hand=[500]))
    ).actions.iloc[0]
    lot, now = action["quantity"], cost(offer["moq"])
    assert lot % offer.get("order_multiple", 1) == 0
    assert action["worth"] == pytest.approx(now - cost(lot), rel=1e-4)
    others = {other: cost(other) for other in (35, 70, 105, 140, 210, 280, 420, 560)}
    assert now - cost(lot) > 0.95 * (now - min(others.values()))
    # a larger lot as good would have been proposed
    assert all(now - other < 0.99 * action["worth"] for moq, other in others.items() if moq > 1.5 * lot)


def test_lots_are_not_looked_for_where_talks_do_not_pay(assess, only_action):
    policy = PolicyConfig(effort={"negotiation": 1e5})
    assert (
        only_action(assess(offers=[offer_row(moq=2000, ordering_cost=30)], policy=policy), "lower_moq")
        is None
    )


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
    assert (
        lower_moq(LeverPlays(spoiling)).actions["worth"][0]
        > lower_moq(LeverPlays(lasting)).actions["worth"][0] + 9 * waste[0] * 0.8
    )


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
