import json

import numpy as np
import pytest
from plan_rows import offer_row


def test_a_vendor_with_small_lots_is_worth_what_no_longer_spoils(assess, only_action):
    offers = [
        offer_row(moq=2000, ordering_cost=30, preferred=True),
        offer_row(supplier_id="near", preferred=False, moq=10, ordering_cost=30),
    ]
    lasting, spoiling = (
        assess(offers=offers, items={"unit_cost": 9.0, "shelf_life_days": days}) for days in (np.nan, 60.0)
    )
    waste = 9 * spoiling.chosen_terms.steady_state.spoiled[0]
    gain = only_action(spoiling, "faster_vendor")["worth"] - only_action(lasting, "faster_vendor")["worth"]
    assert waste > 0
    assert gain == pytest.approx(waste, rel=0.1)


def test_a_quicker_offer_is_proposed_up_to_its_break_even_price(assess, only_action):
    # far ties up stock and safety stock worth about 3 % of its price
    offers = [offer_row(preferred=True), offer_row(supplier_id="near", unit_price=9.05)]
    assessment = assess(offers=offers)
    action = only_action(assessment, "faster_vendor")
    assert (action["supplier_id"], action["alternative_supplier_id"]) == ("far", "near")
    total = assessment.lane_terms.total_cost.total
    assert action["worth"] == pytest.approx(total[0] - total[1], abs=0.01)
    even = json.loads(action["facts"])["break_even_price"]
    for price, proposed in ((even * 0.999, True), (even * 1.001, False)):
        dearer = assess(offers=[offers[0], offer_row(supplier_id="near", unit_price=price)])
        assert (only_action(dearer, "faster_vendor") is not None) == proposed


def test_without_a_preferred_offer_the_supplier_of_the_last_order_is_compared(assess, only_action):
    offers = [offer_row(), offer_row(supplier_id="near", unit_price=9.01)]
    bought = [{"supplier_id": "far", "unique_id": "sku00000", "ordered_at": "2023-10-01"}]
    assert only_action(assess(offers=offers, purchase_orders=bought), "faster_vendor")["supplier_id"] == "far"
    assert only_action(assess(offers=offers), "faster_vendor") is None
