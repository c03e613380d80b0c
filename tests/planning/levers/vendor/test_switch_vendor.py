import json

import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig


def test_a_vendor_with_small_lots_is_worth_what_no_longer_spoils(assess, only_action):
    offers = [
        offer_row(moq=2000, ordering_cost=30, preferred=True),
        offer_row(supplier_id="near", preferred=False, moq=10, ordering_cost=30),
    ]
    lasting, spoiling = (
        assess(offers=offers, items={"unit_cost": 9.0, "shelf_life_days": days}) for days in (np.nan, 60.0)
    )
    waste = 9 * spoiling.chosen_terms.steady_state.spoiled[0]
    gain = only_action(spoiling, "switch_vendor")["worth"] - only_action(lasting, "switch_vendor")["worth"]
    assert waste > 0
    assert gain == pytest.approx(waste, rel=0.1)


def test_a_quicker_offer_is_proposed_up_to_its_break_even_price(assess, only_action):
    # far ties up stock and safety stock worth about 3 % of its price
    offers = [offer_row(preferred=True), offer_row(supplier_id="near", unit_price=9.05)]
    action = only_action(assess(offers=offers), "switch_vendor")
    assert (action["supplier_id"], action["alternative_supplier_id"]) == ("far", "near")
    facts = json.loads(action["facts"])
    assert action["worth"] == pytest.approx(facts["total_now"] - facts["total_alternative"], abs=0.01)
    assert facts["worth_low"] < action["worth"] < facts["worth_high"]
    even = 9.05 + facts["price_rise_to_break_even"]
    for price, proposed in ((even * 0.999, True), (even * 1.001, False)):
        dearer = assess(offers=[offers[0], offer_row(supplier_id="near", unit_price=price)])
        assert (only_action(dearer, "switch_vendor") is not None) == proposed


def test_a_cheaper_offer_that_is_slower_competes_too(assess, only_action):
    offers = [
        offer_row(supplier_id="near", preferred=True, unit_price=9.0),
        offer_row(supplier_id="far", preferred=False, unit_price=8.0),
    ]
    action = only_action(assess(offers=offers), "switch_vendor")
    assert action["alternative_supplier_id"] == "far"
    assert "far is cheaper: it takes" in action["evidence"]
    assert 2000 < action["worth"] < 3650  # 3,650 units a year at 1 less, but a longer way and more stock


def test_an_offer_that_is_the_same_is_not_proposed(assess, only_action):
    offers = [offer_row(preferred=True), offer_row(supplier_id="far", preferred=False, moq=0)]
    assert only_action(assess(offers=offers), "switch_vendor") is None


def test_a_switch_that_is_worth_less_than_its_effort_is_not_listed(assess, only_action):
    offers = [offer_row(preferred=True), offer_row(supplier_id="near", unit_price=9.0)]
    worth = only_action(assess(offers=offers), "switch_vendor")["worth"]
    for effort, listed in ((worth * 0.99, True), (worth * 1.01, False)):
        policy = PolicyConfig(effort={"vendor_switch": effort})
        assert (only_action(assess(offers=offers, policy=policy), "switch_vendor") is not None) == listed


def test_without_a_preferred_offer_the_supplier_of_the_last_order_is_compared(assess, only_action):
    offers = [offer_row(), offer_row(supplier_id="near", unit_price=9.01)]
    bought = [{"supplier_id": "far", "unique_id": "sku00000", "ordered_at": "2023-10-01"}]
    assert only_action(assess(offers=offers, purchase_orders=bought), "switch_vendor")["supplier_id"] == "far"
    assert only_action(assess(offers=offers), "switch_vendor") is None


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        (0.030, 0.0199, "Of what near delivers 2.0% is rejected, of far 3.0%."),
        (0.005, 0.020, "Of what near delivers 2.0% is rejected, of far 0.5%."),
        (0.020, 0.0102, None),
    ],
)
def test_rejects_are_named_where_they_differ_by_a_point(assess, only_action, now, then, said):
    offers = [offer_row(preferred=True), offer_row(supplier_id="near", unit_price=8.0)]
    action = only_action(assess(offers=offers, defects={"far": now, "near": then}), "switch_vendor")
    facts = json.loads(action["facts"])
    assert (facts["rejected_now"], facts["rejected_alternative"]) == (now, then)
    assert said in action["evidence"] if said else "rejected" not in action["evidence"]
    assert ("with fewer rejects" in action["evidence"]) == (now - then >= 0.01)


def test_a_vendor_with_defects_costs_more(assess, only_action):
    offers = [offer_row(preferred=True), offer_row(supplier_id="near", unit_price=8.0)]
    worth = [
        only_action(assess(offers=offers, defects={"far": now, "near": then}), "switch_vendor")["worth"]
        for now, then in ((0.0, 0.0), (0.2, 0.0), (0.0, 0.2))
    ]
    assert worth[1] > worth[0] > worth[2]


@pytest.mark.parametrize(
    ("now", "then", "said"),
    [
        (None, 30.0, "near is paid 30 days after receipt, far with the order."),
        (-14.0, None, "near is paid with the order, far 14 days before receipt."),
        (0.0, 7.0, "near is paid 7 days after receipt, far on receipt."),
        (30.0, 24.0, None),
        (None, None, None),
    ],
)
def test_terms_of_payment_are_named_where_they_differ_by_a_week(assess, only_action, now, then, said):
    offers = [
        offer_row(preferred=True, payment_days=now),
        offer_row(supplier_id="near", unit_price=8.0, payment_days=then),
    ]
    evidence = only_action(assess(offers=offers), "switch_vendor")["evidence"]
    assert said in evidence if said else "paid" not in evidence


def test_to_pay_a_month_later_is_worth_the_interest_of_it(assess, only_action):
    worth = []
    for days in (10.0, 46.5):
        offers = [
            offer_row(preferred=True, payment_days=10.0),
            offer_row(supplier_id="near", unit_price=8.0, payment_days=days),
        ]
        worth.append(only_action(assess(offers=offers), "switch_vendor")["worth"])
    assert worth[1] - worth[0] == pytest.approx(0.25 * 8 * 3650 * 0.1, rel=0.02)
