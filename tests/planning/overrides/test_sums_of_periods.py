import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm, poisson

from distributions.demand_forecast import DemandForecast
from distributions.levels import DEMAND_LEVELS
from planning.overrides.sums_of_periods import overridden_quantiles

LEVELS = DEMAND_LEVELS
H = 4


def normal(correlation: float, mean: float = 100.0, sd: float = 20.0) -> DemandForecast:
    """One SKU at N(mean, sd) a period, whose periods correlate."""
    k = np.arange(1, H + 1)
    sums = sd * np.sqrt(k + correlation * k * (k - 1))
    means = np.full((1, H), mean)
    return DemandForecast(
        unique_ids=np.array(["a"], object),
        cutoff=pd.Timestamp("2024-01-01"),
        starts=pd.date_range("2024-01-08", periods=H + 1, freq="W-MON").to_numpy(),
        levels=LEVELS,
        mean=means,
        quantiles=means[..., None] + sd * norm.ppf(LEVELS),
        cumulative_mean=np.cumsum(means, axis=1),
        cumulative=np.cumsum(means, axis=1)[..., None] + sums[:, None] * norm.ppf(LEVELS),
        demand_class=np.array(["smooth"], object),
        reason=np.array([""], object),
    )


@pytest.mark.parametrize("correlation", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("factor", [0.5, 1.0, 2.0])
def test_one_factor_for_all_periods_moves_mean_and_spread_in_proportion(correlation, factor):
    forecast = normal(correlation)
    quantiles, sums = overridden_quantiles(forecast, factor * forecast.mean)
    np.testing.assert_allclose(quantiles, factor * forecast.quantiles)
    np.testing.assert_allclose(sums, factor * forecast.cumulative)


def test_variances_of_independent_periods_add_up():
    forecast, factor = normal(0.0), np.array([[1.0, 3.0, 1.0, 0.5]])
    _, sums = overridden_quantiles(forecast, factor * forecast.mean)
    sd = 20 * np.sqrt(np.cumsum(factor[0] ** 2))
    mean = 100 * np.cumsum(factor[0])
    expected = mean[:, None] + sd[:, None] * norm.ppf(LEVELS)
    inside = LEVELS > 0.05  # below, a sum of more periods has the lowest quantiles of the fewer
    np.testing.assert_allclose(sums[0][:, inside], expected[:, inside], rtol=1e-9)


def test_deviations_of_periods_that_move_together_add_up():
    forecast, factor = normal(1.0), np.array([[1.0, 3.0, 0.0, 0.5]])
    _, sums = overridden_quantiles(forecast, factor * forecast.mean)
    expected = np.cumsum(factor[0])[:, None] * (100 + 20 * norm.ppf(LEVELS))
    np.testing.assert_allclose(sums[0], expected, rtol=1e-9)


def test_where_the_model_expects_nothing_demand_is_poisson():
    forecast = normal(0.0, mean=0.0, sd=0.0)
    quantiles, sums = overridden_quantiles(forecast, np.full((1, H), 4.0))
    np.testing.assert_array_equal(quantiles[0, 0], poisson.ppf(LEVELS, 4.0))
    at = np.searchsorted(LEVELS, 0.95)
    spread = quantiles[0, 0, at] - 4
    assert sums[0, 3, at] == pytest.approx(16 + 2 * spread)


@given(st.lists(st.floats(0, 20), min_size=H, max_size=H), st.floats(0, 1))
def test_sums_only_grow_with_periods_and_levels(factors, correlation):
    forecast = normal(correlation)
    _, sums = overridden_quantiles(forecast, np.array([factors]) * forecast.mean)
    assert (sums >= 0).all()
    assert (np.diff(sums, axis=1) >= 0).all()
    assert (np.diff(sums, axis=2) >= 0).all()
