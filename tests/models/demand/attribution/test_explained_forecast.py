from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from artifacts.parts.explanation_store import ExplanationError, read_explanation, write_explanation
from configs.schema import DemandConfig
from features.demand.panel import Panel
from models.demand.attribution.counterfactual import at_baseline, counterfactual_effects
from models.demand.attribution.explained_forecast import explained_forecast
from models.demand.forecaster import DemandForecaster

PERIODS, H, N = 130, 6, 30
PROMOTED = slice(0, 20)
"""SKUs with promotions; the others never have one."""


def promoted_panel() -> Panel:
    """Promotions double demand; there is a season for all, and one new SKU."""
    rng = np.random.default_rng(0)
    promotion = np.zeros((N, PERIODS + H))
    promotion[PROMOTED] = rng.random((20, PERIODS + H)) < 0.15
    promotion[PROMOTED, PERIODS + 2] = 1.0
    promotion[PROMOTED, PERIODS] = 0.0
    season = 1 + 0.4 * np.sin(2 * np.pi * np.arange(PERIODS) / 52)
    level = rng.lognormal(3, 0.6, (N, 1))
    y = rng.poisson(level * season * (1 + promotion[:, :PERIODS])).astype(float)
    y[-1] = np.nan
    fair = np.zeros((1, PERIODS + H))
    return Panel(
        unique_ids=np.array([f"s{i:02}" for i in range(N)], object),
        ds=pd.date_range("2021-01-04", periods=PERIODS, freq="W-MON").to_numpy(),
        freq="W-MON",
        y=y,
        in_stock=np.ones(y.shape, bool),
        static=pd.DataFrame({"category": ["x", "y"] * (N // 2)}),
        covariates={"promotion": promotion},
        known=("promotion",),
        events={"fair": np.broadcast_to(fair, promotion.shape)},
    )


@pytest.fixture(scope="module")
def explained():
    panel = promoted_panel()
    members = ("level", "boosting", "theta", "tsb")
    model = DemandForecaster(DemandConfig(members=members, windows=1), H, threads=1).fit(panel)
    return panel, model, *explained_forecast(model, panel, H)


def part(explanation, name):
    return explanation.units[:, :, explanation.parts.index(name)]


def test_parts_sum_to_the_forecast_mean(explained):
    panel, model, forecast, explanation = explained
    np.testing.assert_allclose(explanation.mean, model.predict(panel, H).mean, rtol=1e-12)
    np.testing.assert_array_equal(forecast.mean, model.predict(panel, H).mean)


def test_a_promotion_that_doubles_demand_shows_in_its_own_part(explained):
    _, _, forecast, explanation = explained
    extra = part(explanation, "promotion")[PROMOTED, 2]
    rest = forecast.mean[PROMOTED, 2] - extra
    boosting = explained[1].weights_["smooth"]["boosting"]
    assert boosting > 0.5
    assert 0.6 * boosting < (extra.sum() / rest.sum()) < 1.1
    assert np.median(extra / rest) > 0.5


def test_without_a_promotion_there_is_no_promotion_part(explained):
    panel, _, _, explanation = explained
    assert not part(explanation, "promotion")[20:].any()
    plain = panel.covariates["promotion"][:, PERIODS] == 0
    assert np.abs(part(explanation, "promotion")[plain, 0]).max() == 0


def test_the_season_has_its_sign_and_most_of_its_size(explained):
    _, _, _, explanation = explained
    true = 0.4 * np.sin(2 * np.pi * np.arange(PERIODS, PERIODS + H) / 52)
    own = part(explanation, "season")[:-1].sum(axis=0) / part(explanation, "level")[:-1].sum(axis=0)
    np.testing.assert_allclose(own, true, atol=0.12)


def test_an_event_that_does_not_happen_has_no_part(explained):
    assert not part(explained[3], "event").any()


def test_the_level_is_the_same_in_every_period_and_the_trend_starts_at_nothing(explained):
    _, _, _, explanation = explained
    level = part(explanation, "level")
    np.testing.assert_allclose(level, np.repeat(level[:, :1], H, axis=1), rtol=1e-9)
    np.testing.assert_allclose(part(explanation, "trend")[:, 0], 0.0, atol=1e-9)


def test_what_a_new_sku_borrows_from_its_category_is_level(explained):
    _, _, forecast, explanation = explained
    assert forecast.reason[-1] == "new_from_category"
    np.testing.assert_allclose(part(explanation, "level")[-1], forecast.mean[-1], rtol=1e-9)


def test_a_panel_with_demand_alone_is_explained_too():
    panel = promoted_panel()
    panel = replace(
        panel,
        unique_ids=panel.unique_ids[:10],
        y=panel.y[:10],
        in_stock=panel.in_stock[:10],
        static=panel.static[:10],
        covariates={},
        known=(),
        events={},
    )
    model = DemandForecaster(DemandConfig(members=("boosting",), windows=1), H, threads=1).fit(panel)
    forecast, explanation = explained_forecast(model, panel, H)
    assert explanation.parts == ("level", "trend", "season")
    np.testing.assert_allclose(explanation.mean, forecast.mean, rtol=1e-12)
    assert part(explanation, "season").any()


def test_a_growing_sku_has_a_trend():
    rng = np.random.default_rng(0)
    panel = promoted_panel()
    growing = rng.poisson(10 + 0.5 * np.arange(PERIODS), (N, PERIODS)).astype(float)
    panel = replace(panel, y=growing, covariates={}, known=(), events={})
    model = DemandForecaster(DemandConfig(members=("theta",), windows=1), H, threads=1).fit(panel)
    _, explanation = explained_forecast(model, panel, H)
    trend = part(explanation, "trend").mean(axis=0)
    assert (np.diff(trend) > 0).all()
    assert explanation.parts == ("level", "trend", "season")


def test_effects_of_two_causes_are_their_shapley_values_and_add_up():
    panel = promoted_panel()
    price = np.where(panel.covariates["promotion"] > 0, 0.8, 1.0)
    panel = replace(
        panel, covariates={**panel.covariates, "price": price}, known=("promotion", "price"), events={}
    )

    def forecast(baseline, i, s):
        ahead = at_baseline(panel, baseline).covariates
        promoted, cheap = ahead["promotion"][i, PERIODS + s] > 0, ahead["price"][i, PERIODS + s] < 1
        return 0.3 * promoted + 0.1 * cheap + 0.2 * (promoted & cheap)

    everywhere = np.repeat(np.arange(N), H), np.tile(np.arange(H), N)
    found = counterfactual_effects(forecast, panel, forecast(frozenset(), *everywhere).reshape(N, H))
    np.testing.assert_allclose(found["promotion"][0, 2], 0.3 + 0.1)
    np.testing.assert_allclose(found["price"][0, 2], 0.1 + 0.1)
    assert not found["price"][25].any()


def test_a_baseline_value_is_one_that_has_been_and_what_is_unknown_stays_so():
    panel = promoted_panel()
    values = panel.covariates["promotion"].copy()
    values[:, PERIODS + 3 :] = np.nan
    baseline = at_baseline(replace(panel, covariates={"promotion": values}), ["promotion"]).covariates[
        "promotion"
    ]
    assert not baseline[:, PERIODS : PERIODS + 3].any()
    assert np.isnan(baseline[:, PERIODS + 3 :]).all()
    np.testing.assert_array_equal(baseline[:, :PERIODS], values[:, :PERIODS])


def test_an_explanation_is_read_as_it_was_written(explained, tmp_path):
    explanation = explained[3]
    write_explanation(explanation, tmp_path / "explanation.parquet")
    again = read_explanation(tmp_path / "explanation.parquet")
    assert (again.parts, again.unique_ids.tolist()) == (explanation.parts, explanation.unique_ids.tolist())
    np.testing.assert_array_equal(again.units, explanation.units)
    np.testing.assert_array_equal(again.starts, explanation.starts)


def test_a_file_that_is_no_explanation_is_named(tmp_path):
    path = tmp_path / "explanation.parquet"
    path.write_bytes(b"no")
    with pytest.raises(ExplanationError, match=r"explanation\.parquet"):
        read_explanation(path)
