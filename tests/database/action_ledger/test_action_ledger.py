"""Approvals freeze what was promised, plan runs book what became of it, and rejections are remembered."""

from dataclasses import replace
from datetime import date

import numpy as np
import orjson
import pandas as pd
import pytest
from lived_company import LINE_COLUMNS, order_lines, what_came
from promises import TERMS, promise

from database import plan_runs
from database.action_ledger.bookings import ledger_entry, ledger_frame
from database.action_ledger.learned import decision_counts, held_back_rules, known_breaks, undecided_actions
from database.action_ledger.promises import standing_promises, standing_rejections
from database.decisions import DecisionError, DecisionRequest, decide, decision_history
from database.recommendations import (
    RecommendationFilter,
    approved_actions,
    count_recommendations,
    find_recommendation,
)
from database.worklist import WorklistFilter, worklist_counts, worklist_page
from planning.realised.book_actions import book_actions

TODAY = date(2024, 1, 3)
MONDAY = pd.Timestamp("2024-01-01")
SWITCH = promise("switch_vendor", after=replace(TERMS, supplier_id="near", unit=8.0, prices=(8.0,)))
ORDER = BY_GAIN = (("gain", True),)


def actions(*names, kind="switch_vendor", **more):
    known = {
        "kind": kind, "unique_id": "sku", "supplier_id": "far", "alternative_supplier_id": "near", "quantity": 24.0,
        "worth": 365.0, "worth_period": "year", "act_by": pd.Timestamp("2024-01-08"), "title": "Buy it there",
        "evidence": "", "facts": orjson.dumps({"worth_low": 300.0, "worth_high": 430.0}).decode(), "effort": 10.0,
        "worth_in_horizon": 265.0, "basis": orjson.dumps(SWITCH.basis).decode(),
    }  # fmt: skip
    return pd.DataFrame([{"action_id": name} | known | more for name in names])


def run(engine, proposed, bookings=(), day=TODAY):
    entry = plan_runs.PlanRunEntry("b" * 64, day, source="data", folder="plans/1", facts={})
    with plan_runs.record_plan_run(engine, entry, actions=proposed, bookings=bookings) as recorded:
        return recorded


def came(*days, weeks=20):
    """What came in so many weeks: orders of 100 at `near` on the days."""
    rows = [
        dict.fromkeys(LINE_COLUMNS)
        | {
            "order_id": f"PO{day}", "line": "1", "supplier_id": "near", "unique_id": "sku", "quantity_ordered": 100.0,
            "ordered_at": MONDAY + pd.Timedelta(days=day), "quantity_received": 100.0, "quantity_open": 0.0,
            "unit_price": 8.0, "lead_time": 7.0, "is_open": False, "arrived_at": MONDAY + pd.Timedelta(days=day + 7),
            "expedited": False,
        }
        for day in days
    ]  # fmt: skip
    return what_came(
        MONDAY, {"sku": np.full(7 * weeks, 10.0)}, rows, order_lines([])[["unique_id", "supplier_id"]]
    )


def test_an_approval_keeps_its_own_numbers_and_what_was_promised_then(engine):
    run(engine, actions("a1"))
    approve = DecisionRequest("a1", "approve", "ada", "they said yes", agreed={"unit_price": 7.9})
    decision, new = decide(engine, approve, today=TODAY)
    assert (new, decision.agreed) == (True, {"unit_price": 7.9})
    run(engine, actions("a1", worth=9.0, title="Something else"))
    (promised,) = standing_promises(engine, today=TODAY)
    assert (promised.worth, promised.low, promised.high, promised.title) == (
        365.0,
        300.0,
        430.0,
        "Buy it there",
    )
    assert (promised.decided_on, promised.planned_on) == (TODAY, MONDAY)
    assert promised.agreed == {"unit_price": 7.9}
    assert promised.skus[0]["after"]["supplier_id"] == "near"


def test_the_same_numbers_again_change_nothing_and_others_are_a_decision_of_their_own(engine):
    run(engine, actions("a1"))
    first = DecisionRequest("a1", "approve", "ada", agreed={"unit_price": 7.9})
    assert decide(engine, first, today=TODAY)[1]
    assert not decide(engine, first, today=TODAY)[1]
    assert not decide(engine, DecisionRequest("a1", "approve", "ada"), today=TODAY)[1]
    assert decide(engine, replace(first, agreed={"unit_price": 7.5}), today=TODAY)[1]
    assert [each.agreed for each in decision_history(engine, action_id="a1")] == [
        {"unit_price": 7.5},
        {"unit_price": 7.9},
    ]


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (DecisionRequest("a1", "approve", "ada", agreed={"reduced_to": 3.0}), "agreed.reduced_to"),
        (DecisionRequest("a1", "reject", "ada", "no", agreed={"moq": 3.0}), "agreed: only an approval"),
        (DecisionRequest("a1", "approve", "ada", category="data"), "category: only a rejection"),
        (
            DecisionRequest("a1", "reject", "ada", "no", category="mood"),
            "category: 'mood' is none of supplier, data",
        ),
    ],
)
def test_what_no_decision_can_have_is_refused(engine, request_, why):
    run(engine, actions("a1"))
    with pytest.raises(DecisionError, match=why):
        decide(engine, request_, today=TODAY)
    assert decision_history(engine) == []


def test_a_plan_run_books_what_became_of_an_approval(engine):
    run(engine, actions("a1"))
    decision, _ = decide(engine, DecisionRequest("a1", "approve", "ada"), today=TODAY)
    promises = standing_promises(engine, today=TODAY)
    bookings = book_actions(promises, came(9, 16, 23, 30))
    recorded = run(engine, actions(), bookings)
    entry = ledger_entry(engine, "a1")
    assert (entry["state"], entry["in_effect_on"], entry["run_id"]) == (
        "in_effect",
        date(2024, 1, 10),
        recorded.id,
    )
    assert entry["decision_id"] == decision.id
    assert entry["realised"] == pytest.approx(bookings[0].realised, abs=0.01)
    frame = ledger_frame(engine)
    assert frame["in_effect_on"].tolist() == [pd.Timestamp("2024-01-10")]
    assert frame["ended_on"].isna().all()
    assert frame["evidence"].iloc[0][0]["says"] == "first order at near: PO9 of 100 units"
    run(engine, actions(), book_actions(promises, came(9, 16, 23, 30, weeks=60)))
    assert ledger_frame(engine)["state"].tolist() == ["realised"]
    assert standing_promises(engine, today=TODAY) == []  # what is realised is not booked again


def test_what_lapsed_holds_no_more_in_the_next_plan(engine):
    run(engine, actions("a1"))
    decide(engine, DecisionRequest("a1", "approve", "ada", agreed={"unit_price": 7.9}), today=TODAY)
    approved = approved_actions(engine, today=TODAY)
    assert approved["kind"].tolist() == ["switch_vendor"]
    assert approved["agreed"].tolist() == [{"unit_price": 7.9}]
    run(engine, actions(), book_actions(standing_promises(engine, today=TODAY), came()))
    assert ledger_entry(engine, "a1")["state"] == "lapsed"
    assert approved_actions(engine, today=TODAY).empty


def test_an_approval_that_is_taken_back_leaves_the_ledger_unless_it_took_effect(engine):
    run(engine, actions("a1", "a2"))
    for name in ("a1", "a2"):
        decide(engine, DecisionRequest(name, "approve", "ada"), today=TODAY)
    first, second = standing_promises(engine, today=TODAY)
    run(engine, actions(), [*book_actions([first], came(9, weeks=8)), *book_actions([second], came(weeks=8))])
    for name in ("a1", "a2"):
        decide(engine, DecisionRequest(name, "reopen", "ada"), today=TODAY)
    assert standing_promises(engine, today=TODAY) == []
    run(engine, actions())
    assert ledger_frame(engine)["action_id"].tolist() == ["a1"]


def test_own_numbers_take_the_place_of_those_proposed_for_an_open_order(engine):
    facts = orjson.dumps({"order_id": "7", "line": "1", "reduced_to": 40.0}).decode()
    run(engine, actions("a1", kind="reduce", facts=facts, basis=None))
    run(
        engine,
        pd.concat([actions("a1", kind="reduce", facts=facts), actions("a2", kind="cancel", facts=facts)]),
    )
    decide(engine, DecisionRequest("a1", "approve", "ada", agreed={"reduced_to": 60.0}), today=TODAY)
    decide(engine, DecisionRequest("a2", "approve", "ada", agreed={"reduced_to": 25.0}), today=TODAY)
    approved = approved_actions(engine, today=TODAY)
    assert approved[["kind", "reduced_to"]].to_numpy().tolist() == [["reduce", 60.0], ["reduce", 25.0]]


def test_rejections_are_remembered_with_their_category_and_what_they_were_about(engine):
    run(engine, actions("a1", "a2"))
    decide(engine, DecisionRequest("a1", "reject", "ada", "no", category="supplier"), today=TODAY)
    decide(engine, DecisionRequest("a2", "reject", "ada", "no"), today=TODAY)
    found = standing_rejections(engine).set_index("action_id")
    assert found["category"].to_dict() == {"a1": "supplier", "a2": "other"}
    assert found.loc["a1", ["kind", "supplier_id", "label", "worth", "rejected_on"]].tolist() == [
        "switch_vendor", "far", "the supplier refuses", 365.0, "2024-01-03",
    ]  # fmt: skip
    assert found.loc["a1", "facts"]["worth_low"] == 300.0
    decide(engine, DecisionRequest("a1", "reopen", "ada"), today=TODAY)
    assert standing_rejections(engine)["action_id"].tolist() == ["a2"]
    counts = decision_counts(engine).set_index(["verdict", "category"], drop=False)
    assert counts.loc[[("reject", "other")], "actions"].tolist() == [1]


def test_what_is_held_back_is_in_a_list_of_its_own(engine):
    proposed = pd.concat([actions("a1"), actions("a2", held_back="rejected 3 times at far: no")])
    run(engine, proposed)
    assert worklist_counts(engine, today=TODAY) | {"open": 1, "held_back": 1} == worklist_counts(
        engine, today=TODAY
    )
    page = worklist_page(engine, WorklistFilter("held_back"), ORDER, today=TODAY, part=(0, 10))
    assert [(row.action_id, row.held_back) for row in page.rows] == [("a2", "rejected 3 times at far: no")]
    for held, count in ((None, 2), (True, 1), (False, 1)):
        assert count_recommendations(engine, RecommendationFilter(held_back=held), today=TODAY) == count
    assert undecided_actions(engine) == 1
    assert held_back_rules(engine)["actions"].tolist() == [1]
    run(engine, actions("a2"))  # the facts have changed
    assert worklist_counts(engine, today=TODAY)["open"] == 1


def test_levers_that_do_not_pay_sink_in_the_list(engine):
    proposed = pd.concat([actions("a1", factor=0.3), actions("a2", factor=1.0, worth_in_horizon=100.0)])
    run(engine, proposed)
    page = worklist_page(engine, WorklistFilter(), ORDER, today=TODAY, part=(0, 10))
    assert [row.action_id for row in page.rows] == ["a2", "a1"]
    assert find_recommendation(engine, "a1", today=TODAY).factor == 0.3


def test_breaks_that_the_next_training_knows_are_what_took_effect(engine):
    shorter = promise(
        "lead_time_sla", after=replace(TERMS, lead_days=tuple(day - 5 for day in TERMS.lead_days))
    )
    run(
        engine,
        pd.concat(
            [actions("a1"), actions("a2", kind="lead_time_sla", basis=orjson.dumps(shorter.basis).decode())]
        ),
    )
    for name in ("a1", "a2"):
        decide(engine, DecisionRequest(name, "approve", "ada"), today=TODAY)
    switch, sla = standing_promises(engine, today=TODAY)
    assert known_breaks(engine).empty
    bookings = book_actions([switch, sla], came(9))
    run(engine, actions(), [bookings[0], replace(bookings[0], promise=sla)])
    breaks = known_breaks(engine)
    assert breaks[["what", "supplier_id", "before"]].to_numpy().tolist() == [
        ["vendor", "near", "far"],
        ["lead_time", "far", "far"],
    ]
    assert set(breaks["since"]) == {pd.Timestamp("2024-01-10")}
