import json

import numpy as np
import pytest
from plan_rows import offer_row, order_line
from today_choices import choices

from configs.schema import PolicyConfig
from planning.actions.chase import chase
from planning.planner import Planner

NEVER = 0.05


@pytest.fixture
def with_old_order(make_forecast, make_inputs, lead_times):
    """Assessment of a SKU selling 70 a week with an order of 100 placed 400 days ago at a supplier that takes 7."""

    def run(*, on_hand: float = 100.0, minimum: float = 0.0, **columns):
        forecast = make_forecast((70.0,), (20.0,))
        ids = forecast.unique_ids
        old = order_line(**{"supplier_id": "near", "age": 400} | columns)
        inputs = make_inputs(ids, on_hand=[on_hand], offers=[offer_row(supplier_id="near")], orders=[old])
        policy = PolicyConfig(minimum_action_value=minimum)
        return Planner(forecast, lead_times(never=NEVER), policy).assess(inputs)

    return run


def test_an_order_that_will_probably_never_come_is_to_be_chased_for_the_cover_that_is_not_there(
    with_old_order,
):
    assessment = with_old_order()
    actions = chase(assessment)
    assert actions["kind"].tolist() == ["chase"]
    action, facts = actions.iloc[0], json.loads(actions["facts"].iloc[0])
    never = float(assessment.pipeline.never[0])
    assert never > 0.99
    assert facts["missing_units"] == pytest.approx(100 * never, abs=1e-3)
    position = assessment.decision.counted_position + assessment.decision.quantity
    demand = assessment.chosen_terms.demand.lead_time_demand
    levels = (position - 100 * never, position)
    short = np.subtract(*(demand.expected_excess(np.maximum(x, 0.0))[0] for x in levels))
    assert action["worth"] == pytest.approx(short * assessment.chosen_terms.costs.shortage[0], abs=0.01)
    assert action["worth"] > 0
    assert "Counting on them leaves" in action["evidence"]
    assert action["act_by"] == assessment.setting.as_of


def test_where_stock_is_ample_it_is_still_to_be_closed_and_worth_nothing(with_old_order):
    action = chase(with_old_order(on_hand=5000.0)).iloc[0]
    assert action["worth"] == 0
    assert "Stock is ample without them" in action["evidence"]


def test_what_is_chased_is_neither_expedited_nor_pushed_back(with_old_order):
    for on_hand in (0.0, 5000.0):
        assessment = with_old_order(on_hand=on_hand)
        chosen = choices(assessment)
        assert chosen is None or (chosen.changes.line < 0).all()


def test_an_order_likelier_to_come_than_not_is_not_chased(with_old_order):
    assessment = with_old_order(age=5)
    assert assessment.pipeline.never == pytest.approx([NEVER], abs=0.01)
    assert len(chase(assessment)) == 0


def test_less_at_stake_than_the_policy_minds_is_left(with_old_order):
    least = 100 * 0.99 * 9  # of goods at 9 each
    assert len(chase(with_old_order(on_hand=5000.0, minimum=least))) == 1
    assert len(chase(with_old_order(on_hand=5000.0, minimum=least * 1.1))) == 0


def test_the_same_order_without_doubt_is_full_cover(with_old_order):
    doubted, young = with_old_order(on_hand=10.0), with_old_order(on_hand=10.0, age=5)
    gap = young.decision.cover[0] - doubted.decision.cover[0]
    assert gap == pytest.approx(100 * (1 - NEVER), rel=0.02)
    assert doubted.decision.quantity[0] - young.decision.quantity[0] == pytest.approx(gap, abs=1.5)
    risk = doubted.decision.projection.risk[0, -1], young.decision.projection.risk[0, -1]
    assert risk[0] >= risk[1]
