import numpy as np
import pytest

from distributions.time_position import days_to_reach, time_position

ENDS = np.array([0.0, 10.0, 20.0, 50.0])


def test_a_time_lies_in_the_period_that_ends_next():
    found = time_position(ENDS, np.array([0.0, 5.0, 10.0, 35.0, 50.0]))
    assert found.upper.tolist() == [0, 0, 0, 2, 2]
    assert found.share.tolist() == [0.0, 0.5, 1.0, 0.5, 1.0]
    assert found.stretch.tolist() == [1.0] * 5


def test_beyond_the_last_end_time_is_stretched_or_its_year_comes_again():
    days = np.array([50.0, 75.0, 90.0, 115.0])
    assert time_position(ENDS, days).stretch.tolist() == [1.0, 1.5, 1.8, 2.3]
    again = time_position(ENDS, days, year_from=1)
    assert again.stretch.tolist() == [1.0] * 4
    assert again.years.tolist() == [0.0, 1.0, 1.0, 2.0]
    assert again.upper.tolist() == [2, 2, 2, 2]
    assert again.share == pytest.approx([1.0, 0.5, 1.0, 0.5])


def test_the_time_at_which_a_curve_is_reached():
    curve, used = np.array([[0.0, 5.0, 5.0, 20.0]] * 5), np.array([0.0, 2.5, 12.5, 20.0, 30.0])
    assert days_to_reach(ENDS, curve, used) == pytest.approx([0.0, 5.0, 35.0, 50.0, 75.0])
    assert days_to_reach(ENDS, curve, used, year_from=1)[-1] == pytest.approx(40.0 + 40.0)
    assert days_to_reach(ENDS, curve[:1], np.array([50.0]), year_from=1) == pytest.approx([130.0])
