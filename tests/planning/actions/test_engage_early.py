import json

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row, order_line

from planning.actions.engage_early import naive_ordering


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


def test_engaging_early_is_worth_the_shortage_saved_less_holding_the_order_for_longer(assess, only_action):
    assessment = assess(rise=0.25, on_hand=[900])
    action, naive = only_action(assessment, "engage_early"), naive_ordering(assessment, np.array([True]))
    terms, wait = assessment.chosen_terms, assessment.decision.wait[0]
    # weeks of 70, 87.5, 105 …: the rate today is that of the first week
    assert naive.rate == pytest.approx([10.0])
    rise = terms.demand.expected[0] / (10.0 * (terms.lead_time.mean()[0] + 7))
    assert json.loads(action["facts"])["rise"] == pytest.approx(rise - 1, abs=1e-4)
    held = 9 * 0.25 / 365 * action["quantity"] * (naive.order_after[0] - wait)
    assert action["worth"] == pytest.approx(naive.shortage[0] * 5 - held, abs=0.01)


def test_an_order_on_its_way_leaves_less_to_engage_early_for(assess):
    line = order_line(supplier_id="near", quantity_open=100.0, age=7.0)
    without, covered = (
        naive_ordering(assess(rise=0.25, on_hand=[stock], orders=orders), np.array([True]))
        for stock, orders in ((900, []), (800, [line]))
    )
    # a hundred units that come within days are as good as on the shelf
    assert covered.order_after == pytest.approx(without.order_after)
    assert covered.shortage == pytest.approx(without.shortage, rel=0.02)
