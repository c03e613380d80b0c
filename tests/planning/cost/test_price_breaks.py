import numpy as np
import pytest

from configs.errors import PlanningError
from planning.cost.price_breaks import PriceBreaks, parse_breaks


@pytest.mark.parametrize(
    ("quantity", "price"), [(0, 10), (99, 10), (100, 9.5), (499, 9.5), (500, 9.1), (10_000, 9.1)]
)
def test_the_price_is_that_of_the_bracket_a_quantity_falls_in(quantity, price):
    prices = PriceBreaks.read(np.array([10.0]), ["500:9.10;100:9.50"])
    assert prices.price(np.array([float(quantity)])) == pytest.approx([price])


def test_offers_with_and_without_breaks_are_read_together():
    prices = PriceBreaks.read(np.array([10.0, 8.0, 6.0]), [None, "50:7", None])
    assert prices.price(np.array([60.0, 60.0, 60.0])) == pytest.approx([10, 7, 6])
    assert prices.next_start(np.array([10.0, 10.0, 10.0])) == pytest.approx([np.inf, 50, np.inf])


def test_the_next_start_is_that_of_a_cheaper_bracket():
    prices = PriceBreaks.read(np.array([5.0, np.nan]), ["50:4.9;60:9;500:4.5", "50:4.9"])
    assert prices.next_start(np.array([55.0, 0.0])) == pytest.approx([500, np.inf])


def test_dearer_starts_are_those_where_a_unit_costs_more_than_before():
    prices = PriceBreaks.read(np.array([5.0, 5.0, 5.0]), ["50:4.9;60:9;500:4.5", "10:6;20:6", None])
    assert prices.dearer_starts.tolist() == [[np.inf, 60, np.inf], [10, np.inf, np.inf], [np.inf] * 3]


@pytest.mark.parametrize("text", ["100=9", "100:9:8", "many:9", "100:-1", "nan:3"])
def test_breaks_that_cannot_be_read_are_refused_with_their_text(text):
    with pytest.raises(PlanningError, match="price_breaks is"):
        parse_breaks(text)
