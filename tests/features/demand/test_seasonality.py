import numpy as np
import pandas as pd
import pytest

from features.demand.seasonality.positions import season_positions
from features.demand.seasonality.profile import seasonal_profile


@pytest.mark.parametrize(("freq", "season"), [("D", 7), ("MS", 12), ("W-MON", 52), ("QS-JAN", 4)])
def test_a_place_comes_back_after_a_season(freq, season):
    ds = pd.date_range("2020-01-01", periods=3 * season, freq=freq).to_numpy()
    place = season_positions(ds, freq, season)
    assert set(place) <= set(range(season))
    if freq != "W-MON":  # weeks follow the day of the year, and drift by a day a year
        np.testing.assert_array_equal(place[:season], place[season : 2 * season])


def test_a_season_of_ones_own_counts_periods():
    ds = pd.date_range("2020-01-01", periods=30, freq="D").to_numpy()
    place = season_positions(ds, "D", 14)
    np.testing.assert_array_equal(np.diff(place) % 14, 1)


def test_a_shared_season_is_found_and_lent_to_a_sku_that_hardly_sells():
    rng = np.random.default_rng(0)
    factor = 1 + 0.5 * np.sin(2 * np.pi * np.arange(48) / 12)
    means = np.array([50.0] * 10 + [0.1])
    y = rng.poisson(means[:, None] * factor).astype(float)
    profile = seasonal_profile(y, np.arange(48) % 12, 12, np.zeros(11, int))
    np.testing.assert_allclose(profile[:10], np.tile(factor[:12], (10, 1)), atol=0.25)
    assert np.corrcoef(profile[10], factor[:12])[0, 1] > 0.8
    np.testing.assert_allclose(profile.mean(axis=1), 1.0)


def test_short_panels_have_no_season():
    assert (seasonal_profile(np.ones((2, 14)), np.arange(14) % 12, 12, np.zeros(2, int)) == 1).all()


def test_seasons_that_are_chance_are_lent_to_nobody():
    rng = np.random.default_rng(0)
    y = np.vstack([rng.poisson(20, (10, 80)), np.full((1, 80), 70)]).astype(float)
    profile = seasonal_profile(y, np.arange(80) % 52, 52, np.zeros(11, int))
    np.testing.assert_allclose(profile[10], 1.0, rtol=1e-12)
    assert np.abs(profile[:10] - 1).max() < 0.15


def test_a_sku_with_a_steady_demand_does_not_take_the_season_of_the_others():
    rng = np.random.default_rng(0)
    factor = 1 + 0.5 * np.sin(2 * np.pi * np.arange(48) / 12)
    y = np.vstack([rng.poisson(50 * factor, (10, 48)), np.full((1, 48), 70)]).astype(float)
    profile = seasonal_profile(y, np.arange(48) % 12, 12, np.zeros(11, int))
    np.testing.assert_allclose(profile[:10], np.tile(factor[:12], (10, 1)), atol=0.25)
    np.testing.assert_allclose(profile[10], 1.0, atol=0.02)


def test_a_season_does_not_change_with_the_unit_of_measure():
    rng = np.random.default_rng(0)
    y = rng.poisson(20 * (1 + 0.5 * np.sin(2 * np.pi * np.arange(48) / 12)), (5, 48)).astype(float)
    in_grams = y * np.array([1.0, 1000.0, 1.0, 0.001, 1.0])[:, None]
    profiles = [
        seasonal_profile(values, np.arange(48) % 12, 12, np.zeros(5, int)) for values in (y, in_grams)
    ]
    np.testing.assert_allclose(profiles[0], profiles[1])
