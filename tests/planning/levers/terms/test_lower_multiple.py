import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_lines import lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.lower_multiple import lower_multiple


def test_packs_that_last_for_months_are_asked_for_by_halves(assess):
    plays = LeverPlays(
        assess(offers=[offer_row(order_multiple=1200)], policy=PolicyConfig(effort={"negotiation": 50}))
    )
    found = lower_multiple(plays)
    action = found.actions.iloc[0]
    assert action["quantity"] == 600
    # an order is 600 units smaller, so that on average 300 lie about less
    assert action["worth"] == pytest.approx(300 * 9 * 0.25, rel=0.15)
    assert action["worth"] == pytest.approx(plays.saved(found.lines).mean(), abs=0.01)


def test_an_moq_of_one_pack_goes_with_it_and_another_stays(assess):
    for moq, left in ((1200.0, 600.0), (2400.0, None)):
        plays = LeverPlays(assess(offers=[offer_row(order_multiple=1200, moq=moq)]))
        lines = lower_multiple(plays).lines
        if left is None:
            assert lines.empty or lines["moq"].isna().all()
        else:
            assert lines["moq"].tolist() == [left]


def test_small_packs_are_left_alone(assess):
    policy = PolicyConfig(effort={"negotiation": 50})
    assert lower_multiple(
        LeverPlays(assess(offers=[offer_row(order_multiple=10)], policy=policy))
    ).actions.empty
    assert lower_multiple(LeverPlays(assess(policy=policy))).actions.empty


def test_the_year_is_played_in_todays_packs_and_in_halves(assess):
    assessment = assess(offers=[offer_row(order_multiple=1200)])
    line = lever_lines(["sku00000"], [0], order_multiple=600.0)
    assert LeverPlays(assessment).terms(line).limits.multiple.tolist() == [600]
