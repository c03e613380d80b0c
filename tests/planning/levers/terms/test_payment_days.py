import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.payment_days import payment_days

GOODS = 3650 * 9.0
AT_TEN = PolicyConfig(capital_cost_rate=0.1)


@pytest.mark.parametrize(("paid", "later"), [(0.0, 30), (10.0, 20), (-14.0, 44), (np.nan, 30)])
def test_paying_when_others_are_paid_is_worth_the_cost_of_money_for_so_long(assess, paid, later):
    action = payment_days(
        LeverPlays(assess(offers=[offer_row(payment_days=paid)], policy=AT_TEN))
    ).actions.iloc[0]
    assert action["worth"] == pytest.approx(0.1 * GOODS * later / 365, rel=0.02)


def test_money_costs_as_much_as_holding_where_it_is_not_said(assess):
    policy = PolicyConfig(holding_cost_rate=0.2, capital_cost_rate=None)
    action = payment_days(LeverPlays(assess(offers=[offer_row(payment_days=0)], policy=policy))).actions.iloc[
        0
    ]
    assert action["worth"] == pytest.approx(0.2 * GOODS * 30 / 365, rel=0.02)


def test_only_where_it_is_known_when_goods_are_paid_for_can_it_be_played_beside_others(assess):
    known, unknown = (
        payment_days(LeverPlays(assess(offers=[offer_row(payment_days=days)], policy=AT_TEN)))
        for days in (10, np.nan)
    )
    assert known.lines["payment_days"].tolist() == [30]
    assert unknown.lines.empty
    assert "as far as is known" in unknown.actions["evidence"][0]
    assert "as far as is known" not in known.actions["evidence"][0]


def test_who_is_paid_late_enough_is_not_asked(assess):
    assert payment_days(LeverPlays(assess(offers=[offer_row(payment_days=30)]))).actions.empty
    assert payment_days(LeverPlays(assess(offers=[offer_row(payment_days=60)]))).actions.empty


def test_a_request_is_not_made_for_less_than_the_talk_costs(assess):
    policy = PolicyConfig(capital_cost_rate=0.1, effort={"negotiation": 1.1 * 0.1 * GOODS * 30 / 365})
    assert payment_days(LeverPlays(assess(offers=[offer_row(payment_days=0)], policy=policy))).actions.empty
