from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from order_requests import draft, line

from serving.orders.order_checks import broken_order_terms

ORDER = draft(line("a", 40.0), line("b", 10.0, number=2), line("dropped", 0.0, number=3))
"""For 125: 40 of a, which weigh 2 each, and 10 of b, which nobody has weighed."""


def served(planned_share: float | None = None, **terms: float) -> SimpleNamespace:
    """A plan whose order to acme fills `planned_share` trucks, and the terms of acme."""
    items = pd.DataFrame({"unique_id": ["a", "b", "dropped"], "weight": [2.0, None, 9.0]})
    suppliers = pd.DataFrame(
        {"supplier_id": ["acme", "other"], **{name: [value, 1.0] for name, value in terms.items()}}
    )
    orders = pd.DataFrame({"supplier_id": ["acme"], "capacity_share": [planned_share]})
    if planned_share is None:
        orders = orders.iloc[:0]
    return SimpleNamespace(
        inputs=SimpleNamespace(items=items, suppliers=suppliers),
        snapshot=SimpleNamespace(supplier_orders=orders),
    )


def sentences(plan, order=ORDER) -> list[tuple[str, str]]:
    found = broken_order_terms(plan, order)
    assert all(breach.may_accept for breach in found)
    return [(breach.term, breach.sentence) for breach in found]


def test_an_order_at_its_suppliers_minimum_breaks_no_term():
    assert sentences(served()) == []
    assert (
        sentences(served(minimum_order_value=125.0, minimum_order_quantity=50.0, capacity_weight=80.0)) == []
    )


@pytest.mark.parametrize(
    ("terms", "sentence"),
    [
        (
            {"minimum_order_value": 200.5},
            "the order to acme is worth 125 EUR, below its minimum of 200.5; add goods for 75.5, or accept it with a reason",
        ),
        (
            {"minimum_order_quantity": 51.0},
            "the order to acme has 50 units, below its minimum of 51; add 1, or accept it with a reason",
        ),
    ],
)
def test_below_its_suppliers_minimum_an_order_says_what_it_lacks(terms, sentence):
    assert sentences(served(**terms)) == [("below_minimum", sentence)]


def test_an_order_that_needs_a_truck_more_than_the_plan_says_by_how_much():
    found = sentences(served(0.9, capacity_weight=60.0, freight_cost=90.0))
    expected = (
        "the order to acme fills 1.33 trucks or containers by weight and so needs 2 instead of 1, each for 90 EUR of "
        "freight; take off 20 of weight, or accept it with a reason"
    )
    assert found == [("capacity", expected)]
    assert sentences(served(1.2, capacity_weight=60.0)) == [], "the plan fills a second one, too"
    assert [term for term, _ in sentences(served(None, capacity_weight=60.0))] == ["capacity"]
    light = replace(ORDER, lines=(line("a", 30.0), line("b", 900.0, number=2)))
    assert sentences(served(0.9, capacity_weight=60.0), light) == []
