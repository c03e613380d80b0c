from types import SimpleNamespace

import numpy as np
import pytest

from models.demand.backtest.rolling_origins import FEW_SKUS, choose_origins, known_periods


def panel(skus, periods=120):
    class OfLength(SimpleNamespace):
        def __len__(self):
            return skus

    return OfLength(periods=periods)


def test_few_skus_are_judged_on_the_later_half_of_their_past_many_on_the_windows_asked_for():
    few = choose_origins(panel(FEW_SKUS), 4, windows=2, season=12)
    many = choose_origins(panel(FEW_SKUS + 1), 4, windows=2, season=12)
    assert few.periods_seen.min() == 120 - 40
    assert many.periods_seen.min() == 120 - 8


@pytest.mark.parametrize("periods", [4, 9, 30])
def test_short_histories_keep_at_least_half_for_learning(periods):
    origins = choose_origins(panel(5, periods), 4, windows=1, season=52)
    assert origins.periods_seen.min() >= min(periods / 2, periods - 4)
    assert origins.periods_seen.max() < periods


def test_a_period_forecast_from_several_origins_counts_once_and_an_unknown_one_not():
    y = np.array(
        [[[1.0, 2.0, 3.0]], [[2.0, 3.0, np.nan]], [[3.0, np.nan, np.nan]]]
    )  # origins after 5, 6, 7 periods
    np.testing.assert_array_equal(known_periods(y, np.array([5, 6, 7])), [3.0])
    np.testing.assert_array_equal(known_periods(np.zeros((0, 2, 3)), np.zeros(0, int)), [0.0, 0.0])
