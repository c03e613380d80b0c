from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from normal_forecast import normal_forecast
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.planner import Planner
from planning.played_ahead.ahead_play import AheadPlay
from planning.played_ahead.spend_ahead import SpendAhead, spend_ahead


@pytest.fixture(scope="module")
def assess(make_inputs, lead_times):
    """An assessment of two SKUs at a price of their own, with open orders of the first one."""

    def run(on_hand=(300.0, 50.0), prices=(2.0, 5.0)):
        forecast = normal_forecast([70.0, 20.0], [20.0, 8.0], periods=60)
        offers = [
            offer_row(unique_id=u, unit_price=price)
            for u, price in zip(forecast.unique_ids, prices, strict=True)
        ]
        inputs = make_inputs(
            forecast.unique_ids, on_hand=list(on_hand), offers=offers, orders=[order_line(age=5.0)]
        )
        return Planner(forecast, lead_times(), PolicyConfig()).assess(inputs)

    return run


def test_the_months_add_up_to_what_the_play_spends(assess):
    assessment = assess()
    quantity = assessment.decision.quantity + np.array([3.0, 0.0])  # as a supplier's minimum may fill it up
    ahead = spend_ahead(assessment, quantity, scenarios=16)
    play = replace(
        AheadPlay.of(assessment, ahead.rows, scenarios=16, days=371),
        ordered=quantity[ahead.rows],
    )
    spent_at = play.play(money=True).spent_at
    days = pd.date_range(assessment.setting.as_of.normalize(), periods=spent_at.shape[2], freq="7D")
    last = pd.Timestamp(ahead.months[-1]) + pd.offsets.MonthEnd(0)
    assert ahead.spent.sum(axis=1) == pytest.approx(spent_at[:, :, days <= last].sum(axis=2), rel=1e-4)
    by_month = spent_at[:, :, days.to_period("M") == pd.Period(str(ahead.months[3])[:7])].sum(axis=2)
    assert ahead.spent[:, 3] == pytest.approx(by_month, rel=1e-4)


def test_a_year_costs_about_what_is_sold(assess):
    assessment = assess()
    ahead = spend_ahead(assessment, assessment.decision.quantity, scenarios=32)
    years = len(ahead.months) / 12
    whole = ahead.spent.sum(axis=(1, 2)) / 32
    assert whole == pytest.approx([70 * 52 * 2.0 * years, 20 * 52 * 5.0 * years], rel=0.2)


def test_todays_order_is_in_the_first_month_and_full_stock_orders_later(assess):
    assessment = assess(on_hand=(0.0, 0.0))
    quantity = assessment.decision.quantity + 500.0
    first = spend_ahead(assessment, quantity, scenarios=8).spent[:, 0]
    today = quantity * np.array([2.0, 5.0])
    assert (first >= today[:, None] - 1e-3).all()
    full = assess(on_hand=(5000.0, 2000.0))
    assert (spend_ahead(full, full.decision.quantity, scenarios=8).spent[:, 0] == 0).all()


def test_months_begin_today_and_follow_the_calendar(assess):
    assessment = assess()
    ahead = spend_ahead(assessment, assessment.decision.quantity, scenarios=4)
    assert ahead.months[0] == np.datetime64(assessment.setting.as_of, "D")
    days = pd.DatetimeIndex(ahead.months[1:])
    assert (days.day == 1).all()
    assert len(ahead.months) == 12


def test_the_total_of_some_is_that_of_their_rows():
    spent = np.arange(12, dtype=np.float32).reshape(2, 3, 2)
    ids = np.array(["a", "b"], object)
    months = np.array(["2024-01-01", "2024-02-01", "2024-03-01"], "datetime64[D]")
    ahead = SpendAhead(np.arange(2), ids, ids, months, spent, common_error=0.0)
    assert ahead.total(np.array([0.0, 1.0])).tolist() == spent[1].tolist()
    assert ahead.total().tolist() == spent.sum(axis=0).tolist()
    assert ahead.total(np.zeros(2)).tolist() == np.zeros((3, 2)).tolist()
