"""Tests for a SKU's own volatility: the size of its one-step errors on the scale of √demand."""

import numpy as np
import pandas as pd
import pytest

from features.demand.panel import Panel
from models.demand.distributions.spread_inputs import drift_uncertainty, own_volatility

WEEKS = 80
NORMAL = np.sqrt(2 / np.pi)  # mean |error| of a standard normal


def volatility(y: np.ndarray, unit: float = 1.0) -> np.ndarray:
    """Volatility of the SKUs (n,) with weekly demand y (n, WEEKS), all counted in the same unit."""
    panel = Panel(
        unique_ids=np.array([f"S{i:03}" for i in range(len(y))], object),
        ds=pd.date_range("2024-01-01", periods=WEEKS, freq="W-MON").to_numpy(),
        freq="W-MON",
        y=y,
        in_stock=np.ones(y.shape, bool),
        static=pd.DataFrame({"category": ["c"] * len(y)}),
    )
    return own_volatility(panel, 1, np.full(len(y), unit))


def poisson(rate: float, skus: int = 200) -> np.ndarray:
    return np.random.default_rng(5).poisson(rate, (skus, WEEKS)).astype(float)


def test_counts_have_half_a_root_unit_of_noise_at_any_level() -> None:
    for rate in (25.0, 400.0):
        assert volatility(poisson(rate)).mean() == pytest.approx(0.5 * NORMAL, rel=0.06)


def test_another_unit_of_measure_only_rescales_the_volatility() -> None:
    y = poisson(9.0, 30)
    for factor in (1000.0, 0.001):
        np.testing.assert_allclose(volatility(y * factor, factor), volatility(y) * np.sqrt(factor), rtol=1e-6)


def test_demand_that_never_varies_has_no_volatility_once_a_year_of_it_is_known() -> None:
    y = poisson(100.0)
    y[:2] = 100.0
    y[2] = 0.0
    y[1, -52] = np.nan
    steady, nearly, none = volatility(y)[:3]
    assert steady == none == pytest.approx(0, abs=1e-12)
    assert 0 < nearly < 0.005


def test_a_past_with_gaps_borrows_eight_periods_of_what_its_level_typically_has() -> None:
    y = poisson(100.0)
    y[0] = 100.0
    y[0, -52:-13] = np.nan
    borrowed = 8 * (1 - 13 / 52)
    typical = volatility(y)[1:].mean()
    assert volatility(y)[0] == pytest.approx(borrowed * typical / (13 + borrowed), rel=0.07)


def test_a_level_that_drifts_is_known_the_less_the_longer_it_is_unknown() -> None:
    assert drift_uncertainty(np.array([0.5, 0.5]), np.array([0, 4])).tolist() == [0, 0.12]


def test_a_first_period_is_forecast_from_nothing_and_counts_for_nothing() -> None:
    y = poisson(2_500.0)
    y[:, : WEEKS - 20] = np.nan
    assert volatility(y).mean() == pytest.approx(0.5 * NORMAL, rel=0.1)
