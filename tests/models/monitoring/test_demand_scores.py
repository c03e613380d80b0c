import numpy as np
import pandas as pd
import pytest

from configs.schema import DataConfig
from distributions.demand_forecast import DemandForecast
from distributions.levels import BACKTEST_LEVELS
from distributions.pinball import pinball_loss
from features.contract.tables import Tables, empty_table
from features.demand.panel_from_tables import make_panel
from models.monitoring.demand_scores import score_stored_forecast
from models.monitoring.naive_benchmark import NaiveBenchmark

DAY = pd.Timestamp("2024-01-01")


def panel_of(y, in_stock=None):
    y = np.atleast_2d(np.asarray(y, float))
    ds = pd.date_range(DAY, periods=y.shape[1], freq="W-MON")
    demand = pd.DataFrame(
        {
            "unique_id": np.repeat([f"sku{i}" for i in range(len(y))], len(ds)),
            "ds": np.tile(ds, len(y)),
            "y": y.ravel(),
            "in_stock": True if in_stock is None else np.ravel(in_stock),
        }
    )
    tables = Tables(**{name: empty_table(name) for name in Tables.__dataclass_fields__} | {"demand": demand})
    return make_panel(tables, DataConfig(), freq="W-MON")


def forecast_of(panel, at, mean, spread=10.0):
    """`mean` for three periods after the first `at`, evenly between mean ± spread."""
    n = len(panel)
    starts = pd.date_range(panel.ds[at - 1], periods=5, freq="W-MON")[1:].to_numpy()
    quantiles = mean + spread * (2 * BACKTEST_LEVELS - 1)
    period = np.broadcast_to(quantiles, (n, 3, 19))
    means = np.full((n, 3), float(mean))
    return DemandForecast(
        panel.unique_ids, pd.Timestamp(panel.ds[at - 1]), starts, BACKTEST_LEVELS, means, period,
        means.cumsum(1), period.cumsum(1), np.full(n, "smooth", object), np.full(n, "", object),
    )  # fmt: skip


def test_sums_are_of_the_periods_that_came_in_naive_errors_before_the_cutoff():
    panel = panel_of([10, 14, 10, 14, 20, 24])
    rows = score_stored_forecast(forecast_of(panel, 4, 20), panel, NaiveBenchmark.of(panel.until(4)))
    assert rows["k"].tolist() == [1, 2]  # the third period has not come yet
    assert rows["demand"].tolist() == [20, 24]
    assert rows["inside_90"].tolist() == [1, 1]
    quantiles = 20 + 10 * (2 * BACKTEST_LEVELS - 1)
    loss = pinball_loss(np.array([20.0, 24.0]), np.tile(quantiles, (2, 1))) / 4
    np.testing.assert_allclose(rows["scaled_pinball"], loss)


def test_periods_out_of_stock_are_not_scored():
    panel = panel_of([10, 14, 10, 14, 0, 24], in_stock=[1, 1, 1, 1, 0, 1])
    rows = score_stored_forecast(forecast_of(panel, 4, 20), panel, NaiveBenchmark.of(panel.until(4)))
    assert rows["k"].tolist() == [2]


def test_what_came_before_the_cutoff_is_not_scored():
    panel = panel_of([10, 14, 10, 14])
    assert len(score_stored_forecast(forecast_of(panel, 4, 20), panel, NaiveBenchmark.of(panel))) == 0


def test_skus_that_came_or_went_since_do_not_disturb_the_others():
    panel = panel_of([[10, 14, 10, 14, 20, 24], [5, 5, 6, 5, 6, 5]])
    alone = panel_of([10, 14, 10, 14, 20, 24])
    scores = [
        score_stored_forecast(forecast_of(alone, 4, 20), held, NaiveBenchmark.of(held.until(4)))
        for held in (panel, alone)
    ]
    pd.testing.assert_frame_equal(*scores)


def test_the_seasonal_naive_repeats_the_last_season_with_its_past_errors():
    rng = np.random.default_rng(1)
    season = 10 + 5 * np.sin(np.arange(52) / 52 * 2 * np.pi)
    y = np.tile(season, 3) + rng.normal(0, 1, 156)
    panel = panel_of(y)
    naive = NaiveBenchmark.of(panel.until(104))
    quantiles = naive.seasonal_naive_quantiles(panel.y, 104, 60)[0]
    np.testing.assert_allclose(naive.spread[0], np.quantile(y[52:104] - y[:52], BACKTEST_LEVELS))
    np.testing.assert_allclose(quantiles[:, 9] - naive.spread[0, 9], [*y[52:104], *y[52:60]])
    assert np.mean((quantiles[:52, 0] <= y[104:]) & (y[104:] <= quantiles[:52, -1])) == pytest.approx(
        0.9, abs=0.1
    )
