"""Reason codes that say what bound or raised an order quantity, and where they end."""

import re

import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.planner import Planner
from planning.tables.reason_codes import plan_codes


@pytest.fixture(scope="module")
def codes_of(make_forecast, make_inputs, lead_times):
    """Reason codes and order quantity of one SKU with 70 ± 20 a week that needs `need` units now."""

    def assess(on_hand, items, terms):
        forecast = make_forecast([70.0], [20.0], periods=104)
        inputs = make_inputs(forecast.unique_ids, on_hand=[on_hand], offers=[offer_row(**terms)], items=items)
        return Planner(forecast, lead_times(), PolicyConfig()).assess(inputs)

    def run(need, *, items=None, **terms):
        up_to = assess(0.0, items, terms).chosen_terms.order_up_to[0]
        assessment = assess(up_to - need, items, terms)
        codes = set(plan_codes(assessment)[0].split(";")) - {"late", ""}
        return codes, assessment.decision.quantity[0]

    return run


@pytest.fixture(scope="module")
def row_of(make_forecast, make_inputs, lead_times):
    """The plan's row of one SKU with 70 ± 20 a week and nothing in stock."""

    def run(items, **terms):
        forecast = make_forecast([70.0], [20.0], periods=104)
        inputs = make_inputs(forecast.unique_ids, on_hand=[0.0], offers=[offer_row(**terms)], items=items)
        return Planner(forecast, lead_times(), PolicyConfig()).plan(inputs).plan.iloc[0]

    return run


def test_a_moq_binds_where_it_is_more_than_needed_by_over_a_unit(codes_of):
    assert codes_of(300.0, moq=300) == (set(), 300)
    assert codes_of(299.0, moq=300) == (set(), 300)
    assert codes_of(298.0, moq=300) == ({"moq_binds"}, 300)


def test_a_maximum_binds_where_it_is_less_than_needed(codes_of):
    assert codes_of(100.0, max_quantity=100) == (set(), 100)
    assert codes_of(101.0, max_quantity=100) == ({"maximum_binds"}, 100)


def test_an_order_raised_to_a_price_break_says_so(codes_of):
    assert codes_of(300.0, price_breaks="300:8.5") == (set(), 300)
    assert codes_of(295.0, price_breaks="300:8.5") == ({"price_break"}, 300)


def test_an_order_kept_below_a_dearer_break_says_so(codes_of):
    breaks = {"ordering_cost": 30.0, "price_breaks": "300:12"}
    assert codes_of(299.0, **breaks) == (set(), 299)
    assert codes_of(320.0, **breaks) == ({"dearer_break"}, 299)
    assert codes_of(320.0, max_quantity=310, price_breaks="300:9.001", ordering_cost=900.0)[0] == {
        "maximum_binds"
    }


def test_an_order_that_outlives_its_shelf_life_says_so(codes_of):
    # the lead time of 35 days and the shelf life of 300 sell 3,350 units; no shortage is worth less waste
    items = {"unit_cost": 9.0, "unit_price": 15.0, "shelf_life_days": 300.0, "shortage_cost": 1e5}
    assert codes_of(300.0, items=items, moq=2000)[0] == {"moq_binds"}
    assert codes_of(300.0, items=items, moq=3400)[0] == {"moq_binds", "shelf_life_exceeded"}
    assert codes_of(300.0, moq=3400)[0] == {"moq_binds"}


def test_a_target_that_would_be_met_with_waste_says_what_it_would_cost(row_of):
    """Ten a day, good for 8 days, in orders of 60: 95 % of cycles need stock that perishes."""
    row = row_of({"unit_cost": 9.0, "unit_price": 11.0, "shelf_life_days": 8.0}, moq=60)
    assert "target_perishes" in row["codes"]
    assert re.search(
        r"for the least cost; .*a cycle service of 95% would cost [\d,]+ a year more, \d+(\.\d+)?% of it waste",
        row["reason"],
    )
    lasting = row_of({"unit_cost": 9.0, "unit_price": 11.0}, moq=60)
    assert row["reorder_point"] < lasting["reorder_point"]
    dear = {"unit_cost": 9.0, "shelf_life_days": 8.0, "shortage_cost": 1e5}
    # where a shortage is dear the target holds, and takes more than of goods that keep: some of it perishes
    assert row_of(dear, moq=60)["reorder_point"] >= lasting["reorder_point"]
