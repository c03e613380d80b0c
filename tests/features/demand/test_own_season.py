"""A SKU keeps its own season as far as it is more than chance, which the panel tells."""

import numpy as np
import pytest

from features.demand.seasonality.own_season import LEAST, own_season, scatter

SEASON = 4
QUARTERS = np.array([0.5, 1.0, 1.5, 1.0])


def seasons(y):
    """Own seasons beside a borrowed one of ones, of demand y (n, T) around a level of 1."""
    y = np.atleast_2d(np.asarray(y, float))
    level = np.where(np.isnan(y), np.nan, 1.0)
    return own_season(y, level, np.arange(y.shape[1]) % SEASON, np.ones((len(y), SEASON)))


def noisy(strengths, noise, periods, seed=0):
    """Demand (n, T) whose season is the quarters' deviation times a strength, with noise of a standard deviation."""
    rng = np.random.default_rng(seed)
    factor = 1 + np.asarray(strengths)[:, None] * np.tile(QUARTERS - 1, periods // SEASON)
    return factor + rng.normal(0, noise, factor.shape)


def slope(found, truth=QUARTERS):
    """Share of the true deviation from 1 that is found, (n,)."""
    return ((found - 1) * (truth - 1)).sum(axis=1) / ((truth - 1) ** 2).sum()


def test_a_season_without_noise_is_kept_the_more_the_oftener_it_came():
    shares = [slope(seasons(np.tile(QUARTERS, years)))[0] for years in (2, 5, 20)]
    assert 0.5 < shares[0] < shares[1] < shares[2]
    assert shares[1:] == pytest.approx([1.0, 1.0], abs=0.07)
    assert shares[2] == pytest.approx(1.0, abs=0.01)


def test_what_is_chance_is_not_kept():
    found = seasons(noisy(np.zeros(200), 0.3, 16))
    by_chance = noisy(np.zeros(200), 0.3, 16).reshape(200, 4, SEASON).mean(axis=1)
    assert np.abs(found - 1).mean() < 0.35 * np.abs(by_chance - 1).mean()


def test_a_panel_of_strong_seasons_trusts_a_noisy_one_more_than_a_panel_of_none():
    strong, none = noisy(np.ones(60), 0.5, 12), noisy(np.zeros(60), 0.5, 12, seed=1)
    none[0] = strong[0]
    assert slope(seasons(strong))[0] > slope(seasons(none))[0] + 0.1


def test_the_seasons_are_better_than_the_raw_ones_and_than_none():
    strengths = np.repeat([0.0, 0.3, 1.0], 100)
    y, truth = noisy(strengths, 0.35, 12), 1 + strengths[:, None] * (QUARTERS - 1)
    raw = y.reshape(len(y), -1, SEASON).mean(axis=1)
    error, of_raw, of_none = (((x - truth) ** 2).mean() for x in (seasons(y), raw, np.ones_like(truth)))
    assert error < 0.75 * of_raw
    assert error < 0.6 * of_none


def test_a_position_that_was_never_seen_has_what_is_borrowed():
    y = np.tile(QUARTERS, 6)
    y[2::4] = np.nan
    found = seasons(y)[0]
    assert found[2] == 1.0
    assert found[0] == pytest.approx(0.5, abs=0.03)


def test_what_never_sells_in_a_quarter_keeps_a_factor_to_divide_by():
    assert seasons(np.tile([0.0, 1.0, 2.0, 1.0], 10))[0, 0] == LEAST


def test_scatter_is_half_the_mean_square_of_successive_differences():
    assert scatter(np.array([[1.0, 3.0, np.nan, 2.0, 1.0]])) == pytest.approx([(4 + 1) / 2 / 2])
    assert scatter(np.array([[5.0]])) == 0.0
