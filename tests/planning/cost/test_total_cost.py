"""The total cost of a lane a year, part by part, against numbers worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from planning.cost.lane_costs import LaneCosts
from planning.cost.price_breaks import PriceBreaks
from planning.cost.total_cost import SteadyState, total_cost

COSTS = LaneCosts(
    unit=np.array([10.0]),
    holding=np.array([2.5]),
    rate=np.array([0.25]),
    capital=np.array([1.0]),
    capital_rate=np.array([0.1]),
    shortage=np.array([5.0]),
    ordering=np.array([30.0]),
    prices=PriceBreaks.read(np.array([10.0]), [None]),
    payment_days=np.array([np.nan]),
    shortage_source=np.array(["given"], dtype=object),
)
STATE = SteadyState(
    demand=np.array([1460.0]),
    quantity=np.array([146.0]),
    safety_stock=np.array([40.0]),
    lead_time=np.array([36.5]),
    shortage=np.array([0.5]),
    spoiled=np.array([7.0]),
    cycle_days=7.0,
)


def test_every_part_of_the_total_cost_is_what_its_formula_says():
    cost = total_cost(COSTS, STATE)
    assert cost.price == pytest.approx([14_600])
    assert cost.ordering == pytest.approx([300])  # ten orders a year
    assert cost.cycle_stock == pytest.approx([182.5])
    assert cost.safety_stock == pytest.approx([100])
    assert cost.pipeline == pytest.approx([146])  # 146 units on their way
    assert cost.shortage == pytest.approx([25])  # half a unit in each of ten cycles
    assert cost.spoilage == pytest.approx([70])
    assert cost.total == pytest.approx([15_423.5])
    assert cost.frame()["total"].tolist() == pytest.approx([15_423.5])


def test_goods_paid_after_their_receipt_give_a_credit_instead_of_the_pipeline():
    later = replace(COSTS, payment_days=np.array([73.0]))
    cost = total_cost(later, STATE)
    assert cost.pipeline == pytest.approx([-292])  # 292 units on the shelf or sold, and not paid for
    assert cost.total == pytest.approx([15_423.5 - 146 - 292])


def test_a_cycle_is_a_review_period_where_an_order_lasts_less_than_one():
    # 146 orders a year, one every two and a half days, but a review only every 7.3 days: 50 cycles
    often = replace(STATE, quantity=np.array([10.0]), cycle_days=7.3)
    assert total_cost(COSTS, often).shortage == pytest.approx([0.5 * 5 * 50])
