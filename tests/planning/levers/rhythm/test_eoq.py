from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row

from planning.levers.rhythm.eoq import EOQ, eoq_table


def rows(assessment):
    frame = eoq_table(assessment)
    return frame[frame["unique_id"] != ""].iloc[0], frame[frame["unique_id"] == ""].iloc[0]


def test_a_sku_has_the_quantity_of_harris(assess):
    sku, _ = rows(assess(offers=[offer_row(ordering_cost=30)]))
    assert sku["demand"] == pytest.approx(3650, rel=0.01)
    assert sku["holding_cost"] == pytest.approx(2.25)
    assert sku["eoq"] == pytest.approx(np.sqrt(2 * 3650 * 30 / 2.25), rel=0.01)
    assert sku["eoq_orders_a_year"] == pytest.approx(sku["demand"] / sku["eoq"])


def test_an_unreliable_supplier_asks_for_larger_and_fewer_orders(assess):
    sku, _ = rows(assess(offers=[offer_row(ordering_cost=30)], items={"unit_cost": 9.0, "unit_price": 40.0}))
    near, _ = rows(
        assess(
            offers=[offer_row(ordering_cost=30, supplier_id="near")],
            items={"unit_cost": 9.0, "unit_price": 40.0},
        )
    )
    assert sku["eoq_reliable"] / sku["eoq"] > near["eoq_reliable"] / near["eoq"] >= 1


def test_a_tenth_less_is_worth_a_tenth_of_what_is_spent(assess):
    sku, supplier = rows(assess(offers=[offer_row(ordering_cost=30, payment_days=30)]))
    assert sku["ordering_year"] == pytest.approx(30 * sku["orders_a_year"])
    assert sku["worth_ordering_tenth"] == pytest.approx(0.1 * sku["ordering_year"])
    assert sku["worth_holding_tenth"] == pytest.approx(0.1 * sku["stock_year"])
    assert supplier["worth_ordering_tenth"] == pytest.approx(sku["worth_ordering_tenth"])


def test_a_supplier_has_its_goods_and_its_joint_orders(assess):
    assessment = assess(offers=[offer_row(ordering_cost=1)])
    suppliers = pd.DataFrame({"supplier_id": ["far"], "ordering_cost": [50.0], "freight_cost": [30.0]})
    dear = replace(assessment, inputs=replace(assessment.inputs, suppliers=suppliers))
    _, supplier = rows(dear)
    assert supplier["demand"] == pytest.approx(3650 * 9, rel=0.01)
    assert supplier["ordering_cost"] == 80
    assert supplier["eoq"] == pytest.approx(np.sqrt(2 * 3650 * 9 * 80 / 0.25), rel=0.01)
    # the joint rhythm is near it
    assert supplier["orders_a_year"] == pytest.approx(supplier["eoq_orders_a_year"], rel=0.35)


def test_nothing_is_said_where_costs_are_not_known(assess):
    empty = eoq_table(assess(offers=[offer_row(unit_price=np.nan)], items={"unit_cost": np.nan}))
    assert empty.empty
    assert list(empty) == list(EOQ)
