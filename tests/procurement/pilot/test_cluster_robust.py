import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from procurement.pilot.cluster_robust import robust_mean


def equal(count: int) -> np.ndarray:
    return np.full(count, 1 / count)


def test_with_equal_weights_it_is_the_paired_t() -> None:
    found = robust_mean(equal(4), np.array([1.0, 2.0, 3.0, 6.0]))
    assert found.estimate == pytest.approx(3)
    assert found.error == pytest.approx(np.sqrt(14 / 12))
    assert found.df == pytest.approx(3)
    theirs = stats.ttest_1samp([1.0, 2.0, 3.0, 6.0], 0)
    assert found.p_value() == pytest.approx(theirs.pvalue)
    assert found.estimate - found.half_width(0.9) == pytest.approx(theirs.confidence_interval(0.9).low)


def test_unequal_weights_by_hand() -> None:
    found = robust_mean(np.array([0.5, 0.25, 0.25]), np.array([1.0, 3.0, 5.0]))
    assert found.estimate == pytest.approx(2.5)
    assert found.error**2 == pytest.approx(1.5 + 8 / 7 * (1 / 64 + 25 / 64))
    assert 1 < found.df < 2


def test_pairs_that_say_the_same_in_a_cluster_count_as_one() -> None:
    values, clusters = np.array([1.0, 2.0, 3.0, 6.0]), np.array([0, 1, 2, 3])
    once = robust_mean(equal(4), values)
    twice = robust_mean(equal(8), np.tile(values, 2), np.tile(clusters, 2))
    assert twice.error == pytest.approx(once.error)
    assert twice.df == pytest.approx(3)
    assert robust_mean(equal(8), np.tile(values, 2)).error < once.error


def test_one_cluster_has_no_error_and_a_pair_without_weight_does_not_count() -> None:
    alone = robust_mean(equal(3), np.array([1.0, 2.0, 3.0]), np.zeros(3, int))
    assert np.isnan(alone.error)
    assert np.isnan(alone.df)
    assert np.isnan(robust_mean(np.array([1.0, 0.0]), np.array([1.0, 9.0])).error)
    with_none = robust_mean(np.array([0.5, 0.5, 0.0]), np.array([1.0, 3.0, 99.0]))
    assert with_none.error == pytest.approx(robust_mean(equal(2), np.array([1.0, 3.0])).error)
    assert with_none.df == pytest.approx(1)


def test_pairs_that_all_say_the_same_leave_no_doubt() -> None:
    assert robust_mean(equal(3), np.full(3, -2.0)).p_value() == 0
    assert robust_mean(equal(3), np.zeros(3)).p_value() == 1


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0.05, 1), st.floats(-9, 9), st.integers(0, 3)), min_size=4, max_size=12
    ).filter(lambda rows: len({row[2] for row in rows}) > 1)
)
def test_error_and_df_are_those_of_the_matrices_they_stand_for(rows) -> None:
    raw, values, clusters = (np.array(column) for column in zip(*rows, strict=True))
    a = raw / raw.sum()
    residual_maker = np.eye(len(a)) - np.outer(np.ones(len(a)), a)
    quadratic = np.zeros((len(a), len(a)))
    for cluster in np.unique(clusters):
        b = residual_maker.T @ (a * (clusters == cluster))
        quadratic += (a[clusters == cluster] ** 2).sum() / (b @ b) * np.outer(b, b)
    found = robust_mean(a, values, clusters)
    assert found.error**2 == pytest.approx(values @ quadratic @ values, rel=1e-6, abs=1e-9)
    assert np.trace(quadratic) == pytest.approx((a**2).sum())  # unbiased where all vary alike
    assert found.df == pytest.approx(np.trace(quadratic) ** 2 / np.trace(quadratic @ quadratic))


def test_a_batch_is_its_rows() -> None:
    random = np.random.default_rng(0)
    weights, values = random.dirichlet(np.ones(6), 3), random.normal(size=(3, 6))
    clusters = np.array([0, 0, 1, 2, 2, 1])
    batch = robust_mean(weights, values, clusters)
    for row in range(3):
        alone = robust_mean(weights[row], values[row], clusters)
        assert batch.error[row] == pytest.approx(alone.error)
        assert batch.df[row] == pytest.approx(alone.df)
