"""What must hold for every demand model, on every kind of panel."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.utils import get_tags

from configs.schema import DemandConfig
from distributions.levels import DEMAND_LEVELS
from features.demand.panel import Panel
from models.demand.forecaster import DemandForecaster


def make(y, freq="W-MON", start="2022-01-03", category=None, in_stock=None):
    y = np.atleast_2d(np.asarray(y, float))
    n, periods = y.shape
    ids = np.array([f"sku{i:05}" for i in range(n)], object)
    static = pd.DataFrame({"category": category or ["all"] * n, "department": None, "description": None})
    ds = pd.date_range(pd.Timestamp(start), periods=periods, freq=freq).to_numpy()
    known = np.ones(y.shape, bool) if in_stock is None else in_stock
    return Panel(unique_ids=ids, ds=ds, freq=freq, y=y, in_stock=known, static=static)


def poisson(n, periods, mean=3.0, seed=0):
    return np.random.default_rng(seed).poisson(mean, (n, periods)).astype(float)


def late(n, periods):
    y = poisson(n, periods)
    for i in range(n):
        y[i, : i * periods // n] = np.nan
    return y


PANELS = {
    "weekly": make(poisson(12, 70)),
    "monthly": make(poisson(8, 24, 40), "MS", "2022-01-01"),
    "daily": make(poisson(10, 120, 2), "D", "2024-01-01"),
    "quarterly": make(poisson(5, 12, 30), "QS-JAN", "2020-01-01"),
    "one SKU": make(poisson(1, 60)),
    "two periods": make(poisson(5, 2)),
    "one point": make([[4.0]]),
    "all zero": make(np.zeros((4, 60))),
    "nothing known": make(np.full((3, 30), np.nan)),
    "late starts": make(late(10, 60)),
    "gaps": make(np.where(np.random.default_rng(1).random((8, 60)) < 0.4, np.nan, poisson(8, 60))),
    "fractions": make(np.random.default_rng(2).gamma(2.0, 3.0, (8, 60))),
    "huge": make(poisson(6, 60) * 1e7),
    "sold out": make(poisson(6, 60), in_stock=np.random.default_rng(3).random((6, 60)) > 0.5),
}
MEMBERS = [
    None,
    ("level",),
    ("boosting",),
    ("theta",),
    ("ces",),
    ("ets",),
    ("tsb",),
    ("sba",),
    ("imapa",),
    ("seasonal_naive",),
]


def model(members=None, h=4, **kw):
    return DemandForecaster(DemandConfig(members=members, windows=1), h, threads=1, **kw)


def check(forecast, panel, h):
    n, Q = len(panel), len(DEMAND_LEVELS)
    assert forecast.unique_ids.tolist() == panel.unique_ids.tolist()
    assert forecast.mean.shape == forecast.cumulative_mean.shape == (n, h)
    assert forecast.quantiles.shape == forecast.cumulative.shape == (n, h, Q)
    for values in (forecast.mean, forecast.cumulative_mean, forecast.quantiles, forecast.cumulative):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert (np.diff(forecast.quantiles, axis=2) >= 0).all()
    assert (np.diff(forecast.cumulative, axis=2) >= 0).all()
    assert (np.diff(forecast.cumulative, axis=1) >= 0).all()
    assert forecast.starts[0] > panel.ds[-1]


@pytest.mark.parametrize("name", PANELS)
def test_every_panel_gets_finite_monotone_distributions(name):
    panel = PANELS[name]
    check(model().fit(panel).predict(panel, 4), panel, 4)


@pytest.mark.parametrize("members", MEMBERS, ids=str)
def test_every_member_alone_keeps_the_contract_and_survives_saving(members, tmp_path):
    panel = PANELS["weekly"]
    fitted = model(members).fit(panel)
    forecast = fitted.predict(panel, 3)
    check(forecast, panel, 3)
    fitted.save(tmp_path)
    again = DemandForecaster.load(tmp_path).predict(panel, 3)
    np.testing.assert_array_equal(again.mean, forecast.mean)
    np.testing.assert_array_equal(again.quantiles, forecast.quantiles)
    np.testing.assert_array_equal(again.cumulative, forecast.cumulative)


def test_a_model_forecasts_panels_that_have_grown_and_skus_it_never_saw():
    panel = PANELS["weekly"]
    fitted = model().fit(panel.until(60))
    check(fitted.predict(panel, 4), panel, 4)
    other = replace(panel, unique_ids=np.array([f"other{i:02}" for i in range(12)], object))
    check(fitted.predict(other, 4), other, 4)


def test_a_clone_has_the_parameters_of_its_original_and_nothing_learned():
    fitted = model(("level",), seed=7).fit(PANELS["weekly"])
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert copy.set_params(seed=8).seed == 8
    assert not get_tags(fitted).target_tags.required, "scikit-learn's own tools ask for these first"
    assert not hasattr(copy, "members_")


def test_later_demand_does_not_change_a_forecast_made_before_it():
    panel = PANELS["weekly"]
    changed = replace(panel, y=np.where(np.arange(70) >= 60, 1000.0, panel.y))
    fitted = model().fit(panel.until(60))
    np.testing.assert_array_equal(
        fitted.predict(panel.until(60), 4).mean, fitted.predict(changed.until(60), 4).mean
    )


def test_one_thread_and_two_write_the_same_bytes(tmp_path):
    panel, config = make(poisson(20, 110)), DemandConfig(members=("level", "boosting"), windows=1)
    for threads in (1, 2):
        DemandForecaster(config, 4, threads=threads).fit(panel).save(tmp_path / str(threads))
    written = sorted(p.name for p in (tmp_path / "1").iterdir())
    assert "boosting.txt" in written
    for name in written:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_a_horizon_beyond_the_trained_one_is_refused():
    panel = PANELS["weekly"]
    with pytest.raises(ValueError, match="horizon 5 is longer than the 4 periods"):
        model(("level",)).fit(panel).predict(panel, 5)
