from dataclasses import replace

import numpy as np
import orjson
import pandas as pd
import pytest
from plan_rows import offer_row

from configs.schema import PolicyConfig
from planning.levers.lever_lines import lever_lines
from planning.levers.lever_plays import LeverPlays
from planning.levers.terms.lead_time_sla import capped, late_days, lead_time_sla, longest_agreed, schedule
from planning.planner import Planner


def test_a_schedule_is_even_as_things_are_and_gives_the_supplier_half_of_what_it_makes_better():
    # 100 lines a year, 80 of them in time, half a day late on average; keeping the agreement is worth 1,000
    agreed = schedule(np.array([100.0]), np.array([0.8]), np.array([0.5]), 1000.0)
    assert agreed["bonus"] == pytest.approx(5)
    assert agreed["penalty"] == pytest.approx(8)
    assert agreed["bonus_paid_now"] == agreed["penalty_paid_now"] == pytest.approx(400)
    assert agreed["bonus_paid_kept"] == agreed["kept_by_us"] == pytest.approx(500)


def test_the_longest_is_the_contract_where_most_orders_keep_it_and_else_what_three_of_four_do(assess):
    for contract, longest in ((36.0, 36), (20.0, 40), (60.0, 40), (np.nan, 40)):
        terms = assess(offers=[offer_row(lead_time_days=contract)]).chosen_terms
        assert longest_agreed(terms, np.zeros(1)) == pytest.approx(longest, abs=0 if longest == 36 else 1)


def test_late_days_are_those_that_orders_take_longer(assess):
    lead_time = assess().chosen_terms.lead_time
    late = late_days(lead_time, np.array([35.0]))
    # of a nearly normal lead time, σ·φ(0)
    assert late == pytest.approx(8 * 0.399, rel=0.05)
    assert capped(lead_time, np.array([35.0])).values.max() == 35


def test_it_is_worth_what_a_year_of_no_late_orders_saves_in_play(assess):
    assessment = assess(offers=[offer_row(payment_days=0)])
    action = lead_time_sla(LeverPlays(assessment)).actions.iloc[0]
    terms = assessment.chosen_terms
    after = capped(terms.lead_time, longest_agreed(terms, np.zeros(1)))
    line = lever_lines(
        ["sku00000"],
        [0],
        spread_factor=after.std() / terms.lead_time.std(),
        earlier_days=terms.lead_time.mean() - after.mean(),
    )
    assert action["worth"] == pytest.approx(LeverPlays(assessment).saved(line).mean(), abs=0.01)
    assert action["worth"] > 0
    assert action["unique_id"] == ""
    assert action["supplier_id"] == "far"


def test_where_our_half_does_not_pay_the_talk_nothing_is_asked(assess):
    worth = lead_time_sla(LeverPlays(assess())).actions["worth"][0]
    for effort, asked in ((0.49, 1), (0.51, 0)):
        policy = PolicyConfig(effort={"negotiation": effort * worth})
        assert len(lead_time_sla(LeverPlays(assess(policy=policy))).actions) == asked


def test_a_supplier_that_is_on_time_is_left_alone(assess, lead_times, make_forecast, make_inputs):
    certain = lead_times(days={"far": (35, 0.01), "near": (7, 1)})
    inputs = make_inputs(["sku00000"], on_hand=[200.0], offers=[offer_row(lead_time_days=35)])
    planner = Planner(
        make_forecast((70.0,), (20.0,), periods=52), certain, PolicyConfig(effort={"negotiation": 1})
    )
    assert lead_time_sla(LeverPlays(planner.assess(inputs))).actions.empty


def test_the_days_that_an_order_waits_for_its_day_are_not_the_suppliers(
    lead_times, make_forecast, make_inputs
):
    agreed = []
    for order_days in ("Mon", "Fri"):  # planned on a Monday
        inputs = make_inputs(["sku00000"], on_hand=[200.0], offers=[offer_row(lead_time_days=36)])
        inputs = replace(inputs, suppliers=pd.DataFrame({"supplier_id": ["far"], "order_days": [order_days]}))
        planner = Planner(make_forecast((70.0,), (20.0,), periods=52), lead_times(), PolicyConfig())
        agreed.append(lead_time_sla(LeverPlays(planner.assess(inputs))).actions.iloc[0])
    assert agreed[0]["title"] == agreed[1]["title"] == "Agree with far that orders take at most 36 days"
    now = [orjson.loads(action["facts"])["lead_time_now"] for action in agreed]
    assert now[0] == pytest.approx(now[1])
