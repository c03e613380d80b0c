from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from artifacts.parts.forecast_store import ForecastError, forecast_frame, read_forecast, write_forecast
from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS


def test_a_forecast_survives_its_file_bit_by_bit(forecast: DemandForecast, tmp_path: Path) -> None:
    write_forecast(forecast, tmp_path / "forecast.parquet")
    after = read_forecast(tmp_path / "forecast.parquet")
    assert after.cutoff == forecast.cutoff
    for name in (
        "unique_ids",
        "starts",
        "levels",
        "mean",
        "quantiles",
        "cumulative_mean",
        "cumulative",
        "reason",
    ):
        np.testing.assert_array_equal(getattr(after, name), getattr(forecast, name), err_msg=name)


def test_later_demand_survives_the_file_bit_by_bit(forecast: DemandForecast, tmp_path: Path) -> None:
    later = np.random.default_rng(2).gamma(2, 5, (3, 52))
    known = replace(forecast, later_mean=later, later_ends_days=28 + 7.0 * np.arange(1, 53))
    write_forecast(known, tmp_path / "forecast.parquet")
    after = read_forecast(tmp_path / "forecast.parquet")
    np.testing.assert_array_equal(after.later_mean, later)
    np.testing.assert_array_equal(after.later_ends_days, known.later_ends_days)
    np.testing.assert_array_equal(after.mean, known.mean)


def test_a_forecast_stored_without_later_demand_goes_on_as_in_its_horizon(
    forecast: DemandForecast, tmp_path: Path
) -> None:
    write_forecast(forecast, tmp_path / "forecast.parquet")
    after = read_forecast(tmp_path / "forecast.parquet")
    assert "later_mean" not in pd.read_parquet(tmp_path / "forecast.parquet")
    assert after.later_mean.shape == (3, 0)
    np.testing.assert_allclose(after.mean_until(56.0), forecast.cumulative_mean[:, -1] * 2)


def test_a_file_that_is_no_forecast_is_named(tmp_path: Path) -> None:
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "forecast.parquet")
    with pytest.raises(ForecastError, match=r"forecast\.parquet: not a stored forecast"):
        read_forecast(tmp_path / "forecast.parquet")


def test_the_long_frame_has_the_backtest_levels_of_periods_and_of_sums(forecast: DemandForecast) -> None:
    frame = forecast_frame(forecast)
    assert len(frame) == 3 * 4
    assert [c for c in frame if c.startswith("q")] == [f"q{level / 100:.2f}" for level in range(5, 100, 5)]
    third = frame[(frame["unique_id"] == "sku1") & (frame["k"] == 3)].iloc[0]
    at = int(np.flatnonzero(DEMAND_LEVELS == 0.9)[0])
    assert third["q0.90"] == forecast.quantiles[1, 2, at]
    assert third["cumulative_q0.90"] == forecast.cumulative[1, 2, at]
    assert (third["ds"], third["end"]) == (pd.Timestamp("2024-01-22"), pd.Timestamp("2024-01-29"))
