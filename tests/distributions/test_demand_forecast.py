import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from distributions.parametric import normal_daily_demand


def test_certain_demand_stays_certain_between_period_ends(make_forecast):
    half = make_forecast([70], [0]).demand_until(10.5)
    assert half.values[0] == pytest.approx(np.full(25, 105.0))


def test_half_a_period_has_root_half_of_its_spread(make_forecast):
    week = make_forecast([700], [70])
    assert week.demand_until(3.5).std() == pytest.approx(week.demand_until(7).std() * np.sqrt(0.5), rel=1e-3)


def test_at_a_period_end_the_forecast_itself_is_given(make_forecast):
    forecast = make_forecast([50], [20])
    assert forecast.demand_until(21).values == pytest.approx(forecast.cumulative[:, 2])


def test_beyond_the_horizon_demand_goes_on_in_proportion(make_forecast):
    forecast = make_forecast([70], [20], periods=4)
    assert forecast.demand_until(56).values == pytest.approx(forecast.cumulative[:, -1] * 2)
    assert forecast.mean_until(56) == pytest.approx([560.0])


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 300), st.floats(0, 40), st.floats(0, 90), st.floats(0, 30))
def test_longer_windows_hold_no_less_demand(mean, spread, days, more):
    forecast = normal_daily_demand(mean, spread, days=60)
    shorter, longer = forecast.demand_until(days), forecast.demand_until(days + more)
    assert (longer.values >= shorter.values - 1e-6 * (1 + shorter.values)).all()


def test_a_later_window_has_its_own_mean(make_forecast):
    forecast = make_forecast([70], [20], rise=0.5)
    later = forecast.demand_until(7, elapsed=7)
    assert forecast.mean_until(7, elapsed=7) == pytest.approx([105.0])
    assert later.mean() == pytest.approx([105.0], rel=1e-2)


def test_the_mean_of_a_window_is_the_difference_of_running_means(make_forecast):
    forecast = make_forecast([70, 7], [20, 2], rise=0.1)
    t = np.array([[1.0, 9.0, 400.0], [2.0, 30.0, 500.0]])
    expected = forecast.mean_until(t + 3.0) - forecast.mean_until(3.0)[:, None]
    assert forecast.mean_until(t, elapsed=3.0) == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 5000), st.floats(0, 10))
def test_the_day_on_which_stock_is_used_up_is_the_day_its_demand_says(quantity, elapsed):
    forecast = normal_daily_demand(20, 8, days=90)
    mean = forecast.days_to_use(np.array([quantity]), elapsed=elapsed)
    assert forecast.mean_until(mean, elapsed=elapsed) == pytest.approx([quantity], rel=1e-6)
    cautious = forecast.days_to_use(np.array([quantity]), elapsed=elapsed, level=np.array([0.95]))
    assert cautious <= mean + 1e-9


def test_stock_without_demand_lasts_for_ever(make_forecast):
    assert make_forecast([0], [0]).days_to_use(np.array([5.0])) == pytest.approx([np.inf])
