import numpy as np
import pytest

from planning.actions.played_worth import PlayedWorth


def test_the_mean_is_what_is_saved_and_the_range_has_what_all_forecasts_miss_together():
    worth = PlayedWorth.of_saved(np.full((1, 128), 100.0), effort=95.0, common_error=0.1)
    assert worth.mean.tolist() == [100.0]
    assert (worth.low[0], worth.high[0]) == (pytest.approx(87.2, abs=0.5), pytest.approx(112.8, abs=0.5))
    assert worth.chance[0] == pytest.approx(0.69, abs=0.01)  # a half of a standard deviation


def test_luck_of_its_own_is_hardly_wider_by_what_is_common_and_nothing_is_certainly_nothing():
    own = 100.0 * np.random.default_rng(0).standard_normal((1, 4096)) + 50.0
    worth = PlayedWorth.of_saved(own, effort=0.0, common_error=0.1)
    assert worth.high[0] - worth.low[0] == pytest.approx(2.563 * 100 * np.sqrt(1 + 0.0125), rel=0.03)
    alone = PlayedWorth.of_saved(own, effort=0.0)
    assert alone.high[0] - alone.low[0] == pytest.approx(2.563 * 100, rel=0.03)
    assert PlayedWorth.of_saved(np.full((1, 128), 100.0), effort=95.0).chance[0] == 1
    nothing = PlayedWorth.of_saved(np.zeros((2, 128)), effort=0.0, common_error=0.1)
    assert not nothing.low.any()
    assert not nothing.high.any()
    assert not nothing.chance.any()
