"""How much dearer a supplier may get before others of its SKUs are the better ones."""

import pytest
from plan_rows import offer_row

from planning.compare.alternative_suppliers import alternative_suppliers


def both(near_price, ids=("sku00000",)):
    return [
        offer_row(unique_id=sku, supplier_id=name, unit_price=price, preferred=name == "far")
        for sku in ids
        for name, price in (("far", 9.0), ("near", near_price))
    ]


def only(assessment, supplier="far"):
    found = alternative_suppliers(assessment, supplier)
    assert len(found) == 1
    return found.iloc[0]


def test_a_dearer_other_leaves_room_to_rise_about_what_it_is_dearer_by(assess):
    row = only(assess(offers=both(10.8)))
    assert row["supplier_id"] == "near"
    assert row["saves"] > 0
    assert 0.10 < row["premium"] < 0.20  # 20 % dearer, less what 28 days of goods on their way and stock cost
    assert row["premium_low"] < row["premium"] < row["premium_high"]
    assert row["chance"] > 0.9


def test_a_price_that_rises_by_the_premium_costs_the_same(assess):
    premium = only(assess(offers=both(10.8)))["premium"]
    risen = [
        offer | {"unit_price": 9.0 * (1 + premium)} if offer["supplier_id"] == "far" else offer
        for offer in both(10.8)
    ]
    after = only(assess(offers=risen))
    assert after["premium"] == pytest.approx(0, abs=0.003)


def test_several_skus_are_summed_and_goods_are_what_they_cost_here(assess):
    ids = ("sku00000", "sku00001")
    row = only(assess(means=(70.0, 35.0), spreads=(20.0, 10.0), offers=both(10.8, ids)))
    assert row["skus"] == 2
    assert row["goods"] == pytest.approx(105 / 7 * 365 * 9.0, rel=0.05)


def test_nobody_else_is_no_alternative(assess):
    assert alternative_suppliers(assess(), "far").empty
    assert alternative_suppliers(assess(offers=both(10.8)), "near").empty
