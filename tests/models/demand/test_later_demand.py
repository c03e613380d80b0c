from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from panels import panel_of

from features.demand.lifecycle.succession import Succession
from features.demand.panel import Panel
from models.demand.later_demand import later_demand

H = 8
SUMMER = 1 + 0.9 * np.sin(2 * np.pi * (np.arange(300) - 13) / 52)
"""A season with its peak in the middle of the year."""


def make(y, freq="W-MON", first="2022-01-03", category=None) -> Panel:
    panel = panel_of(y, freq, first)
    return panel if category is None else replace(panel, static=pd.DataFrame({"category": category}))


def summer_goods(n=6, periods=104):
    """`n` SKUs that sell 20 to 120 a week in the mean, all in the same season; no noise."""
    return 20.0 * np.arange(1, n + 1)[:, None] * SUMMER[None, :periods]


def year_after(panel, mean, season=52, dead=(), steady=()):
    n = len(panel)
    rows = [np.isin(np.arange(n), given) for given in (dead, steady)]
    return later_demand(panel, np.asarray(mean, float), season, dead=rows[0], steady=rows[1])


def ahead(y, periods=104, h=H):
    """The true demand of the horizon of SKUs like `summer_goods`."""
    return y.mean(axis=1, keepdims=True) * SUMMER[None, periods : periods + h]


@pytest.mark.parametrize("periods", [52, 60, 104])
def test_a_winter_forecast_is_followed_by_the_summer(periods):
    y = summer_goods(periods=periods)
    truth = 20.0 * np.arange(1, 7)[:, None] * SUMMER[None, periods : periods + H + 52]
    later = year_after(make(y), truth[:, :H]).mean
    assert later.shape == (6, 52)
    np.testing.assert_allclose(later.sum(axis=1), truth[:, H:].sum(axis=1), rtol=0.12)
    np.testing.assert_allclose(later, truth[:, H:], atol=0.3 * truth.mean(axis=1).max())
    assert (later.max(axis=1) > 3 * later.min(axis=1)).all()


def test_the_level_lies_between_those_of_the_past_and_of_the_horizon():
    y = np.random.default_rng(1).normal(100, 5, (8, 104))
    higher = year_after(make(y), np.full((8, 26), 200.0)).mean.mean(axis=1)
    lower = year_after(make(y), np.full((8, 26), 50.0)).mean.mean(axis=1)
    assert higher == pytest.approx(np.full(8, (26 * 200 + 52 * 100) / 78), rel=0.04)
    assert lower == pytest.approx(np.full(8, (26 * 50 + 52 * 100) / 78), rel=0.04)


def test_a_trend_of_the_horizon_does_not_go_on():
    y = np.full((3, 104), 100.0)
    y[:, ::2] += 2
    later = year_after(make(y), np.tile(np.linspace(100, 140, H), (3, 1))).mean
    assert later[:, -8:].mean() == pytest.approx(later[:, :8].mean(), rel=0.02)
    assert later.max() < 110


def test_dead_skus_sell_nothing_later_and_steady_ones_as_ever():
    y = summer_goods()
    mean = ahead(y)
    mean[2] = 7.0
    later = year_after(make(y), mean, dead=[1], steady=[2]).mean
    assert (later[1] == 0).all()
    np.testing.assert_array_equal(later[2], np.full(52, 7.0))
    assert later[0].std() > 1


def test_a_new_sku_has_the_season_of_its_category():
    y = np.vstack([summer_goods(), np.full((1, 104), np.nan)])
    mean = np.vstack([ahead(y[:6]), np.full((1, H), 10.0)])
    later = year_after(make(y), mean).mean
    np.testing.assert_allclose(later[6] / later[6].mean(), later[3] / later[3].mean(), atol=0.25)
    of_late = SUMMER[104 - 13 : 104].mean()
    assert later[6].mean() == pytest.approx(10.0 / of_late, rel=0.25)


def test_a_replaced_sku_fades_and_its_successor_carries_the_season():
    y = summer_goods()
    start = np.datetime64("2023-12-04", "ns")
    y[1] = 0.0
    y[1, 100:] = y[0, 100:] / 2
    y[0, 100:] /= 2
    panel = replace(
        make(y),
        succession=Succession(
            np.array([0]), np.array([1]), np.array([1.0]), np.array([start]), np.array([False])
        ),
    )
    joint = 20.0 * SUMMER[104 : 104 + H]
    fade = 0.5 ** np.arange(2, H + 2)
    mean = ahead(summer_goods())
    mean[0], mean[1] = joint * fade, joint * (1 - fade)
    later = year_after(panel, mean).mean
    assert later[0].sum() < 0.1 * mean[0].sum() + 0.05
    assert later[1].sum() == pytest.approx(20.0 * SUMMER[104 + H : 156 + H].sum(), rel=0.15)


def test_a_panel_shorter_than_its_season_says_nothing_of_later():
    for later in (
        year_after(make(np.ones((2, 51))), np.ones((2, H))),
        year_after(make(np.ones((2, 104))), np.ones((2, H)), season=1),
        year_after(make(np.ones((2, 300)), freq="D"), np.ones((2, H)), season=7),
    ):
        assert later.mean.shape == (2, 0)
        assert later.ends_days.shape == (0,)


def test_later_demand_does_not_depend_on_the_unit_of_measure():
    rng = np.random.default_rng(3)
    y = rng.poisson(summer_goods()).astype(float)
    mean, factor = ahead(y), np.array([1000.0, 1, 1, 1e-3, 1, 1])[:, None]
    usual, changed = year_after(make(y), mean), year_after(make(y * factor), mean * factor)
    np.testing.assert_allclose(changed.mean, usual.mean * factor, rtol=1e-6)


def test_months_have_their_own_lengths():
    y = np.random.default_rng(5).poisson(50, (4, 30)).astype(float)
    later = year_after(make(y, "MS", "2021-01-01"), np.full((4, 2), 50.0), season=12)
    assert later.mean.shape == (4, 12)
    # the horizon is July and August 2023; the year after it ends with August 2024
    assert later.ends_days[:3].tolist() == [92.0, 123.0, 153.0]
    assert later.ends_days[-1] == 428.0


def test_days_have_the_season_of_the_year_beside_that_of_the_week():
    days = pd.date_range("2022-01-03", periods=728 + 28 + 364, freq="D")
    year = 1 + 0.8 * np.sin(2 * np.pi * (days.dayofyear.to_numpy() - 91) / 365.25)
    y = 20.0 * np.arange(1, 6)[:, None] * year * np.where(days.dayofweek == 6, 0.0, 7 / 6)
    later = year_after(make(y[:, :728], "D"), y[:, 728:756], season=7).mean
    assert later.shape == (5, 364)
    truth = y[:, 756:]
    assert (np.abs(later - truth).sum(axis=1) / truth.sum(axis=1)).max() < 0.25
    sunday = days[756:].dayofweek == 6
    assert later[:, sunday].mean() < 0.1 * later.mean()
    np.testing.assert_allclose(later.sum(axis=1), truth.sum(axis=1), rtol=0.1)


def test_before_a_planned_change_the_successor_has_the_level_that_the_replaced_sku_sells_at():
    y = np.random.default_rng(1).normal(100, 5, (8, 104))
    y[1] = np.nan
    start = make(y).future(27)[26:27]
    panel = replace(
        make(y),
        succession=Succession(np.array([0]), np.array([1]), np.array([1.0]), start, np.array([True])),
    )
    mean = np.full((8, 26), 100.0)
    mean[0], mean[1] = 200.0, 0.0
    later = year_after(panel, mean).mean
    assert (later[0] == 0).all()
    assert later[1].mean() == pytest.approx((26 * 200 + 52 * 100) / 78, rel=0.04)


def test_what_was_sold_long_ago_counts_less():
    y = np.random.default_rng(1).normal(100, 5, (8, 156))
    y[:, :52] *= 3
    later = year_after(make(y), np.full((8, H), 100.0)).mean.mean(axis=1)
    assert (later < 125).all()
