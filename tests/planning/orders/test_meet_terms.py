from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from planning.orders.fill_up import Orders
from planning.orders.meet_terms import Patience, meet_terms
from planning.orders.supplier_terms import SupplierTerms


@pytest.fixture
def met(line_worth):
    """`met(terms, quantity=…)`: orders of SKUs at one supplier, the first two due, and what becomes of them."""

    def run(
        terms, *, quantity=(100.0, 100.0, 0.0, 0.0), above=(0.0, 0.0, 40.0, 80.0), patience=None, **worth
    ):
        n = len(quantity)
        table = pd.DataFrame([{"supplier_id": "s"} | terms])
        orders = Orders(
            worth=line_worth(list(above), **worth),
            supplier=np.zeros(n, np.intp),
            loads=np.tile([1.0, 0.0, 0.0], (n, 1)),
            fillable=np.ones(n, bool),
            settled=np.zeros(n, bool),
            quantity=np.asarray(quantity, float),
        )
        waiting = {"may_wait": False, "at_risk": 0.0, "comes": 40.0, "units_come": 10.0} | (patience or {})
        patient = Patience(**{name: np.array([value]) for name, value in waiting.items()})
        return meet_terms(orders, SupplierTerms.of(table, np.array(["s"], object)), patient)

    return run


def test_orders_above_the_minimum_stay_as_they_are(met):
    found = met({"minimum_order_value": 800.0, "minimum_order_quantity": 200.0})
    assert found.orders.quantity.tolist() == [100, 100, 0, 0]
    assert (found.filled_for[0], found.fill_cost[0], found.waits[0]) == ("", 0, False)


@pytest.mark.parametrize("terms", [{"minimum_order_value": 1200.0}, {"minimum_order_quantity": 300.0}])
def test_a_minimum_is_filled_with_what_costs_least(met, terms):
    found = met(terms, line_cost=0.0)
    quantity = found.orders.quantity
    assert 300 <= quantity.sum() <= 306
    assert quantity[3] <= quantity[2], "what is due later is brought forward less"
    assert quantity[:2].min() >= 100
    assert found.filled_for[0] == "minimum"
    assert found.fill_cost[0] > 0
    assert not found.waits[0]


def test_no_line_is_added_for_a_minimum_that_other_lines_fill_for_less(met):
    found = met({"minimum_order_quantity": 230.0}, line_cost=50.0, lot=500.0)
    assert found.orders.quantity[2:].tolist() == [0, 0]
    assert found.orders.quantity.sum() >= 230


def test_a_minimum_waits_where_waiting_costs_less_than_filling(met):
    terms = {"minimum_order_value": 1600.0}
    rising = {"comes": 700.0}
    filled = met(terms, patience=rising)
    assert not filled.waits[0], "what is due cannot wait"
    waits = met(terms, patience=rising | {"may_wait": True})
    assert waits.waits[0]
    assert waits.orders.quantity.tolist() == [0, 0, 0, 0]
    assert waits.fill_cost[0] == 0
    dear = met(terms, patience=rising | {"may_wait": True, "at_risk": 1e4})
    assert not dear.waits[0]
    assert not met(terms, patience={"may_wait": True, "comes": 0.0}).waits[0], "next week lacks as much"


def test_a_minimum_out_of_reach_is_no_order(met):
    found = met({"minimum_order_value": 1e6})
    assert found.waits[0]
    assert found.out_of_reach[0]
    assert not found.orders.quantity.any()
    perishable = {"most": 60.0, "line_cost": 0.0}
    assert met({"minimum_order_quantity": 330.0}, **perishable).out_of_reach[0], (
        "two of 100, and two of 60 in time"
    )
    assert not met({"minimum_order_quantity": 320.0}, **perishable).waits[0]


def test_freight_is_saved_where_filling_costs_less(met):
    terms = {"freight_cost": 30.0, "free_freight_from": 900.0}
    assert met(terms).filled_for[0] == "free_freight"
    assert met(terms).orders.quantity.sum() >= 225
    assert met(terms).fill_cost[0] < 30
    for other in ({"freight_cost": 0.01}, {"freight_cost": 0.0}, {"free_freight_from": 8000.0}):
        assert met(terms | other).orders.quantity.tolist() == [100, 100, 0, 0]


def test_a_container_that_is_hardly_begun_is_saved(met):
    terms = {"freight_cost": 40.0, "capacity_weight": 190.0}
    hardly = {"shortage": 0.05, "position": [-30.0, -30.0, 500.0, 500.0]}
    found = met(terms, **hardly)
    assert found.filled_for[0] == "trimmed"
    assert found.orders.quantity.sum() <= 190
    assert found.orders.quantity.sum() >= 185, "no more than has to is taken away"
    needed = met(terms, shortage=50.0, position=[-30.0, -30.0, 500.0, 500.0])
    assert needed.orders.quantity.sum() >= 200, "what is needed is worth a second one"
    assert met(terms | {"freight_cost": 0.0}, **hardly).orders.quantity.tolist() == [100, 100, 0, 0]
    assert met(terms | {"minimum_order_quantity": 195.0}, **hardly).orders.quantity.sum() >= 195


def test_where_several_containers_go_the_last_one_is_filled_as_far_as_its_freight_pays(met):
    terms = {"freight_cost": 60.0, "capacity_weight": 150.0}
    short = {"shortage": 50.0, "position": [-30.0, -30.0, 500.0, 500.0]}
    found = met(terms, **short)
    assert found.filled_for[0] == "container"
    assert 200 < found.orders.quantity.sum() <= 300
    dear = met(terms, holding=5.0, line_cost=2500.0, **short)
    assert dear.orders.quantity.sum() == 200


def test_settled_lines_are_neither_trimmed_nor_filled(met, line_worth):
    orders = met({}).orders
    settled = replace(orders, settled=np.array([True, True, False, False]), fillable=np.zeros(4, bool))
    terms = SupplierTerms.of(
        pd.DataFrame([{"supplier_id": "s", "freight_cost": 40.0, "capacity_weight": 190.0}]),
        np.array(["s"], object),
    )
    patience = Patience(*(np.array([value]) for value in (False, 0.0, 0.0, 0.0)))
    assert meet_terms(settled, terms, patience).orders.quantity.tolist() == [100, 100, 0, 0]


def test_reviews_until_enough_is_due(line_worth):
    table = pd.DataFrame(
        [{"supplier_id": "s", "minimum_order_value": 1000.0, "minimum_order_quantity": 50.0}]
    )
    terms = SupplierTerms.of(table, np.array(["s"], object))
    patience = Patience(*(np.array([value]) for value in (True, 0.0, 150.0, 10.0)))
    assert patience.reviews_until_enough(terms, np.array([800.0]), np.array([45.0])).tolist() == [2]
    assert patience.reviews_until_enough(terms, np.array([990.0]), np.array([5.0])).tolist() == [5]
    assert patience.reviews_until_enough(terms, np.array([2000.0]), np.array([60.0])).tolist() == [1]
