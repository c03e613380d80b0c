"""Spreads are widened for sizes of supplier whose forecasts were too narrow."""

import numpy as np
import pandas as pd
import pytest

from distributions.levels import LEAD_TIME_LEVELS
from distributions.parametric import gamma_lead_time
from models.lead_time.evaluation.crps import time_grid
from models.lead_time.evaluation.spread_calibration import (
    BacktestForecasts,
    learn_spread,
    spread_class,
    widen,
)


def window(spread: float, n_orders: int, seed: int) -> BacktestForecasts:
    """Forty orders of suppliers of one size whose lead times stray `spread` times as far as forecast."""
    random = np.random.default_rng(seed)
    orders = pd.DataFrame(
        {"duration": 30 * np.exp(0.2 * spread * random.standard_normal(80)), "is_open": False}
    )
    values = np.tile(gamma_lead_time(30, 6).quantile(LEAD_TIME_LEVELS[None, :]), (80, 1))
    return BacktestForecasts(values, orders, np.full(80, n_orders))


def test_a_size_of_supplier_forecast_too_narrowly_is_widened_and_others_are_not() -> None:
    windows = [window(2.0, 2, seed) for seed in range(4)] + [window(1.0, 90, seed) for seed in range(4)]
    spread = learn_spread(windows, *time_grid(pd.concat([w.orders for w in windows])))
    assert spread[0] >= 1.25
    assert spread[1:].tolist() == [1.0, 1.0]


def test_two_windows_are_too_few_to_widen_by() -> None:
    windows = [window(2.0, 2, seed) for seed in range(2)]
    assert learn_spread(windows, *time_grid(windows[0].orders)).tolist() == [1.0, 1.0, 1.0]


def test_widening_keeps_the_median() -> None:
    values = gamma_lead_time(30, 6, 2).values
    wide = widen(values, np.array([1.0, 1.5]))
    np.testing.assert_allclose(wide[0], values[0])
    assert wide[1, 50] == pytest.approx(values[1, 50])
    assert wide[1, 90] > values[1, 90]


def test_sizes_begin_at_five_and_fifty_closed_orders() -> None:
    assert spread_class(np.array([0, 4, 5, 49, 50, 900])).tolist() == [0, 0, 1, 1, 2, 2]
