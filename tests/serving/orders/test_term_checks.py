from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from planning.cost.price_breaks import PriceBreaks
from planning.policy.order_size import OrderLimits
from serving.orders.term_checks import (
    QuantityTerms,
    TermBrokenError,
    broken_due,
    broken_order_day,
    broken_terms,
    price_break_advice,
    raise_unless_accepted,
)


def terms(
    *, moq=20.0, multiple=10.0, maximum=500.0, sellable=np.inf, proposed=0.0, breaks=None
) -> QuantityTerms:
    limits = OrderLimits(*(np.array([value]) for value in (moq, multiple, maximum)))
    return QuantityTerms("a", "acme", limits, PriceBreaks.read(np.array([2.0]), [breaks]), sellable, proposed)


def found(quantity: float, **more) -> list[tuple]:
    return [(each.term, each.value, each.fix) for each in broken_terms(terms(**more), quantity)]


@pytest.mark.parametrize("quantity", [20, 30, 500])
def test_a_quantity_within_all_terms_breaks_none(quantity):
    assert found(quantity) == []


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        (45, [("order_multiple", 10, 50)]),
        (10, [("moq", 20, 20)]),
        (5, [("order_multiple", 10, 20), ("moq", 20, 20)]),
        (510, [("max_quantity", 500, 500)]),
    ],
)
def test_each_broken_term_has_its_value_and_the_nearest_that_keeps_it(quantity, expected):
    assert found(quantity) == expected


def test_any_quantity_is_a_multiple_of_none_and_small_multiples_are_met_in_floats():
    assert found(0.35, moq=0.0, multiple=0.0) == []
    assert found(0.3, moq=0.0, multiple=0.1) == []
    assert found(0.35, moq=0.0, multiple=0.1)[0][0] == "order_multiple"


def test_what_will_not_sell_in_time_is_a_breach_that_a_person_may_accept():
    assert found(100, sellable=64.0) == [("shelf_life", 64.0, 60)]
    assert found(60, sellable=64.0) == []
    assert found(100, sellable=64.0, proposed=100.0) == []
    assert found(20, sellable=4.0) == []
    breaches = broken_terms(terms(sellable=64.0), 100)
    assert raise_unless_accepted(breaches, accepted=True, reason="a festival") == (breaches[0].sentence,)
    for accepted, reason in ((False, "a festival"), (True, " ")):
        with pytest.raises(TermBrokenError, match="only 64 of a from acme are expected to sell"):
            raise_unless_accepted(breaches, accepted=accepted, reason=reason)


def test_a_suppliers_term_is_not_overruled_whatever_the_reason():
    breaches = broken_terms(terms(sellable=64.0), 105)
    with pytest.raises(TermBrokenError, match="multiples of 10; order 110") as caught:
        raise_unless_accepted(breaches, accepted=True, reason="a festival")
    assert [breach.term for breach in caught.value.breaches] == ["order_multiple"]


def test_a_price_break_within_reach_says_what_it_takes_and_saves():
    near = price_break_advice(terms(breaks="100:1.50"), 80)
    assert (near.value, near.fix) == (100, 100)
    assert (
        near.sentence
        == "from 100 units of a the price is 1.5 instead of 2: 20 more units cost 10 less in all"
    )
    assert "cost 10 more in all" in price_break_advice(terms(breaks="100:1.70"), 80).sentence
    assert price_break_advice(terms(breaks="100:1.50"), 79) is None
    assert price_break_advice(terms(breaks="100:2.50"), 90) is None
    assert price_break_advice(terms(breaks="100:1.50"), 100) is None
    assert price_break_advice(terms(breaks="100:1.50", maximum=90.0), 90) is None


MONDAY = date(2026, 3, 2)


def inputs(order_days=None, closed=()) -> SimpleNamespace:
    """What is known of the supplier acme."""
    suppliers = pd.DataFrame({"supplier_id": ["acme"], "order_days": pd.Series([order_days], dtype=object)})
    days = pd.DataFrame({"supplier_id": "acme", "day": pd.to_datetime(list(closed))})
    return SimpleNamespace(suppliers=suppliers, closures=days)


def test_an_order_goes_out_on_an_order_day_that_is_not_over():
    tuesday, sunday = date(2026, 3, 3), date(2026, 3, 1)
    assert broken_order_day(inputs("Mon,Thu"), "acme", MONDAY, today=MONDAY) == []
    assert broken_order_day(inputs(), "acme", tuesday, today=MONDAY) == []
    late = broken_order_day(inputs("Mon,Thu"), "acme", tuesday, today=MONDAY)[0]
    assert (late.term, late.fix) == ("order_days", "2026-03-05")
    assert "acme takes orders on Mon,Thu; the next day is 2026-03-05" in late.sentence
    closed = broken_order_day(inputs(closed=["2026-03-03", "2026-03-04"]), "acme", tuesday, today=MONDAY)[0]
    assert closed.sentence == "order_on is Tue 2026-03-03, but acme is closed; the next day is 2026-03-05"
    assert broken_order_day(inputs(), "acme", sunday, today=MONDAY)[0].fix == "2026-03-02"


def test_goods_are_not_wanted_before_they_are_ordered():
    assert broken_due("a", MONDAY, order_on=MONDAY) == []
    assert broken_due("a", date(2026, 3, 1), order_on=MONDAY)[0].term == "due"
