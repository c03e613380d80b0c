import numpy as np
import pytest

from planning.changes.split_by_cause import split_by_cause


def test_what_two_causes_do_together_is_shared_and_an_idle_one_has_none():
    def value(replaced):
        price, units = (9.0 if "price" in replaced else 5.0), (10.0 if "units" in replaced else 4.0)
        return np.array([price * units])

    parts = split_by_cause(value, ("price", "units", "idle"))
    assert {cause: part.tolist() for cause, part in parts.items()} == {
        "price": [pytest.approx(28.0)],
        "units": [pytest.approx(42.0)],
        "idle": [0.0],
    }
