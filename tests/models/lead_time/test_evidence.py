"""The evidence gate: a gain counts beyond k standard errors."""

import numpy as np
import pytest

from models.lead_time.evidence import gain_lower_bound, mean_gain_lower_bound


def test_a_gain_below_its_standard_errors_is_no_evidence() -> None:
    assert gain_lower_bound(1.0, 0.4, k=2) > 0
    assert gain_lower_bound(1.0, 0.4, k=3) < 0


def test_the_lower_bound_of_a_mean_is_that_of_its_standard_error_column_by_column() -> None:
    gains = np.array([[1.0, 5.0], [3.0, 5.0], [2.0, 5.0], [2.0, 5.0]])
    standard_error = np.sqrt(2 / 3) / 2
    np.testing.assert_allclose(mean_gain_lower_bound(gains, k=1.0), [2 - standard_error, 5.0])
    assert float(mean_gain_lower_bound(gains[:, 0], k=2.0)) == pytest.approx(2 - 2 * standard_error)
