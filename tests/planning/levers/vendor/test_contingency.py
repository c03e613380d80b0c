import json
from dataclasses import replace

import numpy as np
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_plays import LeverPlays
from planning.levers.vendor.contingency import contingency
from planning.levers.vendor.outages import Sources

ITEMS = {"unit_cost": 9.0, "unit_price": 15.0}
FAR = {"supplier_id": "far", "unique_id": "sku00000", "ordered_at": "2023-09-01", "received_at": "2023-10-05"}
NEAR = FAR | {"supplier_id": "near"}


def policy(chance=0.1, days=30.0, **effort):
    return PolicyConfig(
        lost_sales=True, outage={"chance_a_year": chance, "days": days}, effort=effort or {"vendor_switch": 0}
    )


def found(assess, *, offers=None, received=(NEAR,), **terms):
    assessment = assess(
        offers=offers or [offer_row(supplier_id="near")],
        items=ITEMS,
        purchase_orders=received,
        policy=policy(**terms),
    )
    actions = contingency(LeverPlays(assessment)).actions
    return {action.kind: action for action in actions.itertuples()}


@pytest.fixture(scope="module")
def alone(assess):
    return found(assess)["contingency"]


def test_what_only_one_supplier_delivers_needs_a_second_source(alone):
    facts = json.loads(alone.facts)
    assert (alone.unique_id, alone.supplier_id, alone.alternative_supplier_id) == ("", "near", None)
    assert alone.title == "Find a second source for what only near delivers: sku00000"
    assert [line["unique_id"] for line in facts["lines"]] == ["sku00000"]
    assert facts["spend_a_year"] == pytest.approx(3650 * 9, rel=0.01)
    # 30 days of 10 at a margin of 6 at the most: what is in stock bridges some of them
    assert 0.2 * 1800 < facts["outage_cost"] < 1800
    assert facts["outage_cost_low"] < facts["outage_cost"] < facts["outage_cost_high"]
    assert alone.worth == pytest.approx(0.1 * facts["averted"], abs=0.01)
    assert facts["more_stock_a_year"] == pytest.approx(3650 * 9 * 0.25 * 30 / 365, rel=0.01)


def test_the_worth_grows_with_the_chance_and_the_length_of_an_outage(assess, alone):
    assert found(assess, chance=0.2)["contingency"].worth == pytest.approx(2 * alone.worth, abs=0.02)
    assert found(assess, days=60.0)["contingency"].worth > 1.5 * alone.worth
    assert found(assess, chance=0.0) == {}


def test_it_says_how_rare_an_outage_may_be_for_the_effort_to_pay(assess, alone):
    averted = json.loads(alone.facts)["averted"]
    action = found(assess, vendor_switch=averted / 20)["contingency"]
    assert json.loads(action.facts)["pays_once_in_years"] == pytest.approx(20, abs=0.01)
    assert "likelier than once in 20 years" in action.evidence
    assert found(assess, vendor_switch=averted / 9.9) == {}  # at a chance of one in ten it does not pay


def test_an_offer_that_was_never_bought_from_is_tried_as_the_second_source(assess):
    offers = [offer_row(preferred=True), offer_row(supplier_id="near", preferred=False)]
    actions = found(assess, offers=offers, received=(FAR,))
    assert set(actions) == {"activate_alternate"}
    action = actions["activate_alternate"]
    assert (action.supplier_id, action.alternative_supplier_id) == ("far", "near")
    facts = json.loads(action.facts)
    assert facts["replaced_after_days"] == pytest.approx(7, abs=0.1)
    assert 0 < facts["averted"] < facts["outage_cost"]


def test_where_another_supplier_delivered_before_nothing_needs_to_be_done(assess):
    offers = [offer_row(preferred=True), offer_row(supplier_id="near", preferred=False)]
    assert found(assess, offers=offers, received=(FAR, NEAR)) == {}


def test_where_two_suppliers_delivered_a_third_offer_need_not_be_tried(assess):
    one = assess(offers=[offer_row(supplier_id="near")])
    rows = np.zeros(3, np.intp)  # three lanes of one SKU, the first of which is bought through
    lanes = one.lane_terms.select(rows)
    three = replace(one, lane_terms=lanes, chosen_lane=np.array([0]))
    tried = Sources.of(three, np.array([True, True, False]))
    assert (tried.single[0], tried.untried[0]) == (False, -1)
    untried = Sources.of(three, np.array([True, False, False]))
    assert not untried.single[0]
    assert untried.untried[0] in {1, 2}
