"""How much of what an action brings a year it brings within the budget horizon."""

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_lines import lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.worklist.joint_set import share_in_horizon


def shares(assess, lines, *, horizon=100.0, **tables):
    """70 a week, 800 of them on hand: enough for 80 days."""
    policy = PolicyConfig(budget_horizon_days=horizon)
    plays = LeverPlays(assess(on_hand=[800.0], offers=[offer_row(moq=700)], policy=policy, **tables))
    return plays, share_in_horizon(plays, lines)


def line(action_id, **terms):
    return lever_lines(["sku00000"], [0], **terms).assign(action_id=action_id)


def test_what_is_saved_on_goods_begins_when_the_stock_of_today_is_used_up(assess):
    _, found = shares(assess, line("a", price_factor=0.9))
    assert found["a"] == pytest.approx((100 - 80) / 365, rel=0.01)


def test_what_is_saved_on_orders_begins_with_the_next_order(assess):
    both = pd.concat([line("orders", ordering_cost=1.0), line("more", ordering_cost=1.0, moq=10.0)])
    plays, found = shares(assess, both)
    terms = plays.assessment.chosen_terms
    days = (800 - terms.reorder_point[0]) / 10
    assert 20 < days < 40
    assert found["orders"] == pytest.approx((100 - days + 70 / 2) / 365, rel=0.02)  # now, and once in 70 days
    assert found["more"] == pytest.approx((100 - 80) / 365, rel=0.01)


def test_nothing_is_brought_before(assess):
    _, found = shares(assess, line("a", price_factor=0.9), horizon=50)
    assert found["a"] == 0
    _, found = shares(assess, line("a", ordering_cost=1.0), horizon=20)
    assert found["a"] == 0


def test_lines_count_by_what_they_are_worth(assess):
    lines = pd.concat([line("a", price_factor=0.9), line("a", ordering_cost=1.0)]).assign(worth=[3.0, 1.0])
    _, apart = shares(assess, lines.assign(action_id=["goods", "orders"]))
    _, found = shares(assess, lines)
    assert found["a"] == pytest.approx(np.average(apart[["goods", "orders"]], weights=[3, 1]))
