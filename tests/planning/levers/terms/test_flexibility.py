import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_lines import lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.flexibility import flexibility


def test_a_window_of_a_week_counts_as_half_a_week_of_lead_time(assess):
    plays = LeverPlays(assess(offers=[offer_row(payment_days=0)]))
    found = flexibility(plays)
    assert found.lines["earlier_days"].tolist() == [3.5]
    shorter = plays.saved(lever_lines(["sku00000"], [0], earlier_days=3.5)).mean()
    assert found.actions["worth"][0] == pytest.approx(shorter, rel=1e-3)


def test_money_on_its_way_is_no_part_of_it(assess):
    by_payment = [
        flexibility(LeverPlays(assess(offers=[offer_row(payment_days=days)]))).actions["worth"][0]
        for days in (0.0, None)
    ]
    assert by_payment[0] == pytest.approx(by_payment[1], rel=0.02)


def test_no_window_is_asked_for_where_goods_come_at_once_or_it_does_not_pay(assess):
    quick = assess(offers=[offer_row(supplier_id="near")])
    assert flexibility(LeverPlays(quick)).actions.empty
    assert flexibility(LeverPlays(assess(policy=PolicyConfig(effort={"negotiation": 1000})))).actions.empty
