"""What is ordered at a position: up to S below s, and nothing for a hair of a whole unit."""

import numpy as np
import pytest

from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import OrderLimits
from planning.policy.order_terms import OrderTerms


def terms(*, whole: bool, moq: float = 0.0) -> OrderTerms:
    """s = 126, S = 150 at 2 a unit."""
    one = np.ones(1)
    return OrderTerms(
        reorder_point=126 * one,
        order_up_to=150 * one,
        economic_lot=24 * one,
        yearly=1_000 * one,
        holding=0.5 * one,
        prices=PriceBreaks.read(2 * one, [None]),
        limits=OrderLimits(moq * one, one if whole else 0 * one, np.inf * one),
        sellable=np.inf * one,
        whole=np.array([whole]),
    )


@pytest.mark.parametrize(
    ("position", "whole", "quantity"),
    [
        (126.0, True, 0.0),
        (125.9, True, 0.0),  # an open order that counts a hair less than in full
        (125.4, True, 96.0),
        (125.9, False, 96.0),
        (120.0, True, 96.0),
    ],
)
def test_whole_units_are_counted_whole(position: float, whole: bool, quantity: float) -> None:
    assert terms(whole=whole, moq=96.0).quantity(np.array([position]))[0] == quantity


def test_below_s_it_is_ordered_up_to_the_level() -> None:
    assert terms(whole=True).quantity(np.array([100.0]))[0] == 50
    assert terms(whole=True).quantity(np.array([149.0]))[0] == 0
