from dataclasses import replace

import numpy as np
import pytest

from distributions.levels import DEMAND_LEVELS
from models.demand.distributions.calibration import Calibration
from models.demand.distributions.spread_inputs import SpreadInputs, spread_uncertainty


def spread_inputs(mean, steps=1, whole=True, kind="smooth"):
    mean = np.atleast_2d(np.asarray(mean, float).T).T
    n = len(mean)
    return SpreadInputs(
        mean=np.repeat(mean, steps, axis=1) if mean.shape[1] == 1 else mean,
        steps=np.arange(1, steps + 1, dtype=float),
        volatility=np.full(n, 0.5),
        demand_class=np.full(n, kind, object),
        step=np.full(n, float(whole)),
        uncertainty=np.zeros((n, steps)),
        own=np.ones(n),
    )


@pytest.mark.parametrize("rate", [0.3, 2.0, 40.0])
def test_counts_come_out_at_the_rate_at_which_they_occur(rate):
    rng = np.random.default_rng(0)
    learned = Calibration.fit(
        spread_inputs(np.full(6000, rate), 2), rng.poisson(rate, (6000, 2)).astype(float)
    )
    quantiles = learned.quantiles(spread_inputs([rate], 2))[0, 0]
    fresh = rng.poisson(rate, 20_000)
    np.testing.assert_array_equal(quantiles, np.floor(quantiles))
    for level, quantile in zip(DEMAND_LEVELS[2:-2], quantiles[2:-2], strict=True):
        assert (fresh <= quantile).mean() >= level - 0.03
        assert (fresh < quantile).mean() <= level + 0.03


def test_fractions_are_not_cut_to_whole_units():
    rng = np.random.default_rng(0)
    learned = Calibration.fit(spread_inputs(np.full(2000, 3.0), whole=False), rng.gamma(3, 1, (2000, 1)))
    quantiles = learned.quantiles(spread_inputs([3.0], whole=False))[0, 0]
    assert (quantiles != np.floor(quantiles)).all()
    np.testing.assert_allclose(quantiles[12], 2.67, atol=0.2)


def test_the_spread_grows_with_the_sku_own_volatility():
    rng = np.random.default_rng(0)
    calm, wild = rng.poisson(20, (3000, 1)), rng.negative_binomial(2, 2 / 22, (3000, 1))
    both = spread_inputs(np.full(6000, 20.0))
    volatile = replace(both, volatility=np.repeat([0.4, 1.6], 3000))
    learned = Calibration.fit(volatile, np.concatenate([calm, wild]).astype(float))
    pair = replace(spread_inputs(np.full(2, 20.0)), volatility=np.array([0.4, 1.6]))
    width = np.ptp(learned.quantiles(pair)[:, 0, 3:22], axis=1)
    assert width[1] > 2 * width[0]


def test_unknown_outcomes_are_left_out():
    rng = np.random.default_rng(0)
    actual = rng.poisson(5, (3000, 2)).astype(float)
    holes = np.where(rng.random(actual.shape) < 0.3, np.nan, actual)
    where = spread_inputs(np.full(3000, 5.0), 2)
    full, part = (
        Calibration.fit(where, actual).quantiles(where),
        Calibration.fit(where, holes).quantiles(where),
    )
    assert np.abs(full[0, 0] - part[0, 0]).max() <= 1


def test_without_errors_to_learn_from_the_default_is_wide_and_rising():
    nothing = Calibration.fit(spread_inputs([10.0]), np.full((1, 1), np.nan))
    quantiles = nothing.quantiles(spread_inputs([10.0]))[0, 0]
    assert (np.diff(quantiles) >= 0).all()
    assert quantiles[3] < 10 < quantiles[21]


def test_a_calibration_survives_json():
    rng = np.random.default_rng(0)
    where = spread_inputs(np.full(900, 3.0), 3)
    learned = Calibration.fit(where, rng.poisson(3, (900, 3)).astype(float))
    np.testing.assert_array_equal(
        Calibration.from_json(learned.to_json()).quantiles(where), learned.quantiles(where)
    )


def test_uncertainty_of_the_level_does_not_average_out_over_the_periods_of_a_sum():
    rng = np.random.default_rng(0)
    where = spread_inputs(np.full(4000, 16.0), 8)
    sums = replace(where, mean=16.0 * np.broadcast_to(where.steps, (4000, 8)))
    learned = Calibration.fit(sums, np.cumsum(rng.poisson(16, (4000, 8)), axis=1).astype(float))
    known = replace(sums.every(2000))
    new = replace(
        known, uncertainty=spread_uncertainty(np.ones(2), known.steps, sums=True)
    )  # √level is 4 ± 1
    at = [4, 20]  # 10 % and 90 %
    sure, unsure = (np.ptp(learned.quantiles(who)[0][:, at], axis=1) for who in (known, new))
    assert unsure[7] == pytest.approx(2 * 1.28 * 2 * np.sqrt(128) * np.sqrt(8), rel=0.25)
    assert unsure[7] > 5 * unsure[0] > 5 * sure[0]
