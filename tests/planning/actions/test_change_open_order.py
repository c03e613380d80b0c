"""Open orders pushed back, reduced or cancelled, priced against the plan made again at each review."""

import json
from dataclasses import replace

import numpy as np
import pytest
from plan_rows import order_line
from today_choices import choices

from configs.schema import EffortConfig, PolicyConfig
from planning.actions.open_order_needs import open_order_needs
from planning.planner import Planner
from planning.played_ahead.ahead_play import AheadPlay
from planning.played_ahead.best_changes import FINAL
from planning.worklist.list_actions import list_actions

KINDS = ["push_back", "split", "reduce", "cancel", "close_short"]


@pytest.fixture
def only_change(assess):
    """The one change of an open order in an assessment's worklist, none without one."""

    def find(*, means=(70.0,), spreads=(20.0,), **tables):
        actions = list_actions(assess(means, spreads, **tables))
        found = actions[actions["kind"].isin(KINDS)]
        assert len(found) <= 1
        return None if found.empty else found.iloc[0]

    return find


def test_of_two_orders_the_later_one_has_the_first_ahead_of_it(assess):
    assessment = assess(
        on_hand=[300],
        orders=[order_line(order_id="late", age=1), order_line(order_id="soon", age=30, quantity_open=70)],
    )
    ahead = dict(
        zip(assessment.pipeline.orders["order_id"], open_order_needs(assessment).units_ahead, strict=True)
    )
    assert ahead == {"soon": 300, "late": 370}


def test_an_order_that_is_needed_is_left_alone(only_change):
    assert only_change(on_hand=[10], orders=[order_line()]) is None


def test_an_order_not_needed_for_months_saves_what_it_would_cost_to_hold(only_change):
    # needed after 190 days; the plan orders it again when it is, so its price is saved by nobody
    action = only_change(on_hand=[2000], orders=[order_line()])
    facts = json.loads(action["facts"])
    held_a_day = 100 * 9 * 0.25 / 365
    assert held_a_day * 120 < action["worth"] < held_a_day * 230
    assert held_a_day * 120 < facts["worth_low"] <= facts["worth_high"] < held_a_day * 230
    assert facts["missed_units_more"] < 5


def test_an_order_without_use_is_cancelled_for_its_price_and_holding(only_change):
    action = only_change(means=(0.5,), spreads=(0.1,), on_hand=[400], orders=[order_line()])
    assert (action["kind"], action["worth_period"]) == ("cancel", "once")
    assert action["worth"] == pytest.approx(100 * 9 + 100 * 9 * 0.25, rel=0.05)


def test_an_order_of_which_a_part_is_needed_is_reduced_to_that_part(assess, only_change):
    # half a unit a week: of 100 units two years use about 50, whenever they come
    tables = {"means": (0.5,), "spreads": (0.1,), "on_hand": [0], "orders": [order_line()]}
    action = only_change(**tables)
    facts = json.loads(action["facts"])
    assert action["kind"] == "reduce"
    assert 0 < facts["reduced_to"] <= 75
    changes = choices(assess(**tables)).changes
    assert facts["reduced_to"] == pytest.approx(100 * changes.left[changes.kind == "reduce"][0])


def test_an_order_of_perishables_comes_in_two_parts(only_change):
    # 70 a week that keep for three weeks: of 700 that come at once more than half would perish
    items = {"unit_cost": 10.0, "unit_price": 15.0, "shelf_life_days": 21.0}
    action = only_change(on_hand=[300], items=items, orders=[order_line(quantity_open=700)])
    facts = json.loads(action["facts"])
    assert action["kind"] == "split"
    assert 0 < facts["reduced_to"] < 700
    assert (
        f"{facts['reduced_to']:.0f} as agreed, the rest {facts['delay_days']:.0f} days later"
        in action["title"]
    )
    # what comes later is sold before it perishes, so more is saved than by calling the whole order back
    assert action["worth"] > 100


def test_what_is_still_to_come_of_an_order_without_use_closes_it_short(only_change):
    part = order_line() | {"quantity_received": 40.0}
    action = only_change(means=(0.5,), spreads=(0.1,), on_hand=[400], orders=[part])
    assert action["kind"] == "close_short"
    assert action["worth"] == pytest.approx(100 * 9 + 100 * 9 * 0.25, rel=0.05)


def test_an_order_about_to_arrive_is_not_called_back(only_change):
    assert only_change(on_hand=[4000], orders=[order_line(supplier_id="near", age=8.5)]) is None


def test_what_is_worth_less_than_a_call_is_not_listed(only_change):
    tables = {"on_hand": [2000], "orders": [order_line()]}
    worth = only_change(**tables)["worth"]
    cheap, dear = (PolicyConfig(effort=EffortConfig(call=worth * share)) for share in (0.9, 1.1))
    assert only_change(policy=cheap, **tables)["worth"] == pytest.approx(worth, abs=0.01)
    assert only_change(policy=dear, **tables) is None


def test_no_proposal_is_undone_by_the_plan_made_with_it(assess, lead_times):
    lines = [order_line(order_id=f"PO{k}", age=3.0 * k, quantity_open=150 + 40 * k) for k in range(4)]
    assessment = assess(on_hand=[900], orders=lines)
    chosen = choices(assessment)
    assert chosen is not None
    open_orders, changes = assessment.inputs.open_orders, chosen.changes
    row = open_orders["order_id"].tolist().index
    numbers = [row(number) for number in assessment.pipeline.orders["order_id"].iloc[changes.line]]
    agreed = open_orders.assign(agreed_later=0.0)
    agreed.loc[numbers, "quantity_open"] *= changes.left
    agreed.loc[numbers, "agreed_later"] = changes.later
    again = Planner(assessment.forecast, lead_times(), PolicyConfig()).assess(
        replace(assessment.inputs, open_orders=agreed)
    )
    assert again.decision.quantity[0] <= assessment.decision.quantity[0]


def test_the_worth_of_a_skus_set_is_the_sum_of_its_parts(assess):
    lines = [order_line(order_id=f"PO{k}", age=3.0 * k, quantity_open=300) for k in range(3)]
    assessment = assess(on_hand=[1500], orders=lines)
    chosen = choices(assessment)
    assert chosen is not None
    assert len(chosen.changes) >= 2
    skus = np.array([0])
    play = AheadPlay.of(assessment, skus, scenarios=FINAL)
    before = play.cost().total
    for row in range(len(chosen.changes)):
        one = chosen.changes.select(np.array([row]))
        play = play.merged(np.array([0]), play.changed(one))
    saved = before - play.cost().total
    assert saved[0] == pytest.approx(chosen.saved.sum(axis=0), abs=1e-6)
