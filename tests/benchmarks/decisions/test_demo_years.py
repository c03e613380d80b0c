import numpy as np
import pytest
from normal_forecast import normal_forecast

from benchmarks.decisions.demo_years import spread_over_days, weekly_demand

YEARS = 3000


def test_weeks_have_the_forecasts_mean_and_their_sum_its_spread():
    forecast = normal_forecast([100.0], [20.0], periods=10)
    weekly = weekly_demand(forecast, weeks=30, years=YEARS, rng=np.random.default_rng(0))
    assert weekly.mean(axis=1) == pytest.approx(np.full(30, 100), abs=2)
    assert weekly[:10].sum(axis=0).std() == pytest.approx(20 * np.sqrt(10), rel=0.07)


def test_weeks_with_a_common_level_spread_more_in_sum():
    forecast = normal_forecast([100.0], [20.0], periods=10)
    centre, wide = forecast.cumulative_mean[..., None], forecast.cumulative.copy()
    wide = centre + 2 * (wide - centre)
    level = type(forecast)(**{**vars(forecast), "cumulative": wide})
    weekly = weekly_demand(level, weeks=10, years=YEARS, rng=np.random.default_rng(0))
    assert weekly.sum(axis=0).std() == pytest.approx(2 * 20 * np.sqrt(10), rel=0.07)
    assert weekly.std(axis=1) == pytest.approx(np.full(10, 20), rel=0.07)


def test_days_add_up_to_their_week_and_spread_as_independent_days():
    forecast = normal_forecast([100.0], [20.0], periods=10)
    weekly = weekly_demand(forecast, weeks=10, years=YEARS, rng=np.random.default_rng(0))
    days = spread_over_days(forecast, weekly, np.random.default_rng(1))
    assert days.reshape(10, 7, YEARS).sum(axis=1) == pytest.approx(weekly)
    assert days.std() == pytest.approx(20 / np.sqrt(7), rel=0.07)
