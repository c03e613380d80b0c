"""Engaging early: against what the plan itself would do at a later review."""

import json

import pandas as pd
import pytest
from plan_rows import offer_row
from today_choices import choices


@pytest.fixture
def rising(assess):
    """70 a week, 7 more each week, from a supplier that delivers a hundred units a week: what it lacks must be there."""

    def run(on_hand, **terms):
        return assess(rise=0.1, on_hand=[on_hand], offers=[offer_row(**{"max_quantity": 100} | terms)])

    return run


def test_where_the_plans_own_orders_come_too_late_one_is_placed_today(rising, only_action):
    assessment = rising(1000)
    assert assessment.decision.quantity[0] == 0
    action = only_action(assessment, "engage_early")
    facts = json.loads(action["facts"])
    assert facts["too_late"] > facts["accepted_risk"]
    assert facts["missed_units"] > 0
    assert action["act_by"] == assessment.setting.as_of < pd.Timestamp(facts["planned_order_day"])
    assert action["worth"] <= facts["missed_units"] * 5
    assert sum(facts["quantity_by_month"].values()) > action["quantity"]


def test_a_rise_that_the_plan_foresees_and_the_supplier_can_follow_is_no_action(assess, only_action):
    for stock in (900, 1100, 1500):
        assert only_action(assess(rise=0.3, on_hand=[stock]), "engage_early") is None


def test_what_the_plan_orders_today_anyway_is_no_action(rising, only_action):
    assessment = rising(500)
    assert assessment.decision.quantity[0] > 0
    assert only_action(assessment, "engage_early") is None


def test_steady_demand_gives_no_reason_to_engage_early(assess, only_action):
    for stock in (400, 500, 600, 800):
        assert only_action(assess(on_hand=[stock]), "engage_early") is None


def test_a_near_supplier_needs_no_early_engagement(rising, only_action):
    assert only_action(rising(1000, supplier_id="near"), "engage_early") is None


def test_the_engaged_order_is_one_that_the_offer_allows(rising):
    chosen = choices(rising(1000, moq=50, order_multiple=40))
    assert chosen is not None
    quantity = chosen.changes.ordered[chosen.changes.kind == "engage_early"]
    assert len(quantity) == 1
    assert quantity[0] == 80
