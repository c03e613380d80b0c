import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from configs.schema import PolicyConfig
from planning.actions.lower_moq import lower_moq
from planning.actions.proposals import COLUMNS
from planning.actions.push_back import needs, push_back
from planning.actions.worklist import list_actions
from planning.assessment import assess
from planning.policy.order_rules import OrderRules


@pytest.fixture(scope="session")
def look(make_forecast, make_inputs, lead_times):
    def run(means=(70.0,), spreads=(20.0,), *, rise=0.0, policy=None, recent=None, **tables):
        forecast = make_forecast(means, spreads, rise=rise, periods=52)
        ids = forecast.unique_ids
        tables.setdefault("on_hand", [200.0] * len(ids))
        tables.setdefault("offers", [offer(unique_id=u) for u in ids])
        inputs = make_inputs(ids, **tables)
        if recent is not None:
            inputs = replace(inputs, recent_demand=pd.DataFrame({"unique_id": ids, "per_day": recent}))
        return assess(forecast, lead_times(), inputs, policy or PolicyConfig(), OrderRules())

    return run


def offer(**terms):
    return {"supplier_id": "far", "unique_id": "sku00000", "unit_price": 9.0} | terms


def order(**terms):
    common = {
        "order_id": "PO1",
        "line": "1",
        "supplier_id": "far",
        "unique_id": "sku00000",
        "quantity_open": 100.0,
    }
    return common | {"age": 5.0} | terms


def only(assessment, kind):
    actions = list_actions(assessment)
    found = actions[actions["kind"] == kind]
    assert len(found) <= 1
    return None if found.empty else found.iloc[0]


def test_a_moq_far_above_the_best_order_is_worth_its_holding_cost(look):
    assessment = look(offers=[offer(moq=2000, ordering_cost=30)], on_hand=[500])
    action = only(assessment, "lower_moq")
    demand, holding = 3650.0, 9.0 * 0.25
    best = np.sqrt(2 * demand * 30 / holding)
    cost = [30 * demand / q + holding * q / 2 for q in (2000, np.ceil(best))]
    assert action["quantity"] == pytest.approx(best, abs=1)
    assert action["worth"] == pytest.approx(cost[0] - cost[1], rel=0.02)
    assert action["worth_period"] == "year"


def test_a_moq_below_the_best_order_is_left_alone(look):
    assert only(look(offers=[offer(moq=50, ordering_cost=30)]), "lower_moq") is None


def test_goods_that_spoil_make_a_large_moq_dearer(look):
    lasting, spoiling = (
        look(offers=[offer(moq=2000, ordering_cost=30)], items={"unit_cost": 9.0, "shelf_life_days": days})
        for days in (np.nan, 60.0)
    )
    waste = spoiling.terms.flow.spoiled
    # 60 days sell 600 of 2,000 units; 3,650 / 2,000 orders a year
    assert waste == pytest.approx([1400 * 3650 / 2000], rel=0.02)
    assert lower_moq(spoiling)["worth"][0] > lower_moq(lasting)["worth"][0] + 9 * waste[0] * 0.95


def test_a_price_break_does_not_tempt_to_buy_what_will_spoil(look):
    breaks = [offer(ordering_cost=30, price_breaks="2000:8.50")]
    lasting, spoiling = (
        look(offers=breaks, items={"unit_cost": 9.0, "shelf_life_days": days}) for days in (np.nan, 60.0)
    )
    assert lasting.terms.economic[0] >= 2000
    # ten a day for 60 days
    assert spoiling.terms.economic[0] <= 601


def test_a_vendor_with_small_lots_is_worth_what_no_longer_spoils(look):
    offers = [
        offer(moq=2000, ordering_cost=30, preferred=True),
        offer(supplier_id="near", preferred=False, moq=10, ordering_cost=30),
    ]
    lasting, spoiling = (
        look(offers=offers, items={"unit_cost": 9.0, "shelf_life_days": days}) for days in (np.nan, 60.0)
    )
    waste = 9 * spoiling.terms.flow.spoiled[0]
    gain = only(spoiling, "faster_vendor")["worth"] - only(lasting, "faster_vendor")["worth"]
    assert waste > 0
    assert gain == pytest.approx(waste, rel=0.1)


def test_an_order_not_needed_for_months_is_pushed_back_by_the_days_it_comes_too_early(look):
    assessment = look(on_hand=[2000], orders=[order()])
    action, need = only(assessment, "push_back"), needs(assessment)
    assert need.needed[0] == pytest.approx(190, abs=12)
    assert action["worth"] == pytest.approx(100 * 9 * 0.25 / 365 * need.delay[0], rel=1e-3)
    assert need.arrival[0] + need.delay[0] < need.needed[0]
    assert action["act_by"] <= assessment.setting.as_of + pd.Timedelta(days=float(need.arrival[0]))


def test_of_two_orders_the_later_one_has_the_first_ahead_of_it(look):
    assessment = look(
        on_hand=[300],
        orders=[order(order_id="late", age=1), order(order_id="soon", age=30, quantity_open=70)],
    )
    ahead = dict(zip(assessment.pipeline.orders["order_id"], needs(assessment).ahead, strict=True))
    assert ahead == {"soon": 300, "late": 370}


def test_an_order_that_is_needed_is_left_alone(look):
    assert len(push_back(look(on_hand=[10], orders=[order()]))) == 0


def test_an_order_without_use_within_the_year_is_cancelled_for_its_price_and_holding(look):
    assessment = look((0.5,), (0.1,), on_hand=[400], orders=[order()])
    action = only(assessment, "cancel")
    assert needs(assessment).unused == pytest.approx([100], abs=1)
    assert action["worth"] == pytest.approx(100 * 9 + 100 * 9 * 0.25, rel=0.02)
    assert action["worth_period"] == "once"


def test_an_order_about_to_arrive_is_not_called_back(look):
    arriving = [order(supplier_id="near", age=8.5)]
    assert only(look(on_hand=[4000], orders=arriving), "push_back") is None


def test_rising_demand_and_a_long_lead_time_ask_to_engage_early(look):
    assessment = look(rise=0.25, on_hand=[900])
    action = only(assessment, "engage_early")
    facts = json.loads(action["facts"])
    assert facts["rise"] > 0.5
    assert facts["shortage_units"] > 0
    late = pd.Timestamp(facts["late_order_day"])
    assert assessment.setting.as_of <= action["act_by"] < late
    assert action["worth"] <= facts["shortage_units"] * 5 + 1e-6


def test_steady_demand_gives_no_reason_to_engage_early(look):
    assert only(look(on_hand=[500]), "engage_early") is None


def test_todays_rate_may_be_told_instead_of_read_from_the_forecast(look):
    assert only(look(on_hand=[300], recent=[3.0]), "engage_early") is not None


def test_a_near_supplier_with_short_lead_time_needs_no_early_engagement(look):
    near = look(rise=0.25, on_hand=[900], offers=[offer(supplier_id="near")])
    assert only(near, "engage_early") is None


def test_a_quicker_offer_is_proposed_up_to_its_break_even_price(look):
    # far ties up stock and safety stock worth about 3 % of its price
    offers = [offer(preferred=True), offer(supplier_id="near", unit_price=9.05)]
    assessment = look(offers=offers)
    action = only(assessment, "faster_vendor")
    assert (action["supplier_id"], action["alternative_supplier_id"]) == ("far", "near")
    total = assessment.lanes.total.total
    assert action["worth"] == pytest.approx(total[0] - total[1], abs=0.01)
    even = json.loads(action["facts"])["break_even_price"]
    for price, proposed in ((even * 0.999, True), (even * 1.001, False)):
        dearer = look(offers=[offers[0], offer(supplier_id="near", unit_price=price)])
        assert (only(dearer, "faster_vendor") is not None) == proposed


def test_without_a_preferred_offer_the_supplier_of_the_last_order_is_compared(look):
    offers = [offer(), offer(supplier_id="near", unit_price=9.01)]
    bought = [{"supplier_id": "far", "unique_id": "sku00000", "ordered_at": "2023-10-01"}]
    assert only(look(offers=offers, purchase_orders=bought), "faster_vendor")["supplier_id"] == "far"
    assert only(look(offers=offers), "faster_vendor") is None


def test_the_same_action_keeps_its_id_and_different_ones_have_their_own(look):
    orders = [order(order_id="a"), order(order_id="b", age=1)]
    first, again = (list_actions(look(on_hand=[stock], orders=orders)) for stock in (3000, 3100))
    assert first["action_id"].is_unique
    pushed = [set(frame.loc[frame["kind"] == "push_back", "action_id"]) for frame in (first, again)]
    assert len(pushed[0]) == 2
    assert pushed[0] == pushed[1]


def test_actions_are_ranked_by_worth_and_small_ones_left_out(look):
    tables = {
        "offers": [offer(moq=2000, ordering_cost=30)],
        "on_hand": [4000],
        "orders": [order(quantity_open=500)],
    }
    all_ = list_actions(look(**tables))
    assert list(all_) == COLUMNS
    assert len(all_) >= 2
    assert all_["worth"].is_monotonic_decreasing
    assert (all_["worth"] > 0).all()
    bar = float(all_["worth"].iloc[0])
    few = list_actions(look(**tables, policy=PolicyConfig(minimum_action_value=bar - 0.01)))
    assert len(few) == 1


def test_no_action_means_an_empty_list_with_the_same_columns(look):
    nothing = list_actions(look(on_hand=[500]))
    assert list(nothing) == COLUMNS
    assert len(nothing) == 0


def test_an_implied_shortage_cost_lowers_the_confidence_of_what_rests_on_it(look):
    told, implied = (
        only(look(rise=0.25, on_hand=[900], items=items), "engage_early")
        for items in ({"unit_cost": 10.0, "unit_price": 15.0}, {"unit_cost": 10.0})
    )
    assert told["confidence"] == "high"
    assert implied is None or implied["confidence"] == "low"
