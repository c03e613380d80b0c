from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from features.demand.censoring import impute_censored
from features.demand.panel import Panel


def stockouts(spread, share, seasonal=0.0, seed=0):
    """Demand of 400 SKUs, and what a stock of about its `share` quantile let them sell."""
    rng = np.random.default_rng(seed)
    level = rng.lognormal(3, 0.8, (400, 1)) * (1 + seasonal * np.sin(2 * np.pi * np.arange(157) / 52))
    demand = rng.poisson(level * rng.gamma(1 / spread, spread, (400, 157))).astype(float)
    typical = np.quantile(demand, share, axis=1, keepdims=True)
    stock = np.maximum(np.ceil(typical * (1 + rng.normal(0, 0.15, demand.shape))), 1.0)
    return demand, np.minimum(demand, stock), demand < stock


@pytest.mark.parametrize(
    ("spread", "share", "seasonal"), [(0.1, 0.8, 0), (0.5, 0.8, 0), (0.1, 0.6, 0), (0.1, 0.8, 0.5)]
)
def test_high_demand_that_empties_the_shelf_biases_the_imputed_mean_by_less_than_two_percent(
    spread, share, seasonal
):
    demand, sold, in_stock = stockouts(spread, share, seasonal)
    truth = demand.mean()
    known = np.nanmean(np.where(in_stock, sold, np.nan), axis=1).mean()
    assert sold.mean() < 0.95 * truth
    assert known < 0.9 * truth
    assert abs(np.nanmean(impute_censored(sold, in_stock, 52)) / truth - 1) < 0.02


@pytest.mark.parametrize(("slips", "most"), [(1, 1.1), (5, 1.4)])
def test_a_slip_of_the_keyboard_hardly_moves_what_other_skus_are_taken_to_have_sold(slips, most):
    _, sold, in_stock = stockouts(0.1, 0.8)
    sold, in_stock = sold[:30], in_stock[:30]
    before = impute_censored(sold, in_stock, 52)[slips:]
    slip = sold.copy()
    slip[:slips, 40] = 1e11
    after = impute_censored(slip, in_stock, 52)[slips:]
    np.testing.assert_array_equal(after[:, :40], before[:, :40])
    assert np.nanmean(after) / np.nanmean(before) < 1 + (most - 1) / 3
    assert np.nanmax(after / np.where(before > 0, before, np.nan)) < most


def test_a_stockout_without_sales_says_nothing_and_nothing_else_changes():
    y = np.array([[4.0, 0.0, 6.0, 0.0], [3.0, 2.0, np.nan, 1.0]])
    in_stock = np.array([[True, False, True, True], [True] * 4])
    np.testing.assert_array_equal(impute_censored(y, in_stock), [[4, np.nan, 6, 0], [3, 2, np.nan, 1]])


def test_stockouts_before_anything_is_known_stay_missing():
    np.testing.assert_array_equal(
        impute_censored(np.array([[5.0, 3.0]]), np.array([[False, True]])), [[np.nan, 3.0]]
    )


def test_later_periods_change_nothing_before_them():
    _, sold, in_stock = stockouts(0.3, 0.8)
    before = impute_censored(sold[:, :100], in_stock[:, :100], 52)
    sold[:, 100:], in_stock[:, 100:] = 0.5, np.random.default_rng(1).random((400, 57)) > 0.5
    np.testing.assert_array_equal(impute_censored(sold, in_stock, 52)[:, :100], before)


def test_a_season_of_all_skus_is_known_a_year_later():
    demand, sold, in_stock = stockouts(0.1, 0.7, 0.5)
    high, low = slice(104, 130), slice(130, 156)
    for part in (high, low):
        found = np.nanmean(impute_censored(sold, in_stock, 52)[:, part], axis=1).mean()
        assert abs(found / demand[:, part].mean() - 1) < 0.02


def test_the_imputed_demand_of_an_earlier_panel_is_what_it_was_then():
    _, sold, in_stock = stockouts(0.3, 0.8)
    ds = pd.date_range("2022-01-03", periods=157, freq="W-MON").to_numpy()
    ids = np.array([f"s{i:03}" for i in range(400)], object)
    static = pd.DataFrame({"category": ["x"] * 400})
    whole = Panel(unique_ids=ids, ds=ds, freq="W-MON", y=sold, in_stock=in_stock, static=static)
    then = Panel(
        unique_ids=ids, ds=ds[:90], freq="W-MON", y=sold[:, :90], in_stock=in_stock[:, :90], static=static
    )
    np.testing.assert_array_equal(whole.until(90).uncensored, then.uncensored)


def test_imputed_demand_is_dropped_with_the_demand_it_was_made_for():
    _, sold, in_stock = stockouts(0.3, 0.8)
    panel = Panel(
        unique_ids=np.array([f"s{i:03}" for i in range(400)], object),
        ds=pd.date_range("2022-01-03", periods=157, freq="W-MON").to_numpy(),
        freq="W-MON",
        y=sold,
        in_stock=in_stock,
        static=pd.DataFrame({"category": ["x"] * 400}),
    )
    before = panel.until(90)
    doubled, stocked = (
        replace(before, y=2 * before.y),
        replace(before, in_stock=np.ones_like(before.in_stock)),
    )
    np.testing.assert_array_equal(doubled.uncensored, impute_censored(doubled.y, before.in_stock, 52))
    np.testing.assert_array_equal(stocked.uncensored, before.y)
    other_static = replace(before, static=panel.static.assign(category="y"))
    assert other_static.uncensored is before.imputed.values
