from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.levers.orders_a_year import joint_orders_a_year
from planning.levers.rhythm.frequent_deliveries import frequent_deliveries, played_rhythm
from planning.levers.rhythm.order_costs import order_costs
from planning.planner import Planner

FRESH = {"unit_cost": 9.0, "unit_price": 20.0, "shelf_life_days": 8.0}


@pytest.fixture
def plays(make_forecast, make_inputs, lead_times):
    """Plays of a fresh SKU from `near`, which takes so much for each order."""

    def run(an_order: float, *, review: float = 14.0) -> LeverPlays:
        inputs = make_inputs(
            ["sku00000"], on_hand=[50.0], offers=[offer_row(supplier_id="near")], items=FRESH
        )
        suppliers = pd.DataFrame({"supplier_id": ["near"], "ordering_cost": [an_order]})
        policy = PolicyConfig(review_period_days=review, lost_sales=True)
        planner = Planner(make_forecast((70.0,), (20.0,), periods=52), lead_times(), policy)
        return LeverPlays(planner.assess(replace(inputs, suppliers=suppliers)))

    return run


def test_fresh_goods_ordered_every_other_week_are_to_be_ordered_weekly(plays):
    found = frequent_deliveries(plays(0.0))
    action = found.actions.iloc[0]
    assert action["worth"] > 1000
    assert "every 7 days" in action["title"]


def test_the_orders_that_it_takes_are_counted(plays):
    free, dear = (frequent_deliveries(plays(cost)).actions["worth"].tolist() for cost in (0.0, 20.0))
    # 52 orders instead of 26, at 20 each
    assert free[0] - dear[0] == pytest.approx(26 * 20, rel=0.1)
    assert frequent_deliveries(plays(500.0)).actions.empty


def test_a_daily_review_cannot_be_halved(plays):
    assert frequent_deliveries(plays(0.0, review=1.0)).actions.empty


def test_a_year_at_todays_reviews_is_the_year_as_it_is(plays):
    now = plays(20.0)
    rhythm = played_rhythm(now, now.skus(pd.DataFrame({"unique_id": ["sku00000"]})), 14.0)
    assert rhythm.years.total.mean() == pytest.approx(
        now.now(now.skus(pd.DataFrame({"unique_id": ["sku00000"]}))).total.mean()
    )
    assert rhythm.orders.an_order == 20


def test_an_order_goes_out_where_any_of_its_skus_is_due():
    assert joint_orders_a_year(np.array([26.0]), 7.0) == pytest.approx(26)
    assert joint_orders_a_year(np.array([365 / 14, 365 / 14]), 7.0) == pytest.approx(365 / 7 * 0.75)
    assert joint_orders_a_year(np.array([100.0]), 7.0) == pytest.approx(365 / 7)


def test_no_more_orders_go_out_than_reach_the_minimum(plays):
    assessment = plays(20.0).assessment
    suppliers = assessment.inputs.suppliers.assign(minimum_order_value=9.0 * 3650 / 10, freight_cost=5.0)
    poor = replace(assessment, inputs=replace(assessment.inputs, suppliers=suppliers))
    costs = order_costs(poor, np.zeros(1, np.intp), np.array([52.0]), 7.0)
    assert costs.orders == pytest.approx(10, rel=0.01)
    assert costs.yearly == pytest.approx(250, rel=0.01)
