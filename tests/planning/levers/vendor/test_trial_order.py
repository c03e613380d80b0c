import json

import pytest
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.worklist.list_actions import list_actions

OFFERS = [
    offer_row(ordering_cost=10.0, preferred=True),
    offer_row(supplier_id="near", unit_price=8.0, moq=30, ordering_cost=4.0, preferred=False),
]


def received(supplier_id, day="2023-10-10"):
    return {
        "supplier_id": supplier_id,
        "unique_id": "sku00000",
        "ordered_at": "2023-10-01",
        "received_at": day,
    }


def test_a_vendor_that_never_delivered_the_sku_is_tried_with_its_least_lot(assess, only_action):
    assessment = assess(offers=OFFERS, purchase_orders=[received("far")])
    trial = only_action(assessment, "trial_order")
    assert only_action(assessment, "switch_vendor") is None
    assert trial["title"] == "Try sku00000 from near: order 30 before leaving far"
    facts = json.loads(trial["facts"])
    assert (trial["quantity"], facts["trial_quantity"], facts["trial_value"]) == (30, 30, 240)
    assert facts["trial_days"] == pytest.approx(3, abs=0.1)
    # 30 units cheaper by 1, an order's cost of 4 more, and 30 units' share of the 10 that an order costs now
    share = 10 * 30 / assessment.chosen_terms.order_size[0]
    assert facts["trial_cost"] == pytest.approx(30 * (8 - 9) + 4 - share, abs=0.01)
    assert "costs no more than here" in trial["evidence"]


def test_what_is_dearer_there_costs_its_difference_and_pays_where_enough_trials_lead_to_a_switch(
    assess, only_action
):
    dear = [offer_row(moq=2000, ordering_cost=30, preferred=True)]
    dear.append(offer_row(supplier_id="near", unit_price=9.02, moq=70, ordering_cost=10, preferred=False))
    policy = PolicyConfig(effort={"vendor_switch": 20, "call": 200})
    trial = only_action(assess(offers=dear, purchase_orders=[received("far")], policy=policy), "trial_order")
    facts = json.loads(trial["facts"])
    assert facts["trial_cost"] == pytest.approx(70 * 0.02 + 10 - 30 * 70 / 2000, rel=0.01)
    assert facts["trials_to_pay"] == pytest.approx(
        (200 + facts["trial_cost"]) / (trial["worth"] - 20), abs=1e-4
    )
    assert f"at least {facts['trials_to_pay']:.0%} of such trials" in trial["evidence"]


@pytest.mark.parametrize("orders", [[], [received("far"), received("near")]], ids=["unknown", "tried"])
def test_where_it_was_received_or_no_receipts_are_known_the_vendor_is_switched(assess, only_action, orders):
    assessment = assess(offers=OFFERS, purchase_orders=orders)
    assert only_action(assessment, "trial_order") is None
    assert only_action(assessment, "switch_vendor")["alternative_supplier_id"] == "near"


def test_an_order_that_never_came_is_no_trial(assess, only_action):
    assessment = assess(offers=OFFERS, purchase_orders=[received("far"), received("near", None)])
    assert only_action(assessment, "trial_order") is not None


def test_while_the_trial_is_on_its_way_nothing_is_proposed(assess):
    assessment = assess(
        offers=OFFERS,
        purchase_orders=[received("far")],
        orders=[order_line(supplier_id="near", quantity_open=30.0)],
    )
    assert not {"trial_order", "switch_vendor"} & set(list_actions(assessment)["kind"])


def test_the_worth_is_that_of_the_switch_and_confidence_in_it_is_at_most_medium(assess, only_action):
    trial = only_action(assess(offers=OFFERS, purchase_orders=[received("far")]), "trial_order")
    switch = only_action(assess(offers=OFFERS), "switch_vendor")
    assert trial["worth"] == switch["worth"]
    assert trial["confidence"] == "medium"


def test_a_trial_that_costs_more_than_the_switch_brings_is_not_proposed(assess, only_action):
    offers = [offer_row(preferred=True)]
    offers.append(offer_row(supplier_id="near", unit_price=8.9, ordering_cost=2.0, preferred=False))
    worth = only_action(assess(offers=offers), "switch_vendor")["worth"]
    for call, proposed in ((0.5 * worth, True), (1.1 * worth, False)):
        assessment = assess(
            offers=offers, purchase_orders=[received("far")], policy=PolicyConfig(effort={"call": call})
        )
        assert (only_action(assessment, "trial_order") is not None) == proposed
