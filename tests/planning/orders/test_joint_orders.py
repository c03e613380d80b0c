from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.orders.joint_orders import FILLS, JOINS, NEEDED, RAISED, decide_orders, joint_orders
from planning.overrides.order_overrides import OrderOverrides
from planning.tables.orders_table import BUDGET_USE, budget_use_frame

ON_HAND = [30.0, 40.0, 190.0, 230.0, 420.0, 900.0]


def test_without_terms_each_sku_orders_what_it_orders_alone(order_tables):
    assessment, orders = order_tables(on_hand=ON_HAND)
    alone = assessment.decision.quantity
    assert orders.quantity.tolist() == alone.tolist()
    assert set(orders.origin[alone > 0]) == {NEEDED}
    assert set(orders.origin[alone == 0]) == {""}
    assert (alone > 0).sum() >= 2
    assert not orders.waits.any()


def test_who_is_nearly_due_joins_where_an_order_costs_much(order_tables):
    assessment, orders = order_tables({"ordering_cost": 60.0}, on_hand=ON_HAND)
    joins = orders.origin == JOINS
    assert joins.any()
    assert (assessment.decision.quantity[joins] == 0).all()
    assert orders.quantity[-1] == 0, "thirteen weeks of stock"
    assert (orders.worth[joins] > 0).all()
    assert (orders.shared.due_in[joins] > 0).all()
    none_due = order_tables({"ordering_cost": 60.0}, on_hand=[400.0, 420.0, 900.0])[1]
    assert not none_due.quantity.any()


def test_lots_last_until_the_next_order_of_a_supplier_that_costs_much(order_tables):
    single, few = (order_tables(terms, on_hand=ON_HAND)[1] for terms in ({}, {"ordering_cost": 400.0}))
    assert few.shared.period[0] > single.shared.period[0] == 7
    raised = few.origin == RAISED
    assert raised.any()
    assert (few.quantity[raised] > single.quantity[raised]).all()
    level = few.state.position + few.quantity - few.state.terms.reorder_point
    assert level[raised] == pytest.approx(10 * (few.shared.period[0] - 7), abs=2)


def test_goods_that_perish_are_not_bought_ahead(order_tables):
    lasting = order_tables({"ordering_cost": 400.0}, on_hand=ON_HAND)[1]
    fresh = order_tables(
        {"ordering_cost": 400.0}, on_hand=ON_HAND,
        items={"unit_cost": 9.0, "unit_price": 15.0, "shelf_life_days": 21.0},
    )[1]  # fmt: skip
    assert fresh.quantity.sum() < lasting.quantity.sum()
    more = fresh.quantity > fresh.state.alone
    sold = fresh.state.terms.sellable - np.maximum(fresh.state.above, 0.0)
    assert (fresh.quantity <= np.maximum(sold, 0))[more].all()


def test_a_minimum_is_filled_up(order_tables):
    assessment, orders = order_tables({"minimum_order_value": 4000.0}, on_hand=[30.0, 200.0, 900.0])
    value = orders.kept.orders.value(1)[0]
    assert assessment.decision.quantity.sum() * 9 < 4000 <= value < 4100
    assert {RAISED, FILLS} & set(orders.origin)
    assert not orders.waits[0]


def test_what_people_settled_is_not_changed(order_tables):
    assessment, free = order_tables({"ordering_cost": 60.0}, on_hand=ON_HAND)
    n = len(ON_HAND)
    held = free.origin == JOINS
    fixed = np.arange(n) == 0
    none = np.zeros(n, bool)
    overridden = replace(
        assessment,
        overrides=OrderOverrides(held=held, fixed=fixed, waits=none, planned=assessment.decision.quantity),
    )
    orders = joint_orders(overridden)
    assert (orders.quantity[held] == 0).all()
    assert orders.quantity[0] == assessment.decision.quantity[0]


def test_lines_without_a_price_are_ordered_as_they_are(order_tables):
    _, orders = order_tables(
        {"ordering_cost": 60.0, "minimum_order_value": 50.0},
        on_hand=ON_HAND, offer={"unit_price": np.nan}, items={"unit_cost": np.nan, "unit_price": np.nan},
    )  # fmt: skip
    assert np.isnan(orders.worth).all()
    assert not orders.quantity.any()
    assert orders.met.out_of_reach[0], "goods of no known value reach no minimum"


NUMBERS = st.fixed_dictionaries(
    {
        "ordering_cost": st.sampled_from([0.0, 40.0, 900.0]),
        "minimum_order_value": st.sampled_from([np.nan, 900.0, 5000.0, 1e6]),
        "minimum_order_quantity": st.sampled_from([np.nan, 150.0, 700.0]),
        "freight_cost": st.sampled_from([np.nan, 35.0, 500.0]),
        "free_freight_from": st.sampled_from([np.nan, 800.0, 4000.0]),
        "capacity_weight": st.sampled_from([np.nan, 150.0, 900.0]),
        "capacity_pallets": st.sampled_from([np.nan, 3.0]),
    }
)
OFFER = st.fixed_dictionaries(
    {
        "moq": st.sampled_from([np.nan, 30.0, 250.0]),
        "order_multiple": st.sampled_from([np.nan, 12.0, 50.0]),
        "max_quantity": st.sampled_from([np.nan, 120.0, 400.0]),
        "price_breaks": st.sampled_from([None, "200:8.5", "100:8;300:9.5"]),
    }
)


@settings(max_examples=60, deadline=None)
@given(
    NUMBERS,
    OFFER,
    st.lists(st.integers(0, 800), min_size=1, max_size=7),
    st.sampled_from([None, 20.0, 90.0]),
    st.sampled_from([None, 500.0, 3000.0]),
)
def test_no_term_is_broken_whatever_the_input(order_tables, terms, offer, on_hand, shelf_life, budget):
    items = {"unit_cost": 9.0, "unit_price": 15.0, "weight": 1.0, "units_per_pallet": 100.0}
    items |= {"shelf_life_days": shelf_life} if shelf_life else {}
    budgets = [{"period": "2024", "amount": budget}] if budget else []
    _, orders = order_tables(terms, on_hand=on_hand, offer=offer, items=items, budgets=budgets)
    state, quantity = orders.state, orders.quantity
    limits = state.terms.limits
    assert np.abs(quantity - limits.allowed(quantity)).max() <= 1e-9, "MOQ, multiple, maximum"
    kept = orders.kept.orders
    value, units = kept.value(1), kept.units(1)
    assert units[0] == 0 or state.suppliers.minimum_met(value, units)[0]
    assert not budget or value[0] <= budget + 1e-6
    raised = quantity > state.alone + 1e-9
    sold = np.maximum(state.terms.sellable - np.maximum(state.above, 0.0), 0.0)
    assert (quantity <= np.maximum(sold, state.alone))[raised].all(), "shelf life"
    containers = np.ceil(kept.shares(state.suppliers).max(axis=1) - 1e-9)
    freight = 0.0 if units[0] == 0 or value[0] >= state.suppliers.free_from[0] else state.suppliers.freight[0]
    assert orders.freight[0] == pytest.approx(freight * max(containers[0], 1))
    assert (orders.waits[0] and units[0] == 0) or not orders.waits[0]


@settings(max_examples=15, deadline=None)
@given(NUMBERS, st.integers(0, 1000))
def test_suppliers_do_not_see_each_other(order_tables, terms, seed):
    """A supplier's order never depends on which other suppliers are in the plan."""
    on_hand = np.random.default_rng(seed).integers(0, 600, 6).astype(float).tolist()
    _, alone = order_tables(terms, on_hand=on_hand)
    state = alone.state
    twice = np.tile(np.arange(6), 2)
    both = replace(
        state,
        terms=state.terms.select(twice),
        row=state.row[twice],
        supplier=np.repeat([0, 1], 6),
        suppliers=replace(
            state.suppliers,
            **{
                name: np.concatenate([getattr(state.suppliers, name)] * 2)
                for name in state.suppliers.__dataclass_fields__
            },
        ),
        **{name: getattr(state, name)[twice] for name in ("position", "alone", "settled", "safe", "loads")},
    )
    assert decide_orders(both, [], []).quantity.tolist() == [*alone.quantity, *alone.quantity]


def test_a_budget_of_a_department_binds_the_skus_of_that_department_only(order_tables):
    on_hand = [30.0, 40.0, 30.0, 40.0]
    items = {"unit_cost": 9.0, "unit_price": 15.0}
    departments = [{"department": name} for name in ("shop", "bar", "bar", None)]
    free = order_tables(on_hand=on_hand, items=items, departments=departments)[1]
    assert (free.quantity > 0).all()
    budget = {"period": "2024", "amount": 1.0, "department": "bar"}
    bound = order_tables(on_hand=on_hand, items=items, departments=departments, budgets=[budget])[1]
    assert bound.quantity.tolist() == [free.quantity[0], 0.0, 0.0, free.quantity[3]]
    use = budget_use_frame(bound)
    assert use["department"].tolist() == ["bar"]
    assert use["wanted"].tolist() == pytest.approx([9.0 * free.quantity[1:3].sum()])
    assert use["budget"].tolist() == ["2024 · bar"]
    assert set(use.columns) == set(BUDGET_USE)
