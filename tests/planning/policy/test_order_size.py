import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import (
    OrderLimits,
    economic_order_quantity,
    economic_order_size,
    need_within_price,
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
ANY_OFFERS = st.tuples(
    st.floats(0, 500), st.sampled_from([0, 0.1, 0.3, 1, 2.5, 7, 30, 100]), st.floats(0, 600)
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


@settings(max_examples=300, deadline=None)
@given(ANY_OFFERS, st.floats(0.001, 2000))
def test_fractional_multiples_and_any_maximum_are_kept_to_the_last_digit(offer, need):
    moq, multiple, maximum = offer
    allowed = limits(*offer)
    q = allowed.allowed(np.array([need]))[0]
    if multiple:
        multiples = [round(k * multiple, 9) for k in range(1, int(600 / multiple) + 2)]
        fits = [m for m in multiples if moq - 1e-7 <= m <= maximum * (1 + 1e-8)]
        covering = [m for m in fits if m >= need - 1e-7]
        assert allowed.impossible[0] == (not fits)
        assert q == (covering[0] if covering else fits[-1] if fits else 0)
    else:
        assert q == (0 if moq > maximum or maximum == 0 else min(max(need, moq), maximum))


@pytest.mark.parametrize(
    ("offer", "need", "quantity"),
    [
        ((100, 30, np.inf), 47, 120),
        ((100, 30, np.inf), 121, 150),
        ((0, 100, 150), 140, 100),
        ((0, 30, 20), 57, 0),
        ((100, 0, 50), 57, 0),
        ((0, 0.1, 0.3), 7, 0.3),
        ((0, 0, 0), 7, 0),
    ],
)
def test_a_moq_rounds_up_and_a_maximum_down_to_a_multiple(offer, need, quantity):
    assert limits(*offer).allowed(np.array([float(need)]))[0] == quantity
    assert limits(*offer).impossible[0] == (quantity == 0)


@pytest.mark.parametrize(
    ("offer", "start", "quantity"),
    [
        ((0, 1, np.inf), 60, 59),
        ((0, 12, np.inf), 60, 48),
        ((0, 1, 30), 60, 30),
        ((50, 12, np.inf), 60, 0),
        ((0, 0, np.inf), 60, 59.94),
        ((0, 1, np.inf), 59.5, 59),
    ],
)
def test_the_largest_quantity_below_a_break_is_an_allowed_one(offer, start, quantity):
    assert limits(*offer).below(np.array([float(start)])) == pytest.approx([quantity])


def size(text, *, least=0.0, allowed=None, ordering=25.0):
    """Economic order size at 1,000 units a year for 10 each, holding at 5: EOQ = 100 with an ordering cost of 25."""
    prices = PriceBreaks.read(np.array([10.0]), [text])
    args = np.array([1000.0]), np.array([ordering]), np.array([5.0])
    found = economic_order_size(*args, prices, allowed or limits(multiple=1), least=np.array([float(least)]))
    return found[0]


def test_the_economic_order_size_stays_below_a_break_that_costs_more():
    assert size(None) == 100
    assert size("80:11") == 79
    assert size("120:11") == 100
    # a cycle's demand is the least that is ordered on average
    assert size("80:11", least=90) == 100
    # two hundredths a unit and year are less than ordering more often costs
    assert size("80:10.01") == 100
    # past the dearer break a cheaper one may lie
    assert size("80:11;300:8") == 300
    assert size("80:11", allowed=limits(moq=90, multiple=1)) == 100
    assert size("80:11", allowed=limits(multiple=12)) == 72


@pytest.mark.parametrize(
    ("need", "least", "lot", "expected"),
    [
        (86, 47, 59, 59),  # cut to just below the break, which covers what must be
        (86, 60, 59, 86),  # the reorder point asks for more
        (55, 20, 59, 55),  # not reached
        (86, 47, 80, 86),  # larger lots are worth the dearer price
        (60, 20, 59, 59),
        (210, 150, 59, 199),  # the second break can still be kept
        (210, 40, 59, 59),  # the first is kept where it can be
    ],
)
def test_a_need_is_cut_to_stay_below_a_dearer_break(need, least, lot, expected):
    prices = PriceBreaks.read(np.array([5.0]), ["50:4.9;60:9;200:12"])
    cut = need_within_price(*(np.array([float(x)]) for x in (need, least, lot)), prices, limits(multiple=1))
    assert cut[0] == expected


def test_an_order_is_raised_past_a_dearer_break_to_a_cheaper_one():
    prices = PriceBreaks.read(np.array([5.0]), ["60:9;70:3"])
    q = order_quantity(np.array([58.0]), np.array([1000.0]), np.array([1.0]), prices, limits(multiple=1))
    assert q[0] == 70


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
    spoils = order_quantity(np.array([5.0]), demand, holding, prices, limits(), sellable=np.array([99.0]))
    assert spoils[0] == 5
    assert order_quantity(np.array([5.0]), demand, holding, prices, limits(), sellable=100.0)[0] == 100
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
