"""An approved pair of suppliers is ordered from as it was played: base from one, topped up from the quicker one."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from plan_rows import offer_row, order_line

from configs.schema import PolicyConfig
from planning.approved_actions import with_approved_offers
from planning.levers.lever_plays import LeverPlays
from planning.levers.vendor.dual_source import dual_source
from planning.orders.joint_orders import joint_orders
from planning.planner import Planner
from planning.tables.order_lines_table import order_lines_frame
from planning.tables.plan_table import plan_frame
from planning.worklist.list_actions import list_actions

FACTS = ("base_supplier_id", "surge_supplier_id", "base_point_share", "surge_point_share")
OFFERS = [
    offer_row(preferred=False, unit_price=9.0),
    offer_row(supplier_id="near", preferred=True, unit_price=10.0),
]
WEEKLY, SPREAD = 70.0, 40.0


@pytest.fixture(scope="module")
def planner(make_forecast, lead_times):
    forecast = make_forecast((WEEKLY,), (SPREAD,), periods=52)
    return Planner(forecast, lead_times(), PolicyConfig(lost_sales=True, capital_cost_rate=None))


@pytest.fixture(scope="module")
def inputs(planner, make_inputs):
    items = {"unit_cost": 9.0, "unit_price": 30.0}
    return make_inputs(planner.forecast.unique_ids, on_hand=[200.0], offers=OFFERS, items=items)


@pytest.fixture(scope="module")
def approved(planner, inputs):
    """The action as it was approved: base from far, topped up from near, 91 to 9."""
    action = dual_source(LeverPlays(planner.assess(inputs))).actions.iloc[0]
    facts = json.loads(action["facts"])
    columns = ["kind", "unique_id", "supplier_id", "alternative_supplier_id"]
    return pd.DataFrame([action[columns].to_dict() | {name: facts[name] for name in FACTS}]), facts


@pytest.fixture(scope="module")
def agreed(inputs, approved):
    return replace(inputs, offers=with_approved_offers(inputs.offers, approved[0]))


def lines(planner, inputs, *, on_hand=None, orders=None):
    """Today's order lines, by supplier."""
    if on_hand is not None:
        inputs = replace(inputs, stock=inputs.stock.assign(on_hand=on_hand))
    if orders is not None:
        inputs = replace(inputs, open_orders=orders)
    assessment = planner.assess(inputs)
    return order_lines_frame(assessment, joint_orders(assessment)).set_index("supplier_id"), assessment


def open_lines(inputs, *rows, **columns):
    table = pd.DataFrame([order_line(**row) for row in rows])
    age = pd.to_timedelta(table["age"].astype(float), unit="D")
    table["expedited"] = table.get("expedited", pd.Series(False, table.index)).astype("boolean")
    return table.assign(ordered_at=inputs.as_of - age, **columns)


def test_either_supplier_has_the_agreed_share_of_its_own_reorder_point(planner, inputs, agreed, approved):
    own, pair = planner.assess(inputs).lane_terms, planner.assess(agreed).top_ups.pairs
    shares = [approved[1][f"{name}_point_share"] for name in ("base", "surge")]
    assert pair.terms.reorder_point == pytest.approx(np.round(shares * own.reorder_point))
    lot = own.order_up_to - own.reorder_point
    assert pair.terms.order_up_to - pair.terms.reorder_point == pytest.approx(lot)


def test_what_will_be_here_in_time_decides_whether_the_quick_one_is_asked(planner, agreed):
    few, assessment = lines(planner, agreed, on_hand=100.0)
    point = assessment.top_ups.terms.reorder_point[0]
    assert few.loc["near", "quantity"] == point - 100
    assert few.loc["near", "origin"] == "top_up"
    # the base supplier's position has the top-up in it
    base = assessment.chosen_terms.order_up_to[0]
    assert few.loc["far", "quantity"] == base - 100 - few.loc["near", "quantity"]
    enough, _ = lines(planner, agreed, on_hand=point)
    assert enough.index.tolist() == ["far"]
    late = open_lines(agreed, {"age": 38.0, "quantity_open": 60})  # there as soon as an order with near
    young = open_lines(agreed, {"age": 10.0, "quantity_open": 60})
    assert lines(planner, agreed, on_hand=100.0, orders=late)[0].loc["near", "quantity"] == pytest.approx(
        point - 160
    )
    assert lines(planner, agreed, on_hand=100.0, orders=young)[0].loc["near", "quantity"] == point - 100


def test_the_reason_and_the_line_say_who_tops_up(planner, agreed):
    found, assessment = lines(planner, agreed, on_hand=100.0)
    said = json.loads(found.loc["near", "why"])
    assert said["codes"] == ["tops_up"]
    assert "100 will be here within the lead time" in said["sentence"]
    plan = plan_frame(assessment, joint_orders(assessment)).iloc[0]
    assert plan["supplier_id"] == "far"
    assert plan["order_quantity"] == found.loc["far", "quantity"]
    assert "two_suppliers" in plan["codes"].split(";")
    assert f"near tops up, {found.loc['near', 'quantity']:.0f} there today" in plan["reason"]


def test_an_order_that_was_approved_today_answers_its_own_supplier_alone(planner, agreed):
    found, _ = lines(planner, agreed, on_hand=100.0)
    for answered, left in (("near", "far"), ("far", "near")):
        units = found.loc[answered, "quantity"]
        row = {"age": 0.0, "quantity_open": units, "supplier_id": answered}
        placed = open_lines(agreed, row, answered_today=True)
        after, _ = lines(planner, agreed, on_hand=100.0, orders=placed)
        assert after["quantity"].to_dict() == {left: found.loc[left, "quantity"]}


def test_an_order_that_a_person_holds_back_is_not_topped_up(planner, agreed):
    held = pd.DataFrame(
        [
            {
                "unique_id": "sku00000",
                "kind": "hold",
                "hold_until": agreed.as_of + pd.Timedelta(days=9),
                "override_id": 1,
            }
        ]
    )
    held = pd.concat([agreed.overrides, held], ignore_index=True).astype({"hold_until": "datetime64[ns]"})
    assert lines(planner, replace(agreed, overrides=held), on_hand=100.0)[0].empty


def test_a_pair_is_not_proposed_again_nor_left_for_one_of_the_two(planner, agreed):
    actions = list_actions(planner.assess(agreed))
    assert not {"dual_source", "switch_vendor", "trial_order"} & set(actions["kind"])


@pytest.mark.parametrize("change", ["no offer", "switched since", "no shares"])
def test_without_both_offers_or_after_a_later_switch_one_supplier_is_left(planner, inputs, approved, change):
    pair, offers = approved[0], inputs.offers
    if change == "no offer":
        offers = offers[offers["supplier_id"] == "near"]
    if change == "switched since":
        switch = {"kind": "switch_vendor", "unique_id": "sku00000", "alternative_supplier_id": "near"}
        pair = pd.concat([pair, pd.DataFrame([switch])], ignore_index=True)
    if change == "no shares":
        pair = pair.drop(columns=["base_point_share"])
    found, assessment = lines(
        planner, replace(inputs, offers=with_approved_offers(offers, pair)), on_hand=100.0
    )
    assert found.index.tolist() == ["near"]
    assert not len(assessment.top_ups.pairs)


def test_over_two_years_of_weekly_plans_the_quick_one_delivers_the_share_that_was_played(
    planner, agreed, approved
):
    rng, weeks, warm_up = np.random.default_rng(3), 130, 26
    lead = {"far": (35.0, 8.0), "near": (7.0, 1.0)}
    stock, waiting, units = 400.0, [], dict.fromkeys(lead, 0.0)
    for week in range(weeks):
        day = 7.0 * week
        rows = [
            {"order_id": str(k), "supplier_id": name, "quantity_open": q, "age": day - placed}
            for k, (name, q, placed, _) in enumerate(waiting)
        ]
        orders = open_lines(agreed, *rows) if rows else None
        found, _ = lines(planner, agreed, on_hand=stock, orders=orders)
        for name, quantity in found["quantity"].items():
            mean, spread = lead[name]
            days = max(rng.gamma((mean / spread) ** 2, spread**2 / mean), 1.0)
            waiting.append((name, quantity, day, day + days))
            units[name] += quantity * (week >= warm_up)
        for today in np.arange(day, day + 7):
            stock += sum(q for _, q, _, due in waiting if due <= today)
            waiting = [line for line in waiting if line[3] > today]
            stock = max(stock - rng.normal(WEEKLY / 7, SPREAD / np.sqrt(7)), 0.0)
            stock = float(np.round(stock))
    share = units["near"] / sum(units.values())
    assert share == pytest.approx(approved[1]["surge_share"], abs=0.05)
    assert units["near"] > 0
