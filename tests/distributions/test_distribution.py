import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from distributions.distribution import Distribution
from distributions.levels import DEMAND_LEVELS, LEAD_TIME_LEVELS

CHANCES = np.linspace(0.001, 0.999, 41)


@st.composite
def distributions(draw, n=3):
    """Any distributions with atoms, gaps, zeros and tails."""
    steps = draw(hnp.arrays(float, (n, len(DEMAND_LEVELS)), elements=st.sampled_from([0, 0, 0.5, 1, 7, 100])))
    return Distribution(DEMAND_LEVELS, np.cumsum(steps, axis=1))


@settings(max_examples=60, deadline=None)
@given(distributions())
def test_quantile_is_the_smallest_value_that_reaches_its_probability(dist):
    p = np.broadcast_to(CHANCES, (len(dist), len(CHANCES)))
    x = dist.quantile(p)
    assert (dist.cdf(x) >= p - 1e-9).all()
    assert (dist.cdf(x - 1e-6 * (1 + x)) <= p + 1e-4).all()


@settings(max_examples=60, deadline=None)
@given(distributions(), st.floats(0, 3000))
def test_excess_falls_from_the_mean_to_nothing_and_agrees_with_the_probabilities(dist, s):
    assert dist.expected_excess(0.0) == pytest.approx(dist.mean(), abs=1e-9)
    assert (dist.expected_excess(s + 1) <= dist.expected_excess(s) + 1e-9).all()
    slope = (dist.expected_excess(s) - dist.expected_excess(s + 1e-4)) / 1e-4
    assert (slope >= 1 - dist.cdf(s + 1e-4) - 1e-5).all()
    assert (slope <= 1 - dist.cdf(s) + 1e-5).all()


@settings(max_examples=60, deadline=None)
@given(distributions(), st.floats(0, 500))
def test_given_an_age_a_distribution_lies_above_it_and_keeps_its_own_odds(dist, age):
    later = dist.above(age)
    assert (later.values >= age).all()
    alive = 1 - dist.cdf(age)
    x = later.values[:, 12]
    expected = (dist.cdf(x) - dist.cdf(age)) / np.where(alive > 0, alive, 1)
    smooth = (alive > 1e-9) & (np.abs(dist.cdf(x) - dist.cdf(x - 1e-6 * (1 + x))) < 1e-3)
    assert expected[smooth] == pytest.approx(np.full(smooth.sum(), dist.levels[12]), abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(distributions(), st.sampled_from([12.0, 0.1, 1000.0]))
def test_counting_in_other_units_changes_nothing_but_the_unit(dist, factor):
    other = Distribution(dist.levels, dist.values * factor)
    assert other.mean() == pytest.approx(dist.mean() * factor)
    assert other.std() == pytest.approx(dist.std() * factor)
    assert other.quantile(0.9) == pytest.approx(dist.quantile(0.9) * factor)
    assert other.cdf(10.0 * factor) == pytest.approx(dist.cdf(10.0), abs=1e-9)


@pytest.mark.parametrize("p", [0.0, 0.003, 0.005, 0.5, 0.97, 0.995, 0.9999, 1.0])
def test_one_probability_for_all_gives_what_one_for_each_gives(p):
    dist = Distribution(DEMAND_LEVELS, np.array([stats.gamma.ppf(DEMAND_LEVELS, 2), np.zeros(25)]))
    assert dist.quantile(p) == pytest.approx(dist.quantile(np.array([p, p])), abs=1e-12)


def test_moments_of_a_known_distribution_are_near_the_truth():
    dist = Distribution(LEAD_TIME_LEVELS, stats.gamma.ppf(LEAD_TIME_LEVELS, 9, scale=2)[None])
    assert dist.mean() == pytest.approx([18.0], rel=2e-3)
    assert dist.std() == pytest.approx([6.0], rel=1e-2)


def test_a_large_certain_number_has_no_spread():
    assert Distribution.certain([1e8]).std() == pytest.approx([0.0], abs=1e-3)


def test_an_exponential_tail_forgets_its_age():
    dist = Distribution(LEAD_TIME_LEVELS, stats.expon.ppf(LEAD_TIME_LEVELS, scale=10)[None])
    later = dist.above(80.0)
    assert later.mean() - 80 == pytest.approx(dist.tail_scale, rel=0.05)


def test_mass_at_zero_is_counted_at_zero():
    values = np.where(DEMAND_LEVELS <= 0.6, 0.0, 5.0)[None]
    assert Distribution(DEMAND_LEVELS, values).cdf(0.0) == pytest.approx([0.6])
