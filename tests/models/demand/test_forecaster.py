from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from configs.schema import DemandConfig
from features.demand.lifecycle.succession import Succession
from features.demand.panel import Panel
from models.demand.forecaster import DemandForecaster

PERIODS, H = 110, 4


def make(y, in_stock=None, category=None):
    n = len(y)
    return Panel(
        unique_ids=np.array([f"s{i:03}" for i in range(n)], object),
        ds=pd.date_range("2022-01-03", periods=y.shape[1], freq="W-MON").to_numpy(),
        freq="W-MON",
        y=y,
        in_stock=np.ones(y.shape, bool) if in_stock is None else in_stock,
        static=pd.DataFrame({"category": category or ["x"] * n}),
    )


def fit(panel, members=("level",), windows=4):
    return DemandForecaster(DemandConfig(members=members, windows=windows), H, threads=1).fit(panel)


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(0)
    y = rng.poisson(rng.lognormal(1, 0.8, (80, 1)), (80, PERIODS)).astype(float)
    panel = make(y)
    return panel, fit(panel)


def test_intervals_cover_what_they_say_on_periods_not_seen(fitted):
    _, model = fitted
    past = model.backtest_
    for quantiles, actual in ((past.quantiles, past.y), (past.cumulative, past.y_cumulative)):
        known = ~np.isnan(actual)
        low, high = quantiles[..., 3], quantiles[..., 21]
        inside = ((low <= actual) & (actual <= high))[known].mean()
        between = ((low < actual) & (actual < high))[known].mean()
        assert between - 0.02 < 0.9 < inside + 0.02


def test_the_spread_of_a_sum_is_less_than_the_sum_of_spreads(fitted):
    panel, model = fitted
    forecast = model.predict(panel, H)
    width, sum_of_widths = (
        np.ptp(forecast.cumulative[:, -1, 3:22], axis=1),
        np.ptp(forecast.quantiles[:, :, 3:22], axis=2).sum(axis=1),
    )
    assert width.sum() < 0.75 * sum_of_widths.sum()


def test_the_backtest_frame_holds_what_happened_and_what_was_forecast(fitted):
    panel, model = fitted
    frame = model.backtest_.frame()
    row = frame.iloc[1234]
    series = panel.y[list(panel.unique_ids).index(row["unique_id"])]
    at = int(np.flatnonzero(panel.ds == row["ds"].to_datetime64())[0])
    assert series[at] == row["y"]
    assert row["ds"] == row["cutoff"] + pd.Timedelta(weeks=int(row["k"]))
    assert row["q0.05"] <= row["q0.95"] <= row["cumulative_q0.95"] + row["q0.95"]


def test_stockouts_do_not_pull_the_forecast_down():
    rng = np.random.default_rng(0)
    truth = rng.poisson(8, (60, PERIODS)).astype(float)
    in_stock = rng.random(truth.shape) > 0.3
    sold = np.where(in_stock, truth, 0.0)
    censored = fit(make(sold, in_stock)).predict(make(sold, in_stock), H).mean.mean()
    as_zeros = fit(make(sold)).predict(make(sold), H).mean.mean()
    assert abs(censored - 8) < 0.4
    assert as_zeros < 6.5


def test_a_new_sku_borrows_from_its_category_and_says_so():
    rng = np.random.default_rng(0)
    means = np.array([2.0] * 20 + [50.0] * 20)
    y = rng.poisson(means[:, None], (40, PERIODS)).astype(float)
    y[[0, 20]] = np.nan
    panel = make(y, category=["small"] * 20 + ["large"] * 20)
    forecast = fit(panel).predict(panel, H)
    assert forecast.reason[[0, 20]].tolist() == ["new_from_category"] * 2
    assert forecast.demand_class[[0, 20]].tolist() == ["short"] * 2
    assert 1 < forecast.mean[0, 0] < 15 < 35 < forecast.mean[20, 0] < 55
    assert (forecast.reason[1:20] == "").all()


def test_a_dead_sku_gets_next_to_nothing_and_says_so():
    rng = np.random.default_rng(0)
    y = rng.poisson(6, (30, PERIODS)).astype(float)
    y[0, 40:] = 0
    panel = make(y)
    forecast = fit(panel).predict(panel, H)
    assert forecast.reason[0] == "dead"
    assert forecast.mean[0].max() < 0.1
    assert forecast.quantiles[0, 0, 12] == 0


def test_a_season_shared_by_all_is_forecast():
    rng = np.random.default_rng(0)
    season = 1 + 0.6 * np.sin(2 * np.pi * np.arange(PERIODS + H) / 52)
    panel = make(rng.poisson(20 * season[:PERIODS], (20, PERIODS)).astype(float))
    forecast = fit(panel, ("level", "boosting"), windows=1).predict(panel, H).mean.mean(axis=0)
    np.testing.assert_allclose(forecast, 20 * season[PERIODS:], rtol=0.15)


def test_a_relaunched_sku_has_the_level_after_its_pause_and_says_so():
    rng = np.random.default_rng(0)
    y = rng.poisson(20, (20, PERIODS)).astype(float)
    y[0, 30:98], y[0, 98:] = 0, rng.poisson(6, PERIODS - 98)
    panel = make(y)
    forecast = fit(panel, ("level", "boosting"), windows=1).predict(panel, H)
    assert forecast.reason[0] == "relaunched"
    assert (forecast.reason[1:] == "").all()
    assert 4 < forecast.mean[0].mean() < 9


def test_a_successor_forecasts_what_the_old_one_sold_and_nothing_counts_twice():
    rng = np.random.default_rng(0)
    y = rng.poisson(20, (30, PERIODS)).astype(float)
    y[1] = np.nan
    panel, row = make(y), np.array([0])
    pair = Succession(row, row + 1, np.ones(1), panel.future(1)[:1], np.array([False]))
    panel = replace(panel, succession=pair)
    forecast = fit(panel).predict(panel, H)
    alone = fit(make(y[[0, *range(2, 30)]])).predict(make(y[[0, *range(2, 30)]]), H)
    assert forecast.reason[:2].tolist() == ["replaced", "carried_over"]
    np.testing.assert_allclose(forecast.mean[:2].sum(axis=0), alone.mean[0], rtol=0.02)
    assert forecast.mean[0].max() == 0


def test_demand_that_never_varied_is_forecast_as_it_was_and_never_sold_as_nothing():
    rng = np.random.default_rng(0)
    y = np.vstack([np.full((1, 80), 70.0), np.zeros((1, 80)), rng.poisson(5, (4, 80))])
    forecast = fit(make(y), members=("level", "boosting")).predict(make(y), H)
    for row, always in ((0, 70.0), (1, 0.0)):
        np.testing.assert_array_equal(forecast.mean[row], always)
        np.testing.assert_array_equal(forecast.quantiles[row], always)
        np.testing.assert_allclose(
            forecast.cumulative[row], always * np.arange(1, H + 1)[:, None] * np.ones(forecast.levels.size)
        )
    assert (np.diff(forecast.cumulative[2:], axis=2) > 0).any()


def test_skus_that_no_chosen_member_serves_have_the_seasonal_level():
    y = np.random.default_rng(0).poisson(20, (6, 60)).astype(float)
    forecast = fit(make(y), members=("tsb",)).predict(make(y), H)
    np.testing.assert_allclose(forecast.mean.mean(axis=1), y.mean(axis=1), rtol=0.15)


def test_a_loaded_model_knows_each_skus_own_spread(fitted, tmp_path):
    panel, model = fitted
    model.save(tmp_path)
    loaded = DemandForecaster.load(tmp_path)
    np.testing.assert_array_equal(loaded.calibrations_.period.own, model.calibrations_.period.own)
    np.testing.assert_array_equal(loaded.predict(panel, H).cumulative, model.predict(panel, H).cumulative)


def test_a_model_of_before_own_spreads_were_learned_still_loads(fitted, tmp_path):
    panel, model = fitted
    model.save(tmp_path)
    (tmp_path / "own_spread.parquet").unlink()
    forecast = DemandForecaster.load(tmp_path).predict(panel, H)
    np.testing.assert_array_equal(forecast.mean, model.predict(panel, H).mean)
    assert (np.diff(forecast.cumulative, axis=2) >= 0).all()
