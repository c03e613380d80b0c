import numpy as np
import pandas as pd
import pytest
from scipy import stats

from features.demand.censoring import completed, tail_moments
from features.demand.panel import Panel


def stockouts(spread, share, seasonal=0.0, seed=0):
    """Demand of 400 SKUs, and what a stock of about its `share` quantile let them sell."""
    rng = np.random.default_rng(seed)
    level = rng.lognormal(3, 0.8, (400, 1)) * (1 + seasonal * np.sin(2 * np.pi * np.arange(157) / 52))
    demand = rng.poisson(level * rng.gamma(1 / spread, spread, (400, 157))).astype(float)
    usual = np.quantile(demand, share, axis=1, keepdims=True)
    stock = np.maximum(np.ceil(usual * (1 + rng.normal(0, 0.15, demand.shape))), 1.0)
    return demand, np.minimum(demand, stock), demand < stock


@pytest.mark.parametrize(
    ("spread", "share", "seasonal"), [(0.1, 0.8, 0), (0.5, 0.8, 0), (0.1, 0.6, 0), (0.1, 0.8, 0.5)]
)
def test_high_demand_that_empties_the_shelf_biases_the_completed_mean_by_less_than_two_percent(
    spread, share, seasonal
):
    demand, sold, in_stock = stockouts(spread, share, seasonal)
    truth = demand.mean()
    known = np.nanmean(np.where(in_stock, sold, np.nan), axis=1).mean()
    assert sold.mean() < 0.95 * truth
    assert known < 0.9 * truth
    assert abs(np.nanmean(completed(sold, in_stock, 52)) / truth - 1) < 0.02


@pytest.mark.parametrize(
    ("law", "b"),
    [
        (stats.nbinom(3, 0.2), 9),
        (stats.nbinom(0.7, 0.3), 1),
        (stats.nbinom(40, 0.5), 60),
        (stats.poisson(2), 4),
    ],
)
def test_the_tail_of_counts_is_that_of_the_negative_binomial(law, b):
    d = np.arange(b, 2000)
    p = law.pmf(d) / law.sf(b - 1)
    first, second = tail_moments(*np.atleast_1d(float(b), law.mean(), law.var()), np.array([True]))
    np.testing.assert_allclose([first[0], second[0]], [(p * d).sum(), (p * d**2).sum()], rtol=0.01)


def test_the_tail_of_fractions_is_that_of_the_gamma():
    law, b = stats.gamma(2.5, scale=0.3), 1.1
    first, _ = tail_moments(*np.atleast_1d(b, law.mean(), law.var()), np.array([False]))
    np.testing.assert_allclose(first, law.expect(lambda d: d, lb=b, conditional=True), rtol=1e-6)


def test_sales_beyond_all_experience_are_still_a_lower_bound():
    first, second = tail_moments(
        np.array([1e6, 1e6]), np.array([2.0, 2.0]), np.array([2.0, 0.1]), np.array([True, False])
    )
    assert (first >= 1e6).all()
    assert np.isfinite(second).all()


def test_a_stockout_without_sales_says_nothing_and_nothing_else_changes():
    y = np.array([[4.0, 0.0, 6.0, 0.0], [3.0, 2.0, np.nan, 1.0]])
    in_stock = np.array([[True, False, True, True], [True] * 4])
    np.testing.assert_array_equal(completed(y, in_stock), [[4, np.nan, 6, 0], [3, 2, np.nan, 1]])


def test_stockouts_before_anything_is_known_stay_missing():
    np.testing.assert_array_equal(
        completed(np.array([[5.0, 3.0]]), np.array([[False, True]])), [[np.nan, 3.0]]
    )


def test_later_periods_change_nothing_before_them():
    _, sold, in_stock = stockouts(0.3, 0.8)
    before = completed(sold[:, :100], in_stock[:, :100], 52)
    sold[:, 100:], in_stock[:, 100:] = 0.5, np.random.default_rng(1).random((400, 57)) > 0.5
    np.testing.assert_array_equal(completed(sold, in_stock, 52)[:, :100], before)


def test_a_season_of_all_skus_is_known_a_year_later():
    demand, sold, in_stock = stockouts(0.1, 0.7, 0.5)
    high, low = slice(104, 130), slice(130, 156)
    for part in (high, low):
        found = np.nanmean(completed(sold, in_stock, 52)[:, part], axis=1).mean()
        assert abs(found / demand[:, part].mean() - 1) < 0.02


def test_an_earlier_look_at_a_panel_learns_from_what_it_would_have_learned_then():
    _, sold, in_stock = stockouts(0.3, 0.8)
    ds = pd.date_range("2022-01-03", periods=157, freq="W-MON").to_numpy()
    ids = np.array([f"s{i:03}" for i in range(400)], object)
    static = pd.DataFrame({"category": ["x"] * 400})
    whole = Panel(unique_ids=ids, ds=ds, freq="W-MON", y=sold, in_stock=in_stock, static=static)
    then = Panel(
        unique_ids=ids, ds=ds[:90], freq="W-MON", y=sold[:, :90], in_stock=in_stock[:, :90], static=static
    )
    np.testing.assert_array_equal(whole.until(90).learned, then.learned)
