import numpy as np
import pytest

from models.monitoring.cusum import Cusum, average_run_length, control_limit, self_starting_scores


def test_the_run_length_is_that_of_the_textbook():
    # Montgomery, Introduction to Statistical Quality Control, table 9.3 and 9.4 (one side, κ = ½): h 4 and 5.
    assert average_run_length(4.0) == pytest.approx(336, rel=0.01)
    assert average_run_length(5.0) == pytest.approx(930, rel=0.01)
    assert average_run_length(control_limit(780)) == pytest.approx(780)


def test_scores_of_few_values_are_standard_normal():
    rng = np.random.default_rng(1)
    drawn = np.array([self_starting_scores(*np.split(rng.normal(5, 3, 12), [6])) for _ in range(3000)])
    np.testing.assert_allclose(drawn.mean(axis=0), 0, atol=0.06)
    np.testing.assert_allclose(drawn.std(axis=0), 1, atol=0.05)


def test_an_alarm_is_dated_from_where_its_chart_left_zero():
    found = Cusum.of(np.array([0.0, 2.0, 2.0, 2.0, -9.0, 0.0])).evidence(4.0)
    assert (found.first, found.last, found.height) == (1, 4, 4.5)
