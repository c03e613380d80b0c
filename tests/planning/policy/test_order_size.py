import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import (
    OrderLimits,
    economic_order_quantity,
    economic_order_size,
    order_quantity,
    yearly_order_cost,
)


def limits(moq=0.0, multiple=0.0, maximum=np.inf):
    return OrderLimits(np.array([moq]), np.array([multiple]), np.array([maximum]))


def one_price(price=10.0):
    return PriceBreaks.read(np.array([price]), [None])


OFFERS = st.tuples(
    st.integers(0, 500), st.sampled_from([0, 1, 5, 12, 100]), st.sampled_from([50, 600, np.inf])
)
BREAKS = st.sampled_from([None, "100:9.50;500:9.10", "24:9", "60:9.99;61:5;1000:4"])


@settings(max_examples=150, deadline=None)
@given(OFFERS, st.floats(-50, 2000), BREAKS, st.floats(0.5, 5000))
def test_an_order_is_nothing_or_at_least_the_moq_and_a_multiple_and_at_most_the_maximum(
    offer, need, text, demand
):
    moq, multiple, maximum = offer
    allowed = limits(*offer)
    prices = PriceBreaks.read(np.array([10.0]), [text])
    q = order_quantity(np.array([need]), np.array([demand]), np.array([2.0]), prices, allowed)[0]
    if need <= 0 or allowed.impossible[0]:
        assert q == 0
    else:
        assert moq <= q <= maximum
        assert multiple == 0 or q % multiple == pytest.approx(0, abs=1e-6)
        assert q >= min(need, allowed.largest[0]) - 1e-6


@settings(max_examples=150, deadline=None)
@given(OFFERS, st.floats(0, 2000), st.floats(0, 500), BREAKS, st.floats(0.5, 5000))
def test_a_larger_need_never_orders_less(offer, need, more, text, demand):
    prices = PriceBreaks.read(np.array([10.0]), [text])
    smaller, larger = (
        order_quantity(np.array([n]), np.array([demand]), np.array([2.0]), prices, limits(*offer))[0]
        for n in (need, need + more)
    )
    assert larger >= smaller


def test_the_economic_order_quantity_is_harris_formula():
    assert economic_order_quantity(1200, 50, 3) == pytest.approx(200)


@settings(max_examples=50, deadline=None)
@given(st.floats(10, 1e4), st.floats(1, 500), st.floats(0.1, 50), st.floats(0.2, 5))
def test_no_order_size_costs_less_than_the_economic_one(demand, ordering, holding, factor):
    best = economic_order_quantity(demand, ordering, holding)
    if best < demand:
        cost = [yearly_order_cost(q, demand, ordering, holding) for q in (best, best * factor)]
        assert cost[0] <= cost[1] + 1e-9


def test_free_holding_does_not_order_more_than_a_year():
    assert economic_order_quantity(1200, 50, 0) == pytest.approx(1200)


def test_a_discount_is_taken_when_it_saves_more_than_it_costs_to_hold():
    # EOQ = 100; at 9.50 from 200 units a year saves 500 in price and costs 112.5 more to order and hold
    prices = PriceBreaks.read(np.array([10.0]), ["200:9.50"])
    args = np.array([1000.0]), np.array([25.0]), np.array([5.0])
    assert economic_order_size(*args, prices, limits(), least=np.array([0.0])) == pytest.approx([200])
    dear = PriceBreaks.read(np.array([10.0]), ["200:9.99"])
    assert economic_order_size(*args, dear, limits(), least=np.array([0.0])) == pytest.approx([100])


def test_an_order_just_below_a_break_is_raised_to_it():
    prices = PriceBreaks.read(np.array([10.0]), ["100:9.00"])
    demand, holding = np.array([1000.0]), np.array([2.0])
    raised, kept = (order_quantity(np.array([n]), demand, holding, prices, limits())[0] for n in (95.0, 5.0))
    assert raised == 100
    # ten units more are 90.9 saved, 9.9 held: from 5 units the same step would still pay, as prices fall by a tenth
    assert kept == 100
    dear = np.array([250.0])
    assert order_quantity(np.array([5.0]), np.array([10.0]), dear, prices, limits())[0] == 5


def test_a_maximum_below_the_moq_is_found_impossible():
    offer = limits(moq=100, maximum=50)
    assert offer.impossible[0]
    assert offer.allowed(np.array([30.0])) == pytest.approx([0])
    assert one_price().price(np.array([3.0])) == pytest.approx([10])


def test_a_break_at_the_maximum_is_reached_and_one_above_it_is_not():
    demand, holding, prices = (
        np.array([1000.0]),
        np.array([2.0]),
        PriceBreaks.read(np.array([10.0]), ["100:9"]),
    )
    for maximum, quantity in ((100.0, 100.0), (99.0, 95.0)):
        assert order_quantity(np.array([95.0]), demand, holding, prices, limits(maximum=maximum)) == quantity
