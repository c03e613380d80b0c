import numpy as np
import pytest
from scipy import stats

from distributions.distribution import Distribution
from distributions.levels import DEMAND_LEVELS
from distributions.outer_tail import OUTER_LEVELS, with_outer_tail


def test_the_tail_of_poisson_demand_goes_on_at_least_as_far_as_it_really_does():
    demand = Distribution(DEMAND_LEVELS, stats.poisson.ppf(DEMAND_LEVELS, 60)[None])
    found = with_outer_tail(demand).quantile(OUTER_LEVELS[None, :])[0]
    true = stats.poisson.ppf(OUTER_LEVELS, 60)
    assert (found >= true).all()
    assert found == pytest.approx(true, rel=0.06)


def test_an_exponential_tail_goes_on_exactly():
    demand = Distribution(DEMAND_LEVELS, stats.expon.ppf(DEMAND_LEVELS, scale=10)[None])
    found = with_outer_tail(demand).quantile(OUTER_LEVELS[None, :])[0]
    assert found == pytest.approx(stats.expon.ppf(OUTER_LEVELS, scale=10))


def test_what_the_distribution_held_is_left_as_it_was():
    values = np.stack([stats.norm.ppf(DEMAND_LEVELS, 100, 20), np.full(len(DEMAND_LEVELS), 7.0)])
    demand = Distribution(DEMAND_LEVELS, values)
    outer = with_outer_tail(demand)
    assert (outer.values[:, : len(DEMAND_LEVELS)] == values).all()
    assert (outer.values[1] == 7).all()
    assert (np.diff(outer.values[0]) > 0).all()
