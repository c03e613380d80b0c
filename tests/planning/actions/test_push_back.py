import pandas as pd
import pytest
from plan_rows import order_line

from planning.actions.open_order_needs import open_order_needs
from planning.actions.push_back import push_back


def test_an_order_not_needed_for_months_is_pushed_back_by_the_days_it_comes_too_early(assess, only_action):
    assessment = assess(on_hand=[2000], orders=[order_line()])
    action, need = only_action(assessment, "push_back"), open_order_needs(assessment)
    assert need.needed_after[0] == pytest.approx(190, abs=12)
    assert action["worth"] == pytest.approx(100 * 9 * 0.25 / 365 * need.possible_delay[0], rel=1e-3)
    assert need.arrival[0] + need.possible_delay[0] < need.needed_after[0]
    assert action["act_by"] <= assessment.setting.as_of + pd.Timedelta(days=float(need.arrival[0]))


def test_of_two_orders_the_later_one_has_the_first_ahead_of_it(assess):
    assessment = assess(
        on_hand=[300],
        orders=[order_line(order_id="late", age=1), order_line(order_id="soon", age=30, quantity_open=70)],
    )
    ahead = dict(
        zip(assessment.pipeline.orders["order_id"], open_order_needs(assessment).units_ahead, strict=True)
    )
    assert ahead == {"soon": 300, "late": 370}


def test_an_order_that_is_needed_is_left_alone(assess):
    assert len(push_back(assess(on_hand=[10], orders=[order_line()]))) == 0


def test_an_order_without_use_within_the_year_is_cancelled_for_its_price_and_holding(assess, only_action):
    assessment = assess((0.5,), (0.1,), on_hand=[400], orders=[order_line()])
    action = only_action(assessment, "cancel")
    assert open_order_needs(assessment).unused == pytest.approx([100], abs=1)
    assert action["worth"] == pytest.approx(100 * 9 + 100 * 9 * 0.25, rel=0.02)
    assert action["worth_period"] == "once"


def test_an_order_about_to_arrive_is_not_called_back(assess, only_action):
    arriving = [order_line(supplier_id="near", age=8.5)]
    assert only_action(assess(on_hand=[4000], orders=arriving), "push_back") is None
