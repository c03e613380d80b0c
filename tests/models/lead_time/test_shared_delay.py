"""The shared delay of a supplier's orders is found where it exists, and nowhere else."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from distributions.parametric import gamma_lead_time
from models.lead_time.evaluation.spread_calibration import BacktestForecasts
from models.lead_time.shared_delay import learn_shared_delay
from planning.protocols import INDEPENDENT_DELAYS

DISTRIBUTION = gamma_lead_time(60, 15)


def backtest_windows(strength, days=28.0, *, bias=0.0, suppliers=40, orders=40, seed=3):
    """Five windows; an order of each supplier every three days, whose scores share a factor that fades with time."""
    rng = np.random.default_rng(seed)
    correlation = np.exp(-3 / days)
    found = []
    for window in range(5):
        factor = rng.normal(size=(suppliers, orders))
        for k in range(1, orders):
            factor[:, k] = correlation * factor[:, k - 1] + np.sqrt(1 - correlation**2) * factor[:, k]
        own = rng.normal(size=(suppliers, orders))
        scores = (
            np.sqrt(strength) * factor + np.sqrt(1 - strength) * own + bias * rng.normal(size=(suppliers, 1))
        )
        start = pd.Timestamp("2023-01-01") + pd.Timedelta(days=120 * window)
        frame = pd.DataFrame(
            {
                "order_id": [f"{window}-{i}" for i in range(scores.size)],
                "supplier_id": np.repeat([f"s{i}" for i in range(suppliers)], orders),
                "ordered_at": np.tile(start + pd.to_timedelta(3 * np.arange(orders), unit="D"), suppliers),
                "duration": np.round(DISTRIBUTION[np.zeros(scores.size, int)].quantile(ndtr(scores.ravel()))),
                "is_open": False,
            }
        )
        found.append(
            BacktestForecasts(
                np.repeat(DISTRIBUTION.values, len(frame), axis=0), frame, np.full(len(frame), 50)
            )
        )
    return found


def test_a_shared_delay_is_found_with_its_strength_and_life():
    found = learn_shared_delay(backtest_windows(0.4))
    assert found.strength == pytest.approx(0.4, abs=0.08)
    assert found.days in {14.0, 28.0, 56.0}


@pytest.mark.parametrize("seed", range(5))
def test_orders_late_each_on_its_own_share_nothing(seed):
    assert learn_shared_delay(backtest_windows(0.0, seed=seed)) == INDEPENDENT_DELAYS


def test_a_supplier_forecast_too_short_throughout_is_no_shared_delay():
    assert learn_shared_delay(backtest_windows(0.0, bias=0.5)) == INDEPENDENT_DELAYS


def test_too_few_suppliers_or_none_show_nothing():
    assert learn_shared_delay(backtest_windows(0.6, suppliers=1)) == INDEPENDENT_DELAYS
    assert learn_shared_delay([]) == INDEPENDENT_DELAYS


def test_lines_of_one_order_are_no_evidence():
    lines = backtest_windows(0.6)
    for window in lines:
        window.orders["order_id"] = window.orders["supplier_id"]
    assert learn_shared_delay(lines) == INDEPENDENT_DELAYS


@pytest.mark.filterwarnings("error")
def test_windows_in_which_nothing_has_closed_show_nothing():
    windows = [
        BacktestForecasts(window.values, window.orders.assign(is_open=True), window.n_orders)
        for window in backtest_windows(0.4)
    ]
    assert learn_shared_delay(windows) == INDEPENDENT_DELAYS
