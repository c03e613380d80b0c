"""Distributions of SKUs' own errors: how much further the future is missed, and how far others move toward them."""

from pathlib import Path

import numpy as np
import pytest
from panels import panel_of
from scipy.special import ndtri

from configs.schema import DemandConfig
from distributions.levels import DEMAND_LEVELS
from distributions.pinball import pinball_loss
from models.demand.distributions.calibration import DemandQuantiles
from models.demand.distributions.own_errors import (
    DEFAULT_FACTOR,
    OwnErrorBlend,
    OwnErrorFactors,
    own_error_quantiles,
)
from models.demand.distributions.quantile_boosting import BOOSTED_LEVELS
from models.demand.forecaster import DemandForecaster
from models.demand.members.trend import OwnErrors

H = 3


def factors_of(spread: float, rows: int) -> OwnErrorFactors:
    """Factors learned from normal errors of `spread` where the past had 2."""
    missed = np.random.default_rng(0).normal(0, spread, (rows, H))
    return OwnErrorFactors.learn(
        OwnErrors(np.full((rows, H), 2.0), np.full((rows, H), 4.0)), OwnErrors(missed, missed)
    )


def test_factors_are_the_usual_error_in_units_of_the_past_s() -> None:
    factors = factors_of(3.0, 20_000)
    assert factors.period == pytest.approx([1.5] * H, abs=0.03)
    assert factors.sums == pytest.approx([1.0] * H), "nothing is learned that makes a distribution narrower"


def test_a_sku_that_was_quite_wrong_does_not_set_the_factor() -> None:
    missed = np.random.default_rng(0).normal(0, 3.0, (20_000, H))
    missed[:2000] *= 1e6
    errors = OwnErrors(np.full((20_000, H), 2.0), np.full((20_000, H), np.nan))
    factors = OwnErrorFactors.learn(errors, OwnErrors(missed, missed))
    assert factors.period == pytest.approx([1.7] * H, abs=0.1)
    assert factors.sums == pytest.approx([DEFAULT_FACTOR] * H), "without any error nothing is learned"


def test_few_errors_move_the_factor_little() -> None:
    assert factors_of(6.0, 3).period == pytest.approx([DEFAULT_FACTOR] * H, abs=0.25)


def test_quantiles_are_those_of_a_normal_around_the_trend_and_never_below_nothing() -> None:
    center, errors = np.array([[100.0, 1.0, 50.0]]), np.array([[5.0, 5.0, np.nan]])
    quantiles = own_error_quantiles(center, errors, np.array([1.0, 2.0, 1.0, 9.0]))[0]
    assert quantiles[0] == pytest.approx(100 + 5 * ndtri(BOOSTED_LEVELS), rel=1e-5)
    assert quantiles[1] == pytest.approx(np.maximum(1 + 10 * ndtri(BOOSTED_LEVELS), 0), rel=1e-5, abs=1e-6)
    assert np.isnan(quantiles[2]).all()


def test_a_whole_share_makes_periods_and_sums_those_of_the_own_errors() -> None:
    """A trend of 100, 110, 120 with errors of 5 a period, and 5, 8, 12 of the sums."""
    shares = {name: {"smooth": 1.0} for name in ("period", "sum")}
    blend = OwnErrorBlend(shares, OwnErrorFactors(np.ones(H), np.full(H, 2.0)))
    quantiles = DemandQuantiles(*np.full((2, 1, H, len(DEMAND_LEVELS)), 50.0))
    trend, errors = (
        np.array([[100.0, 110.0, 120.0]]),
        OwnErrors(np.full((1, H), 5.0), np.array([[5.0, 8.0, 12.0]])),
    )
    blend.blend(quantiles, trend, errors, demand_class=np.array(["smooth"], object), step=np.zeros(1))
    at = np.searchsorted(DEMAND_LEVELS, BOOSTED_LEVELS)
    assert quantiles.period[0, 1, at] == pytest.approx(110 + 5 * ndtri(BOOSTED_LEVELS), rel=1e-4)
    assert quantiles.cumulative[0, 2, at] == pytest.approx(330 + 24 * ndtri(BOOSTED_LEVELS), rel=1e-4)


@pytest.fixture(scope="module")
def smooth_skus() -> np.ndarray:
    """Forty long, smooth series, each with a noise of its own: hardly any, or much."""
    random = np.random.default_rng(5)
    noise = np.where(np.arange(40) % 2, 0.01, 0.12)[:, None]
    level = 1000 * np.exp(np.cumsum(random.normal(0, 0.004, (40, 90)), axis=1))
    return level * (1 + noise * random.standard_normal((40, 90)))


@pytest.fixture(scope="module")
def forecaster(smooth_skus) -> DemandForecaster:
    config = DemandConfig(members=("level", "trend"), windows=3)
    return DemandForecaster(config, 6).fit(panel_of(smooth_skus[:, :84], "MS"))


def test_long_smooth_series_lean_on_their_own_errors_and_gain_by_it(forecaster, smooth_skus) -> None:
    panel, actual = panel_of(smooth_skus[:, :84], "MS"), smooth_skus[:, 84:]
    assert forecaster.own_errors_.shares["period"]["smooth"] > 0.3
    with_own = forecaster.predict(panel, 6)
    learned, forecaster.own_errors_ = forecaster.own_errors_, OwnErrorBlend.nothing(6)
    without = forecaster.predict(panel, 6)
    forecaster.own_errors_ = learned
    unit = np.where(np.arange(40) % 2, 10.0, 120.0)[:, None, None]

    def loss(forecast) -> float:
        return float((pinball_loss(actual, forecast.quantiles, forecast.levels) / unit).mean())

    assert loss(with_own) < loss(without)
    assert forecaster.own_errors_.shares["sum"]["smooth"] > 0.2
    assert (np.diff(with_own.cumulative, axis=1) >= 0).all()
    assert (np.diff(with_own.quantiles, axis=2) >= 0).all()


def test_a_saved_forecaster_blends_alike_and_one_from_before_not_at_all(
    forecaster, smooth_skus, tmp_path: Path
) -> None:
    panel = panel_of(smooth_skus[:, :84], "MS")
    forecaster.save(tmp_path)
    loaded = DemandForecaster.load(tmp_path)
    np.testing.assert_allclose(loaded.predict(panel, 4).quantiles, forecaster.predict(panel, 4).quantiles)
    state = (tmp_path / "demand.json").read_text()
    before = state[: state.index('"own_errors"')] + state[state.index('"params"') :]
    (tmp_path / "demand.json").write_text(before)
    assert not any(DemandForecaster.load(tmp_path).own_errors_.shares["period"].values())
