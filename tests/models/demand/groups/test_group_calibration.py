import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from artifacts.parts.group_forecast_store import GroupForecastError, read_group_forecast, write_group_forecast
from configs.schema import DemandConfig
from distributions.levels import BACKTEST_LEVELS, DEMAND_LEVELS
from features.demand.panel import Panel
from models.demand.forecaster import DemandForecaster
from models.demand.groups.group_calibration import GroupCalibration
from models.demand.groups.group_forecast import no_groups
from models.demand.groups.group_totals import GroupTotals
from models.demand.groups.grouping import Grouping

N, PERIODS, H = 60, 260, 4
LOW, HIGH = np.searchsorted(BACKTEST_LEVELS, [0.1, 0.9])


def make(y, in_stock=None):
    n = len(y)
    category = [f"c{i % 3}" for i in range(n)]
    return Panel(
        unique_ids=np.array([f"s{i:03}" for i in range(n)], object),
        ds=pd.date_range("2018-01-01", periods=y.shape[1], freq="W-MON").to_numpy(),
        freq="W-MON",
        y=y,
        in_stock=np.ones(y.shape, bool) if in_stock is None else in_stock,
        static=pd.DataFrame(
            {"category": category, "description": category, "ean": [f"{i}" for i in range(n)]}
        ),
    )


def with_common_shocks(periods=PERIODS, seed=0):
    """SKUs of one week share their weather: a factor of ±20 %."""
    rng = np.random.default_rng(seed)
    level, weather = rng.lognormal(2, 0.5, (N, 1)), rng.lognormal(-0.02, 0.2, (1, periods))
    return rng.poisson(level * weather).astype(float)


def fitted(panel, windows):
    return DemandForecaster(DemandConfig(members=("level",), windows=windows), H, threads=1).fit(panel)


@pytest.fixture(scope="module")
def trained():
    y = with_common_shocks()
    panel = make(y)
    model = fitted(panel.until(200), 12)
    return panel, model, GroupCalibration.fit(model.backtest_, panel.until(200))


def forecast_at(panel, groups, model, periods):
    seen = panel.until(periods)
    forecast = model.predict(seen, H)
    return forecast, groups.predict(seen, forecast)


def test_means_add_up_over_every_level(trained):
    panel, model, groups = trained
    forecast, summed = forecast_at(panel, groups, model, 200)
    assert summed.levels == ["all", "category"]
    assert summed.skus.tolist() == [N, 20, 20, 20]
    for level in summed.levels:
        rows = summed.select(np.flatnonzero(summed.level == level))
        np.testing.assert_allclose(rows.mean.sum(axis=0), forecast.mean.sum(axis=0), rtol=1e-12)
        np.testing.assert_allclose(
            rows.cumulative_mean.sum(axis=0), forecast.cumulative_mean.sum(axis=0), rtol=1e-12
        )


def test_intervals_of_totals_cover_a_common_shock_where_independent_sums_do_not(trained):
    panel, model, groups = trained
    inside, alone = [], []
    for t in range(200, PERIODS - H, H):
        forecast, summed = forecast_at(panel, groups, model, t)
        actual = panel.y[:, t : t + H].sum(axis=0)
        low, high = summed.quantiles[0, :, LOW], summed.quantiles[0, :, HIGH]
        inside += ((low <= actual) & (actual <= high)).tolist()
        tenth = np.searchsorted(DEMAND_LEVELS, [0.1, 0.9])
        spread = np.diff(forecast.quantiles[:, :, tenth], axis=2)[..., 0] / 2
        reach = np.sqrt((spread**2).sum(axis=0))
        alone += (np.abs(actual - summed.mean[0]) <= reach).tolist()
    assert 0.7 < np.mean(inside) < 0.9
    assert np.mean(alone) < 0.5


def test_quantiles_do_not_cross_and_sums_grow(trained):
    panel, model, groups = trained
    _, summed = forecast_at(panel, groups, model, 220)
    for quantiles in (summed.quantiles, summed.cumulative):
        assert (np.diff(quantiles, axis=2) >= 0).all()
        assert (quantiles == np.round(quantiles)).all()
    assert (np.diff(summed.cumulative, axis=1) >= 0).all()


def test_a_group_calibration_and_its_forecast_survive_storing(trained, tmp_path):
    panel, model, groups = trained
    again = GroupCalibration.from_json(json.loads(json.dumps(groups.to_json())))
    _, summed = forecast_at(panel, groups, model, 220)
    _, restored = forecast_at(panel, again, model, 220)
    write_group_forecast(summed, tmp_path / "one.parquet")
    write_group_forecast(restored, tmp_path / "two.parquet")
    assert (tmp_path / "one.parquet").read_bytes() == (tmp_path / "two.parquet").read_bytes()
    pd.testing.assert_frame_equal(read_group_forecast(tmp_path / "one.parquet").frame(), summed.frame())


def test_a_forecast_of_no_groups_reads_as_an_error_or_as_none(tmp_path):
    empty = no_groups(pd.date_range("2024-01-01", periods=3).to_numpy())
    assert empty.frame().empty
    (tmp_path / "other.parquet").write_text("no parquet")
    with pytest.raises(GroupForecastError, match=r"other\.parquet: not a stored forecast of groups"):
        read_group_forecast(tmp_path / "other.parquet")


def test_too_few_origins_give_the_sums_of_the_quantiles():
    panel = make(with_common_shocks(8))
    model = fitted(panel, 1)
    groups = GroupCalibration.fit(model.backtest_, panel)
    assert groups.period is None
    forecast, summed = forecast_at(panel, groups, model, 8)
    kept = np.searchsorted(DEMAND_LEVELS, BACKTEST_LEVELS)
    np.testing.assert_allclose(summed.quantiles[0], forecast.quantiles[:, :, kept].sum(axis=0))
    assert GroupCalibration.from_json(groups.to_json()) == groups


def test_a_group_without_a_past_has_the_typical_error_of_its_size(trained):
    panel, model, groups = trained
    names = panel.static["category"].replace({"c1": "new"})
    later = replace(panel.until(220), static=panel.static.assign(category=names))
    forecast = model.predict(later, H)
    before, after = groups.predict(panel.until(220), forecast), groups.predict(later, forecast)
    assert after.group.tolist() == ["all", "c0", "c2", "new"]
    wide, typical = (np.ptp(f.quantiles[g], axis=1).mean() for f, g in ((after, 3), (before, 2)))
    assert 0.6 * typical < wide < 1.6 * typical


def test_sums_with_too_much_missing_are_not_learned_from_and_others_are_scaled_up():
    y = np.full((N, 80), 10.0)
    y[:6, 70:74] = np.nan  # a tenth of everything
    y[:20, 76:] = np.nan  # a third
    panel = make(y)
    model = fitted(panel, 2)
    totals = GroupTotals.of(model.backtest_, panel, Grouping.of(panel))
    first = np.searchsorted(panel.ds, model.backtest_.cutoffs) + 1
    o, ahead = np.flatnonzero(first <= 76)[-1], np.arange(H)
    weeks = first[o] + ahead
    everything = totals.y[o, 0]
    assert np.isnan(everything[weeks >= 76]).all()
    np.testing.assert_allclose(everything[weeks < 76], 10.0 * N, rtol=0.02)


def test_a_column_called_all_does_not_hide_the_total():
    panel = make(with_common_shocks(20))
    panel = replace(panel, static=panel.static.assign(all=panel.static["category"]))
    grouping = Grouping.of(panel)
    assert grouping.level.tolist() == ["all"] + ["category"] * 3
    np.testing.assert_array_equal(grouping.sums(panel.y)[0], panel.y.sum(axis=0))
