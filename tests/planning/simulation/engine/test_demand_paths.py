"""The engine's demand paths have the forecast's distributions, period by period and in their running sums."""

import numpy as np
import pytest
from normal_forecast import normal_forecast
from scipy.stats import binom

from distributions.distribution import Distribution
from planning.simulation.engine.common_random_numbers import Luck, name_keys, stratified_levels
from planning.simulation.engine.demand_paths import demand_paths

M = 2048


def shared_level_forecast(periods: int = 12):
    """100 ± 20 a week of its own, and a level that is off by 15 for all weeks."""
    forecast = normal_forecast([100.0], [25.0], periods=periods)
    k = np.arange(1, periods + 1)
    total = np.sqrt(k * 20.0**2 + (k * 15.0) ** 2)
    z = (forecast.quantiles[0, 0] - 100) / 25
    forecast.cumulative[:] = np.maximum(100 * k[:, None] + total[:, None] * z, 0)
    return forecast


def test_periods_and_sums_have_the_spread_of_the_forecast() -> None:
    forecast = shared_level_forecast()
    units = demand_paths(forecast, days=84, elapsed=0, scenarios=M).units[0]
    assert units.mean(axis=1) == pytest.approx(np.full(12, 100.0), abs=0.5)
    assert units.std(axis=1) == pytest.approx(np.full(12, 25.0), abs=0.8)
    sums = np.cumsum(units, axis=0).std(axis=1)
    wanted = Distribution(forecast.levels, forecast.cumulative[0]).std()
    assert sums / wanted == pytest.approx(np.ones(12), abs=0.08)
    assert sums[-1] > 1.3 * np.sqrt(12) * 25  # weeks on their own would have 87


def test_independent_periods_stay_independent() -> None:
    units = demand_paths(normal_forecast([100.0], [20.0]), days=182, elapsed=0, scenarios=M).units[0]
    assert np.cumsum(units, axis=0).std(axis=1)[-1] == pytest.approx(np.sqrt(26) * 20, rel=0.06)


def unlike_forecast(mean: float = 12.0, periods: int = 8):
    """A SKU of few weeks: skewed, its level unknown, and its weeks wider than what the sums of them allow."""
    forecast = normal_forecast([mean], [1.0], periods=periods)
    z = forecast.quantiles[0, 0] - mean
    k = np.arange(1, periods + 1)[:, None]
    forecast.quantiles[:] = 13.0 * np.exp(0.9 * z)
    forecast.cumulative[:] = 12.0 * k * np.exp(0.7 * z)
    return forecast


@pytest.mark.parametrize("start", [0, 8, 30])  # within the horizon and beyond it
def test_windows_have_the_sums_quantiles_that_reorder_points_stand_on(start: int) -> None:
    forecast = unlike_forecast()
    units = demand_paths(forecast, days=7 * 40, elapsed=0, scenarios=M).units[0]
    three = units[start : start + 3].sum(axis=0)
    sums = Distribution(forecast.levels, forecast.cumulative[:, 2])
    for level in (0.5, 0.9, 0.95):
        assert np.quantile(three, level) == pytest.approx(float(sums.quantile(level)[0]), rel=0.08)
    assert three.mean() == pytest.approx(float(sums.mean()[0]), rel=0.03)


def test_where_periods_and_sums_disagree_by_more_than_twice_the_periods_are_believed() -> None:
    forecast = unlike_forecast()
    forecast.cumulative[:] *= 10
    units = demand_paths(forecast, days=28, elapsed=0, scenarios=M).units[0]
    own = Distribution(forecast.levels, forecast.quantiles[0]).mean()
    assert units.mean(axis=1) == pytest.approx(2 * own[:4], rel=0.03)


def test_the_days_of_a_period_add_up_to_it_and_half_of_them_have_half_of_its_variance() -> None:
    paths = demand_paths(normal_forecast([1000.0], [100.0]), days=70, elapsed=0, scenarios=M)
    by_week = paths.by_day[0].reshape(M, 10, 7)
    assert by_week.sum(axis=2) == pytest.approx(paths.units[0, :10].T, rel=1e-4)
    three = by_week[:, :, :3].sum(axis=2)
    assert three.mean() == pytest.approx(1000 * 3 / 7, rel=0.01)
    assert three.std() == pytest.approx(100 * np.sqrt(3 / 7), rel=0.05)


def test_a_plan_within_a_period_begins_with_what_is_left_of_it() -> None:
    forecast = normal_forecast([70.0], [0.0])
    paths = demand_paths(forecast, days=20, elapsed=4, scenarios=4)
    assert paths.calendar[0].tolist() == [0, 4, 7]
    assert paths.by_day[0] == pytest.approx(np.full((4, 20), 10.0))
    assert paths.mean_between(np.array([[2.0]]), np.array([[9.5]]), rows=np.zeros(1, int)) == pytest.approx(
        75.0
    )
    assert paths.mean_between(np.array([[15.0]]), np.array([[30.0]]), rows=np.zeros(1, int)) == pytest.approx(
        150.0
    )  # beyond the paths


def test_whole_units_come_whole_and_keep_their_mean_beyond_the_horizon() -> None:
    forecast = normal_forecast([0.4], [0.0], periods=4)
    weeks = np.arange(1, 5)[:, None]
    forecast.quantiles[:] = np.where(forecast.levels > 0.6, 1.0, 0.0)
    forecast.cumulative[:] = binom.ppf(forecast.levels, weeks, 0.4)
    paths = demand_paths(forecast, days=364, elapsed=0, scenarios=256)
    assert (paths.by_day == np.round(paths.by_day)).all()
    assert paths.units[0, 4:].mean() == pytest.approx(0.4, abs=0.03)


def test_luck_is_keyed_by_names_and_not_by_rows() -> None:
    forecast = normal_forecast([100.0, 50.0, 70.0], [20.0, 10.0, 30.0])
    together = demand_paths(forecast, days=60, elapsed=0, scenarios=64)
    alone = demand_paths(forecast.select([2]), days=60, elapsed=0, scenarios=64)
    assert (together.by_day[2] == alone.by_day[0]).all()
    assert not np.array_equal(together.units[0] / 2, together.units[1])


def test_levels_have_one_in_each_slice_and_differ_by_name() -> None:
    keys = name_keys(np.array(["a", "b"], object), np.array(["s", "s"], object))
    levels = stratified_levels(keys, 30, 64, Luck.DEMAND)
    assert (np.sort((levels * 64).astype(int), axis=2) == np.arange(64)).mean() > 0.99
    assert abs(np.corrcoef(levels[0].ravel(), levels[1].ravel())[0, 1]) < 0.1
    longer = stratified_levels(keys, 40, 64, Luck.DEMAND)
    assert (longer[:, :30] == levels).all()
    others = stratified_levels(keys, 30, 64, Luck.ORDER)
    same_number = [abs(np.corrcoef(levels[0, k], others[0, k])[0, 1]) for k in range(30)]
    assert np.mean(same_number) < 0.2  # of 64 independent pairs: .1
    pairs = np.corrcoef(levels[0])
    assert abs(pairs[~np.eye(30, dtype=bool)]).mean() < 0.15
    assert (
        name_keys(np.array(["a"], object))[0]
        != name_keys(np.array(["a"], object), np.array(["s"], object))[0]
    )


def test_a_longer_path_begins_with_the_shorter_one() -> None:
    forecast = shared_level_forecast()
    short, long = (demand_paths(forecast, days=days, elapsed=3, scenarios=64).by_day for days in (100, 400))
    assert (long[:, :, :100] == short).all()
