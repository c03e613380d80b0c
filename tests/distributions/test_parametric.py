"""Parametric lead times: gamma by mean and spread, certain where there is next to none."""

import numpy as np
import pytest

from configs.errors import PlanningError
from distributions.parametric import gamma_lead_time


@pytest.mark.parametrize(("mean", "std"), [(5e-324, 0.0), (10.0, 0.0), (10.0, 1e-3)])
def test_without_spread_it_is_certain(mean, std):
    found = gamma_lead_time(mean, std, 2)
    assert len(found.values) == 2
    assert (found.values == np.float64(mean)).all()


def test_it_has_the_mean_and_spread_that_it_was_given():
    found = gamma_lead_time(10.0, 3.0)
    assert found.mean()[0] == pytest.approx(10.0, rel=0.01)
    assert found.std()[0] == pytest.approx(3.0, rel=0.03)


@pytest.mark.parametrize(("mean", "std"), [(0.0, 1.0), (-1.0, 1.0), (5.0, -0.1), (float("nan"), 1.0)])
def test_what_is_no_lead_time_is_said(mean, std):
    with pytest.raises(PlanningError, match="expected a mean above 0"):
        gamma_lead_time(mean, std)
