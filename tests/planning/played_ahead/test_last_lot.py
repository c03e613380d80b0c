"""Today's last lot is ordered where it is worth it, not for a trace of the need."""

import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.planner import Planner


@pytest.fixture
def quantity(make_forecast, make_inputs, lead_times):
    """Units ordered today of 70 ± 20 a week with so much on hand, in lots of 100 of a good that costs `price`."""

    def run(on_hand, *, price=9.0, moq=0.0, shortage=6.0, policy=None, **more):
        forecast = make_forecast([70.0], [20.0], periods=60)
        offers = [offer_row(unit_price=price, order_multiple=100.0, moq=moq, supplier_id="near")]
        items = {"unit_cost": price, "shortage_cost": shortage} | more
        inputs = make_inputs(forecast.unique_ids, on_hand=[on_hand], offers=offers, items=items)
        return Planner(forecast, lead_times(), policy or PolicyConfig()).assess(inputs).decision.quantity[0]

    return run


def test_a_lot_for_a_trace_of_the_need_is_not_ordered(quantity):
    # up to 165: with 60 on hand 105 are needed, and of goods at 400 each a second lot for five of them costs more to
    # hold than the few missed until the next review
    assert [quantity(stock, price=400.0, shortage=4.0) for stock in (60, 50, 30)] == [100.0, 100.0, 100.0]
    assert quantity(60, price=400.0, shortage=4000.0) == 200.0


def test_a_lot_that_is_mostly_needed_is_ordered_whatever_it_costs(quantity):
    assert quantity(5, price=400.0, shortage=4.0) == 200.0


def test_no_lot_is_left_out_that_the_moq_asks_for(quantity):
    assert quantity(60, price=400.0, shortage=4.0, moq=200.0) == 200.0


def test_at_equal_cost_the_smaller_order_stands(quantity):
    assert quantity(60, price=400.0, shortage=0.0, holding_cost=0.0) == 100.0


def test_a_sku_of_little_value_is_not_played(quantity):
    policy = PolicyConfig(played_from=1e6)
    played, plain = (quantity(60, price=400.0, shortage=4.0, policy=each) for each in (None, policy))
    assert (played, plain) == (100.0, 200.0)
    # a lot of 100 at 400 each costs 10,000 a year to hold
    enough = PolicyConfig(played_from=10_000.0)
    assert quantity(60, price=400.0, shortage=4.0, policy=enough) == 100.0
