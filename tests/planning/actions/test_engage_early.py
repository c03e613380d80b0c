import json

import pandas as pd
from plan_rows import offer_row


def test_rising_demand_and_a_long_lead_time_ask_to_engage_early(assess, only_action):
    assessment = assess(rise=0.25, on_hand=[900])
    action = only_action(assessment, "engage_early")
    facts = json.loads(action["facts"])
    assert facts["rise"] > 0.5
    assert facts["shortage_units"] > 0
    late = pd.Timestamp(facts["late_order_day"])
    assert assessment.setting.as_of <= action["act_by"] < late
    assert action["worth"] <= facts["shortage_units"] * 5 + 1e-6


def test_steady_demand_gives_no_reason_to_engage_early(assess, only_action):
    assert only_action(assess(on_hand=[500]), "engage_early") is None


def test_todays_rate_is_that_of_recent_demand_where_it_is_given(assess, only_action):
    assert only_action(assess(on_hand=[300], recent=[3.0]), "engage_early") is not None


def test_a_near_supplier_with_short_lead_time_needs_no_early_engagement(assess, only_action):
    near = assess(rise=0.25, on_hand=[900], offers=[offer_row(supplier_id="near")])
    assert only_action(near, "engage_early") is None


def test_an_implied_shortage_cost_lowers_the_confidence_of_what_rests_on_it(assess, only_action):
    given, implied = (
        only_action(assess(rise=0.25, on_hand=[900], items=items), "engage_early")
        for items in ({"unit_cost": 10.0, "unit_price": 15.0}, {"unit_cost": 10.0})
    )
    assert given["confidence"] == "high"
    assert implied is None or implied["confidence"] == "low"
