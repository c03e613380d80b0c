from dataclasses import replace

import pandas as pd
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_lines import lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.rhythm.order_days import order_days
from planning.planner import Planner


@pytest.fixture
def plays(make_forecast, make_inputs, lead_times):
    """Plays, on a Monday, of a SKU whose supplier takes orders on some weekdays."""

    def run(taken: str | None, *, review: float = 7.0, effort: float = 1.0) -> LeverPlays:
        inputs = make_inputs(["sku00000"], on_hand=[200.0], offers=[offer_row(supplier_id="near")])
        suppliers = pd.DataFrame({"supplier_id": ["near"], "order_days": [taken]})
        policy = PolicyConfig(review_period_days=review, effort={"call": effort})
        planner = Planner(make_forecast((70.0,), (20.0,), periods=52), lead_times(), policy)
        return LeverPlays(planner.assess(replace(inputs, suppliers=suppliers)))

    return run


def test_orders_that_wait_four_days_each_week_are_to_be_decided_on_when_they_leave(plays):
    friday = plays("Fri")
    found = order_days(friday)
    assert (
        found.actions["title"][0] == "Decide on orders from near on Fridays, or have it take them on Mondays"
    )
    # as with a supplier that is open on Mondays, which is four days quicker
    monday = plays("Mon")
    sku = friday.skus(pd.DataFrame({"unique_id": ["sku00000"]}))
    gain = friday.now(sku).total.mean() - monday.now(sku).total.mean()
    assert found.actions["worth"][0] == pytest.approx(gain, rel=0.35)
    assert found.lines["earlier_days"].tolist() == [4]
    assert found.actions["worth"][0] == pytest.approx(
        friday.saved(lever_lines(["sku00000"], [0], order_days="", earlier_days=4.0)).mean(), abs=0.01
    )


def test_where_orders_leave_when_they_are_decided_on_nothing_is_to_be_done(plays):
    assert order_days(plays("Mon")).actions.empty
    assert order_days(plays("Mon,Thu")).actions.empty
    assert order_days(plays(None)).actions.empty


def test_reviews_that_fall_on_other_weekdays_each_time_have_no_day_to_fit(plays):
    assert order_days(plays("Fri", review=5.0)).actions.empty


def test_a_wait_that_costs_less_than_the_call_is_left(plays):
    assert order_days(plays("Fri", effort=200.0)).actions.empty
