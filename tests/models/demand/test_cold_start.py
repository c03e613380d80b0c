"""How much little own demand counts against what others of the category sell."""

import numpy as np
import pandas as pd
import pytest

from features.demand.panel import Panel
from models.demand.cold_start import LevelPrior, level_prior, shrink_to_prior

PERIODS = 40


def panel_of(y):
    n, T = y.shape
    return Panel(
        unique_ids=np.array([f"s{i:03}" for i in range(n)], object),
        ds=pd.date_range("2023-01-02", periods=T, freq="W-MON").to_numpy(),
        freq="W-MON",
        y=y,
        in_stock=np.ones(y.shape, bool),
        static=pd.DataFrame({"category": ["c"] * n}),
    )


def test_own_demand_counts_for_more_where_skus_of_a_category_differ_more():
    rng = np.random.default_rng(0)
    noise = rng.gamma(4, 0.25, (400, PERIODS))
    alike = panel_of(10 * rng.lognormal(0, 0.1, (400, 1)) * noise)
    different = panel_of(10 * rng.lognormal(0, 1.5, (400, 1)) * noise)
    assert level_prior(different, different).periods < 0.5 < 2.0 < level_prior(alike, alike).periods


def test_without_skus_to_learn_from_one_period_weighs_as_much_as_the_category():
    short = panel_of(np.ones((5, 6)))
    assert level_prior(short, short).periods == 1.0


def test_a_sku_without_a_past_has_the_mean_of_its_category():
    y = (
        np.random.default_rng(1)
        .poisson(np.array([1.0, 4.0, 16.0, 64.0])[:, None], (4, PERIODS))
        .astype(float)
    )
    panel = panel_of(np.vstack([np.repeat(y, 30, axis=0), np.full((1, PERIODS), np.nan)]))
    prior = level_prior(panel, panel)
    weight = prior.own_weight(panel)
    new = shrink_to_prior(np.zeros((len(panel), 1)), weight, prior)[-1, 0]
    assert weight[-1] == 0.0
    assert new == pytest.approx(y[:, -13:].mean(), rel=0.02)


def test_a_sku_known_well_keeps_its_own_forecast():
    prior = LevelPrior(root=np.array([3.0, 3.0]), variance=np.ones(2), deviation=np.ones(2), periods=1.0)
    own = np.array([[7.0, 8.0], [0.0, 2.0]])
    assert shrink_to_prior(own, np.ones(2), prior) == pytest.approx(own)


def test_what_is_borrowed_leaves_a_steady_level_where_it_is():
    """Eight periods of about 110 among SKUs of a million: their category says nothing of them."""
    large = np.random.default_rng(2).gamma(9, 1e5, (30, PERIODS))
    small = np.full((1, PERIODS), np.nan)
    small[0, -8:] = [104, 106, 107, 110, 113, 116, 120, 124]
    panel = panel_of(np.vstack([large, small]))
    prior = level_prior(panel, panel)
    weight = prior.own_weight(panel)
    forecast = shrink_to_prior(np.full((31, 1), 120.0), weight, prior)[-1, 0]
    assert forecast == pytest.approx(120, rel=0.1)
    assert prior.level_uncertainty(weight)[-1] < 1
    assert (
        np.diff(np.sqrt([120, forecast]))[0] <= 2.365 * np.sqrt(small[0, -8:]).std(ddof=1) / np.sqrt(8) * 1.2
    )


def test_a_level_that_is_hardly_known_is_borrowed_as_before():
    y = np.random.default_rng(3).poisson(20.0, (30, PERIODS)).astype(float)
    y[0, :-2] = np.nan
    y[0, -2:] = [9, 14]
    panel = panel_of(y)
    prior = level_prior(panel, panel)
    assert prior.own_weight(panel)[0] == pytest.approx(2 / (2 + prior.periods))
    one = panel_of(np.where(np.arange(PERIODS) < PERIODS - 1, np.nan, y))
    assert prior.own_weight(one) == pytest.approx(1 / (1 + prior.periods))


def test_a_large_sku_among_small_ones_stays_large():
    """Their levels differ little, and so leave little uncertain: what keeps it is that they are far away."""
    small = np.random.default_rng(2).gamma(400, 0.25, (30, PERIODS))
    large = np.full((1, PERIODS), np.nan)
    large[0, -6:] = 1e6 * np.array([0.98, 1.01, 1.0, 1.02, 0.99, 1.0])
    panel = panel_of(np.vstack([small, large]))
    prior = level_prior(panel, panel)
    forecast = shrink_to_prior(np.full((31, 1), 1e6), prior.own_weight(panel), prior)[-1, 0]
    assert forecast == pytest.approx(1e6, rel=0.02)


def test_after_a_relaunch_no_more_stays_uncertain_than_the_sku_s_own_demand_leaves_open():
    random = np.random.default_rng(4)
    y = np.vstack([random.gamma(9, 1e5, (30, PERIODS)), np.full((1, PERIODS), np.nan)])
    y[-1, -3:] = [118, 121, 122]
    panel = panel_of(y)
    category = level_prior(panel, panel)
    before = LevelPrior(np.full(31, 10.5), np.zeros(31), category.deviation, category.periods)
    half_width = 4.303 * np.sqrt(y[-1, -3:]).std(ddof=1) / np.sqrt(3)
    assert (
        before.level_uncertainty(before.own_weight(panel))[-1]
        <= max(half_width, 4.303 * 0.5 / np.sqrt(3)) * 1.01
    )
