import numpy as np
import pandas as pd
import pytest

from planning.orders.supplier_terms import SupplierTerms, unit_loads

TABLE = pd.DataFrame(
    {
        "supplier_id": ["b", "a"],
        "ordering_cost": [10.0, np.nan],
        "freight_cost": [25.0, 25.0],
        "free_freight_from": [200.0, np.nan],
        "minimum_order_value": [np.nan, 50.0],
        "minimum_order_quantity": [6.0, np.nan],
        "capacity_weight": [np.nan, 100.0],
    }
)


def test_what_a_table_does_not_say_does_not_bind():
    terms = SupplierTerms.of(TABLE, np.array(["a", "b", "c"], object))
    assert terms.ordering_cost.tolist() == [0, 10, 0]
    assert terms.minimum_value.tolist() == [50, 0, 0]
    assert terms.minimum_quantity.tolist() == [0, 6, 0]
    assert terms.free_from.tolist() == [np.inf, 200, np.inf]
    assert terms.capacity.min(axis=1).tolist() == [100, np.inf, np.inf]
    bare = SupplierTerms.of(pd.DataFrame({"supplier_id": ["a"]}), np.array(["a"], object))
    assert (bare.ordering_cost[0], bare.freight[0], bare.free_from[0]) == (0, 0, np.inf)


def test_freight_is_paid_a_container_and_free_from_its_value():
    terms = SupplierTerms.of(TABLE, np.array(["a", "b", "b", "b"], object))
    value, share = np.array([60.0, 199.0, 200.0, 0.0]), np.array([2.1, 0.0, 0.0, 0.0])
    assert terms.freight_of(value, share).tolist() == [75, 25, 0, 0]
    assert terms.freight_of(value, np.array([2.0, 0, 0, 0]))[0] == 50


def test_a_minimum_is_of_value_and_of_units():
    terms = SupplierTerms.of(TABLE, np.array(["a", "b", "b"], object))
    assert terms.minimum_met(np.array([50.0, 1, 1]), np.array([1.0, 6, 5])).tolist() == [True, True, False]
    assert not terms.minimum_met(np.array([49.9, 1, 1]), np.array([1.0, 6, 5]))[0]


def test_loads_are_of_one_unit_and_unknown_where_items_do_not_say():
    items = pd.DataFrame({"unique_id": ["x", "y"], "weight": [2.0, np.nan], "units_per_pallet": [40.0, 10.0]})
    loads = unit_loads(items, np.array(["y", "x"], object))
    assert loads[1] == pytest.approx([2, np.nan, 1 / 40], nan_ok=True)
    assert loads[0] == pytest.approx([np.nan, np.nan, 0.1], nan_ok=True)
