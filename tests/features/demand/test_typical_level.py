import numpy as np

from features.demand.typical_level import without_outliers


def test_one_sku_in_another_unit_is_brought_in_to_where_the_others_are():
    levels = np.array([4.0, 9.0, 16.0, 25.0, 1e9])
    brought_in = without_outliers(levels)
    np.testing.assert_array_equal(brought_in[:4], levels[:4])
    assert 25.0 < brought_in[4] < 150.0


def test_levels_in_another_unit_are_brought_in_alike():
    levels = np.array([4.0, 9.0, 16.0, 25.0, 1e9])
    np.testing.assert_allclose(without_outliers(levels * 1000), without_outliers(levels) * 1000)


def test_levels_without_an_outlier_stay_and_so_do_none_and_zeros():
    for levels in (np.array([1.0, 2.0, 4.0, 8.0]), np.zeros(3), np.zeros(0), np.full(3, 7.0)):
        np.testing.assert_array_equal(without_outliers(levels), levels)


def test_the_fence_among_equal_levels_is_four_times_as_high():
    np.testing.assert_allclose(without_outliers(np.array([4.0] * 9 + [100.0]))[-1], 16.0)
