"""Of what could be done otherwise today that is chosen which saves more than its cost and effort."""

import numpy as np
import pytest
from normal_forecast import normal_forecast
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.planner import Planner
from planning.played_ahead.best_changes import best_changes
from planning.played_ahead.changes import Changes


@pytest.fixture(scope="module")
def make(make_inputs, lead_times):
    """70 ± 20 a week, 1,200 on order and 2,000 that come months too early, paid for a month after their receipt."""

    def run(on_hand: float):
        forecast = normal_forecast([70.0], [20.0], periods=60)
        orders = [
            order_line(order_id="needed", age=10.0, quantity_open=1200.0),
            order_line(order_id="early", age=5.0, quantity_open=2000.0),
        ]
        offers = [offer_row(payment_days=30.0)]
        inputs = make_inputs(forecast.unique_ids, on_hand=[on_hand], offers=offers, orders=orders)
        return Planner(forecast, lead_times(), PolicyConfig()).assess(inputs)

    return run


@pytest.fixture(scope="module")
def assessment(make):
    return make(400.0)


def push_back(line: int, later: float, cost: float = 0.0) -> Changes:
    at = np.array([0])
    return Changes.of("push_back", at, line=np.array([line]), later=np.array([later]), cost=np.array([cost]))


def test_what_is_worth_nothing_is_not_chosen_however_little_effort_it_is(assessment) -> None:
    for effort in (0.0, -5.0):
        assert best_changes(assessment, push_back(1, 0.0), effort) is None


def test_what_is_worth_less_than_its_effort_is_not_chosen(assessment) -> None:
    chosen = best_changes(assessment, push_back(1, 70.0), 0.0)
    worth = float(chosen.saved.mean())
    assert worth > 50
    assert best_changes(assessment, push_back(1, 70.0), 1.1 * worth) is None
    assert best_changes(assessment, push_back(1, 70.0), 0.9 * worth) is not None


def test_what_it_costs_to_have_done_is_taken_off(assessment) -> None:
    free = best_changes(assessment, push_back(1, 70.0), 0.0)
    paid = best_changes(assessment, push_back(1, 70.0, cost=20.0), 0.0)
    assert free.saved - paid.saved == pytest.approx(20.0)
    dear = Changes.concat([push_back(1, 70.0, cost=500.0), push_back(1, 63.0)])
    assert best_changes(assessment, dear, 0.0).changes.later.tolist() == [63.0]


def test_what_is_missed_and_when_the_plan_orders_next_is_told(make, assessment) -> None:
    line = np.array([0])
    expedited = best_changes(
        make(30.0), Changes.of("expedite", line, line=line, share=np.array([0.1]), cost=np.array([1.0])), 0.0
    )
    assert expedited.missed_after[0] < expedited.missed_before[0]
    assert 0.5 < expedited.fewer_missed[0] <= 1
    later = best_changes(assessment, push_back(1, 70.0), 0.0)
    assert later.fewer_missed[0] < 0.05
    assert later.first_day[0] > 7


def test_a_plan_that_orders_today_orders_on_its_first_day(make_inputs, lead_times) -> None:
    forecast = normal_forecast([70.0], [20.0], periods=60)
    orders = [order_line(order_id="slow", supplier_id="far", age=1.0, quantity_open=50.0)]
    inputs = make_inputs(
        forecast.unique_ids, on_hand=[10.0], offers=[offer_row(supplier_id="near")], orders=orders
    )
    today = Planner(forecast, lead_times(), PolicyConfig()).assess(inputs)
    assert today.decision.quantity[0] > 0
    none = np.array([0])
    cancelled = best_changes(today, Changes.of("expedite", none, line=none, share=np.array([0.05])), 0.0)
    assert cancelled.first_day[0] == 0
