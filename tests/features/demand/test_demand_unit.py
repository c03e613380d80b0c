import numpy as np
import pytest

from features.demand.demand_unit import MOST_DISPERSION, DemandUnits

COUNTS = np.random.default_rng(0).poisson(6, (1, 40)).astype(float)


@pytest.mark.parametrize("factor", [1.0, 12.0, 1000.0, 0.5, 0.001])
def test_a_series_in_another_unit_of_measure_has_a_unit_that_much_larger(factor):
    one, other = DemandUnits.of(COUNTS), DemandUnits.of(COUNTS * factor)
    np.testing.assert_allclose(other.step, one.step * factor)
    np.testing.assert_allclose(other.size, one.size * factor)
    assert one.step[0] == one.size[0] == one.count[0] == 1.0


def test_a_few_sales_that_happen_to_be_even_are_no_packs_of_two():
    y = np.zeros((2, 40))
    y[0, :9] = y[1, :10] = 4.0
    np.testing.assert_array_equal(DemandUnits.of(y).step, [1.0, 4.0])


def test_demand_with_more_than_six_decimals_is_continuous_and_counted_in_its_dispersion():
    y = np.array([[1.23456789, 2.34567891, 3.45678912]])
    units = DemandUnits.of(y)
    assert units.step[0] == 0.0
    assert units.size[0] == units.count[0] == pytest.approx(np.var(y) / np.mean(y))


def test_where_single_pieces_do_not_matter_the_unit_is_larger_than_the_step():
    y = np.array([[1.0, 0.0, 999_999.0, 0.0, 500_001.0] * 4])
    units = DemandUnits.of(y)
    assert units.step[0] == units.count[0] == 1.0
    assert units.size[0] == pytest.approx(np.var(y) / np.mean(y) / MOST_DISPERSION)


def test_no_demand_at_all_is_counted_in_ones_and_missing_periods_say_nothing():
    y = np.array([[0.0] * 12, [np.nan] * 12, [np.nan, *[6.0] * 11]])
    np.testing.assert_array_equal(DemandUnits.of(y).step, [1.0, 1.0, 6.0])
