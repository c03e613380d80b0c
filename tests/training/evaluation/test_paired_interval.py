import numpy as np
import pytest
from scipy.stats import ttest_1samp

from training.evaluation.paired_interval import paired_interval


def test_with_one_sku_it_is_students_interval_over_blocks() -> None:
    difference = np.random.default_rng(1).normal(1.0, 2.0, (8, 1))
    interval = paired_interval(difference, np.ones((8, 1)))
    expected = ttest_1samp(difference[:, 0], 0.0).confidence_interval(0.90)
    assert (interval.low, interval.high) == (pytest.approx(expected.low), pytest.approx(expected.high))


def test_bad_weeks_that_hit_all_skus_at_once_widen_it() -> None:
    rng = np.random.default_rng(2)
    noise = rng.normal(0, 1, (6, 50))
    alone, together = (
        paired_interval(noise + shift, np.ones((6, 50))) for shift in (0.0, rng.normal(0, 1, (6, 1)))
    )
    assert together.high - together.low > 3 * (alone.high - alone.low)


def test_a_mean_over_unequal_cells_counts_each_by_its_weight() -> None:
    difference, weight = (
        np.array([[2.0, 6.0], [0.0, 3.0], [1.0, 0.0]]),
        np.array([[1.0, 2.0], [1.0, 1.0], [1.0, 0.0]]),
    )
    assert paired_interval(difference, weight).mean == pytest.approx(12 / 6)


def test_it_holds_nine_truths_in_ten_whether_weeks_or_skus_go_wrong_together() -> None:
    rng = np.random.default_rng(3)
    for by_week, by_sku in ((1.0, 0.0), (0.0, 1.0), (0.5, 0.5)):
        held = 0
        for _ in range(300):
            drawn = (
                rng.normal(0, by_week, (6, 1)) + rng.normal(0, by_sku, (1, 60)) + rng.normal(0, 1, (6, 60))
            )
            interval = paired_interval(drawn, np.ones((6, 60)))
            held += interval.low < 0 < interval.high
        assert 0.85 <= held / 300 <= 1.0


@pytest.mark.parametrize("blocks", [0, 1])
def test_too_few_blocks_tell_nothing_about_chance(blocks: int) -> None:
    interval = paired_interval(np.full((blocks, 5), -1.0), np.ones((blocks, 5)))
    assert not interval.below
    assert not interval.above
