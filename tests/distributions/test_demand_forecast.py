from dataclasses import replace

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


def with_year(forecast, later, length=7.0):
    """The forecast followed by a year of periods of `length` days with the means `later` (n, P)."""
    later = np.asarray(later, float)
    ends = forecast.ends_days[-1] + length * np.arange(1, later.shape[1] + 1)
    return replace(forecast, later_mean=later, later_ends_days=ends)


@pytest.fixture
def seasonal(make_forecast):
    """Two SKUs, 10 weeks at 70 and 7, then a year of 26 weeks at 70 and 26 at 210, or none and 14."""
    later = np.repeat([[70.0, 210.0], [0.0, 14.0]], 26, axis=1)
    return with_year(make_forecast([70, 7], [20, 2], periods=10), later)


def test_beyond_the_horizon_the_mean_is_that_of_each_later_period(seasonal):
    assert seasonal.mean_until(70 + 26 * 7) == pytest.approx([36 * 70, 70])
    assert seasonal.mean_until(7, elapsed=70 + 26 * 7) == pytest.approx([210, 14])
    assert seasonal.mean_until(3.5, elapsed=70 + 25.75 * 7) == pytest.approx([17.5 + 52.5, 3.5])


def test_within_the_horizon_later_periods_change_nothing(make_forecast, seasonal):
    alone, days = make_forecast([70, 7], [20, 2], periods=10), np.array([[3.0, 35.0, 70.0]] * 2)
    for one, other in zip(seasonal.window(days), alone.window(days), strict=True):
        np.testing.assert_array_equal(one, other)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0.1, 500), min_size=2, max_size=9), st.floats(0, 900))
def test_consecutive_windows_hold_what_the_whole_holds(lengths, elapsed):
    forecast = with_year(normal_daily_demand(5, 2, days=40, n=2), np.arange(104).reshape(2, 52))
    starts = elapsed + np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    parts = sum(forecast.mean_until(d, elapsed=t) for d, t in zip(lengths, starts, strict=True))
    assert parts == pytest.approx(forecast.mean_until(sum(lengths), elapsed=elapsed), rel=1e-6, abs=1e-4)


@pytest.mark.parametrize("days", [70.0, 200.0, 252.0, 253.0, 434.0])
@pytest.mark.parametrize("years", [1, 2, 5])
def test_after_the_later_periods_their_year_comes_again(seasonal, days, years):
    again = seasonal.mean_until(10, elapsed=days + years * 364)
    assert again == pytest.approx(seasonal.mean_until(10, elapsed=days))
    assert seasonal.mean_until(years * 364, elapsed=days) == pytest.approx(years * np.array([7280.0, 364.0]))


def test_in_units_a_thousand_times_smaller_all_is_a_thousand_times_as_much(seasonal):
    names = ("mean", "quantiles", "cumulative_mean", "cumulative", "later_mean")
    fine = replace(seasonal, **{name: getattr(seasonal, name) * 1000 for name in names})
    days = np.array([[30.0, 300.0, 900.0]] * 2)
    for one, other in zip(fine.window(days, elapsed=5.0), seasonal.window(days, elapsed=5.0), strict=True):
        np.testing.assert_allclose(one, other * 1000)
    quantity, level = np.array([4000.0, 90.0]), np.array([0.9, 0.9])
    for at in (None, level):
        expected = seasonal.days_to_use(quantity, level=at)
        assert fine.days_to_use(quantity * 1000, level=at) == pytest.approx(expected)


def test_a_horizon_as_good_as_the_year_keeps_its_relative_spread_beyond_it(make_forecast):
    forecast = with_year(make_forecast([210], [60], periods=10), [[210.0] * 26 + [70.0] * 26])
    relative = forecast.cumulative[:, -1] / 2100
    for days, mean in ((140.0, 4200.0), (434.0, 2100 + 26 * 280.0), (434.0 + 364, 2100 + 2 * 26 * 280.0)):
        assert forecast.demand_until(days).values == pytest.approx(relative * mean)


def test_a_horizon_off_season_does_not_lend_its_relative_spread_to_the_season(make_forecast):
    quarter = with_year(make_forecast([10], [10], periods=10), [[40.0] * 52])
    low, more = quarter.cumulative[:, -1], 40.0 * 26
    expected = low + more * np.maximum(1 + (low - 100) / 100 / 2, 0)
    assert quarter.demand_until(70 + 26 * 7).values == pytest.approx(expected)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.01, 300), st.floats(0, 40), st.floats(0, 900), st.floats(0, 300))
def test_longer_windows_hold_no_less_demand_in_any_season(mean, spread, days, more):
    forecast = with_year(normal_daily_demand(mean, spread, days=60), [[0.0] * 20 + [900.0] * 32])
    shorter, longer = forecast.demand_until(days), forecast.demand_until(days + more)
    assert (longer.values >= shorter.values - 1e-6 * (1 + shorter.values)).all()


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 60_000), st.floats(0, 10))
def test_stock_is_used_up_when_the_demand_of_its_season_says(quantity, elapsed):
    forecast = with_year(normal_daily_demand(20, 8, days=90), [[35.0] * 26 + [350.0] * 26])
    mean = forecast.days_to_use(np.array([quantity]), elapsed=elapsed)
    assert forecast.mean_until(mean, elapsed=elapsed) == pytest.approx([quantity], rel=1e-6)
    late = quantity + forecast.demand_until(90).quantile(0.95)
    cautious = forecast.days_to_use(late, level=np.array([0.95]))
    assert forecast.demand_until(cautious).quantile(0.95) == pytest.approx(late, rel=1e-6)


def test_stock_beyond_the_last_sale_lasts_for_ever(make_forecast):
    ending = with_year(make_forecast([70], [0], periods=4), [[0.0] * 52])
    assert ending.days_to_use(np.array([280.0])) == pytest.approx([28.0])
    assert ending.days_to_use(np.array([281.0])) == pytest.approx([np.inf])


def test_a_selection_takes_its_later_demand_along(seasonal):
    chosen = seasonal.select([1, 0, 1])
    assert chosen.mean_until(400) == pytest.approx(seasonal.mean_until(400)[[1, 0, 1]])
    assert seasonal.mean_until([400.0, 40.0], rows=np.array([1, 0])) == pytest.approx(
        [seasonal.mean_until(400)[1], seasonal.mean_until(40)[0]]
    )
