import numpy as np
import pytest
from scipy import stats

from features.demand.tail_moments import tail_moments


@pytest.mark.parametrize(
    ("distribution", "b"),
    [
        (stats.nbinom(3, 0.2), 9),
        (stats.nbinom(0.7, 0.3), 1),
        (stats.nbinom(40, 0.5), 60),
        (stats.poisson(2), 4),
    ],
)
def test_the_tail_of_counts_is_that_of_the_negative_binomial(distribution, b):
    d = np.arange(b, 2000)
    p = distribution.pmf(d) / distribution.sf(b - 1)
    first, second = tail_moments(
        *np.atleast_1d(float(b), distribution.mean(), distribution.var()), np.array([True])
    )
    np.testing.assert_allclose([first[0], second[0]], [(p * d).sum(), (p * d**2).sum()], rtol=0.01)


def test_the_tail_of_fractions_is_that_of_the_gamma():
    distribution, b = stats.gamma(2.5, scale=0.3), 1.1
    first, _ = tail_moments(*np.atleast_1d(b, distribution.mean(), distribution.var()), np.array([False]))
    np.testing.assert_allclose(first, distribution.expect(lambda d: d, lb=b, conditional=True), rtol=1e-6)


def test_sales_beyond_all_experience_are_still_a_lower_bound():
    first, second = tail_moments(
        np.array([1e6, 1e6]), np.array([2.0, 2.0]), np.array([2.0, 0.1]), np.array([True, False])
    )
    assert (first >= 1e6).all()
    assert np.isfinite(second).all()
