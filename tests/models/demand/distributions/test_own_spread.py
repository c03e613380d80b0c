import numpy as np
import pytest

from models.demand.distributions.own_spread import ErrorsBySku, own_spread_factors


def ratios(true, periods, seed=0):
    """|Normal error| of n SKUs whose spread is `true` (n,) times the expected one, one row a SKU."""
    draw = np.abs(np.random.default_rng(seed).normal(size=(len(true), periods)))
    return draw / np.sqrt(2 / np.pi) * np.asarray(true)[:, None]


def by_sku(n, periods):
    return ErrorsBySku(np.arange(n), np.full(n, float(periods)))


def test_skus_that_are_alike_keep_the_common_spread():
    factors = own_spread_factors(ratios(np.ones(200), 30), by_sku(200, 30))
    assert np.abs(np.log(factors)).max() < 0.25
    assert np.abs(np.log(factors)).mean() < 0.06


def test_skus_that_differ_have_their_own():
    true = np.repeat([0.2, 1.0, 3.0], 20)
    factors = own_spread_factors(ratios(true, 30), by_sku(60, 30))
    np.testing.assert_allclose(np.log(factors), np.log(true), atol=0.45)
    assert np.corrcoef(np.log(factors), np.log(true))[0, 1] > 0.98


def test_the_fewer_errors_a_sku_has_the_less_they_count():
    true = np.repeat([0.3, 1.0, 3.0], 20)
    few, many = (own_spread_factors(ratios(true, 30), by_sku(60, n)) for n in (4, 30))
    assert (np.abs(np.log(few)) <= np.abs(np.log(many)) + 1e-12).all()
    assert np.abs(np.log(few)).mean() < 0.9 * np.abs(np.log(many)).mean()


def test_rows_of_one_sku_count_together_and_unknown_errors_not_at_all():
    together = own_spread_factors(np.array([[2.0, 2.0, 2.0, np.nan]]), by_sku(1, 10))
    apart = own_spread_factors(
        np.array([[2.0, np.nan], [2.0, 2.0]]), ErrorsBySku(np.zeros(2, int), np.array([10.0]))
    )
    assert together[0] == pytest.approx(apart[0])
    assert together[0] > 1.0


def test_a_sku_without_errors_has_the_common_spread():
    factors = own_spread_factors(np.array([[np.nan, np.nan], [5.0, 5.0]]), by_sku(2, 8))
    assert factors[0] == 1.0
    assert factors[1] > 1.0
