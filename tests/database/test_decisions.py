from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from sqlalchemy.exc import DatabaseError

from database import plan_runs
from database.decisions import (
    Asked,
    DecisionConflictError,
    DecisionError,
    DecisionRequest,
    UnknownActionError,
    decide,
    decide_together,
    decision_history,
    last_decisions,
)
from database.engine import write_transaction
from database.recommendations import RecommendationFilter, find_recommendation, list_recommendations
from database.schema import decisions

TODAY = date(2026, 3, 2)
APPROVE = DecisionRequest("a1", "approve", "ada")


def actions(*ids: str, worth: float = 100.0) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "action_id": ids,
            "kind": "engage_early",
            "unique_id": "sku-1",
            "supplier_id": "acme",
            "alternative_supplier_id": None,
            "quantity": float("nan"),
            "worth": [worth + i for i in range(len(ids))],
            "worth_period": "year",
            "act_by": pd.Timestamp("2026-03-09"),
            "title": "Engage acme early",
            "evidence": "Demand rises 12 %.",
            "facts": '{"rise": 0.12}',
            "confidence": "high",
        }
    )


def record(engine, proposed: pd.DataFrame) -> plan_runs.PlanRun:
    entry = plan_runs.PlanRunEntry("b" * 64, TODAY, source="data", folder="plans/1", facts={"skus": 3})
    with plan_runs.record_plan_run(engine, entry, actions=proposed) as run:
        return run


def run(engine, *ids: str, worth: float = 100.0) -> plan_runs.PlanRun:
    return record(engine, actions(*ids, worth=worth))


def status(engine, action_id: str = "a1", today: date = TODAY) -> str:
    return find_recommendation(engine, action_id, today=today).status


def test_actions_are_listed_by_worth_with_missing_numbers_as_none(engine):
    run(engine, "a1", "a2")
    listed = list_recommendations(engine, RecommendationFilter(), today=TODAY)
    assert [(row.action_id, row.worth) for row in listed] == [("a2", 101.0), ("a1", 100.0)]
    assert (listed[0].quantity, listed[0].act_by, listed[0].facts) == (None, date(2026, 3, 9), {"rise": 0.12})


def test_actions_without_facts_or_day_and_facts_that_are_no_text_are_kept(engine):
    facts = [{"rise": 0.5, "why": "Übergang"}, None, '{"why": "\\u00dcbergang"}']
    proposed = actions("a1", "a2", "a3").assign(facts=facts, act_by=pd.NaT, quantity=[1.5, None, 3])
    record(engine, proposed)
    listed = [find_recommendation(engine, name, today=TODAY) for name in proposed["action_id"]]
    assert [row.facts for row in listed] == [facts[0], {}, {"why": "Übergang"}]
    assert [(row.act_by, row.quantity) for row in listed] == [(None, 1.5), (None, None), (None, 3.0)]


def test_of_an_action_that_is_proposed_twice_the_last_row_counts(engine):
    run(engine, "a1", "a2", "a1")
    assert [
        (row.action_id, row.worth)
        for row in list_recommendations(engine, RecommendationFilter(), today=TODAY)
    ] == [
        ("a1", 102.0),
        ("a2", 101.0),
    ]


def test_the_last_recorded_run_is_the_current_one(engine):
    assert plan_runs.latest(engine) is None
    run(engine, "a1")
    second = run(engine, "a1")
    assert plan_runs.latest(engine) == second
    assert second.facts == {"skus": 3}


def test_an_approval_survives_the_next_planning_run_and_keeps_who_and_when(engine):
    run(engine, "a1", "a2")
    decision, new = decide(engine, APPROVE, today=TODAY)
    run(engine, "a1", "a2", worth=500)
    action = find_recommendation(engine, "a1", today=TODAY)
    assert new
    assert (action.status, action.who, action.decided_at, action.worth) == (
        "approved",
        "ada",
        decision.at,
        500,
    )
    assert decision.worth == 100


def test_approving_twice_leaves_one_decision(engine):
    run(engine, "a1")
    first, _ = decide(engine, APPROVE, today=TODAY)
    again, new = decide(engine, replace(APPROVE, who="bob"), today=TODAY)
    assert (again, new) == (first, False)
    assert len(decision_history(engine)) == 1


def test_a_change_of_mind_is_a_second_decision(engine):
    run(engine, "a1")
    decide(engine, APPROVE, today=TODAY)
    decide(engine, DecisionRequest("a1", "reject", "bob", "no budget"), today=TODAY)
    assert status(engine) == "rejected"
    assert [row.verdict for row in decision_history(engine, action_id="a1")] == ["reject", "approve"]


def test_the_same_verdict_with_another_reason_is_kept(engine):
    run(engine, "a1")
    for who, reason in (("ada", "too dear"), ("bob", "no room"), ("cy", ""), ("dan", "no room ")):
        decide(engine, DecisionRequest("a1", "reject", who, reason or "no room"), today=TODAY)
    assert [row.reason for row in decision_history(engine)] == ["no room", "too dear"]


def test_who_has_not_seen_the_last_decision_does_not_overturn_it(engine):
    run(engine, "a1")
    first, _ = decide(engine, APPROVE, today=TODAY, seen=0)
    rejection = DecisionRequest("a1", "reject", "bob", "no budget")
    with pytest.raises(DecisionConflictError, match="ada has decided to approve"):
        decide(engine, rejection, today=TODAY, seen=0)
    assert decide(engine, APPROVE, today=TODAY, seen=0) == (first, False)
    assert decide(engine, rejection, today=TODAY, seen=first.id)[1]
    assert find_recommendation(engine, "a1", today=TODAY).decision_id == first.id + 1


def test_a_snoozed_action_is_open_again_when_its_day_comes(engine):
    run(engine, "a1")
    decide(engine, DecisionRequest("a1", "snooze", "ada", snooze_until=date(2026, 3, 9)), today=TODAY)
    assert status(engine, today=date(2026, 3, 8)) == "snoozed"
    assert status(engine, today=date(2026, 3, 9)) == "open"


def test_an_action_nobody_proposes_any_more_leaves_the_list_but_can_be_found(engine):
    run(engine, "a1")
    run(engine, "a2")
    assert [row.action_id for row in list_recommendations(engine, RecommendationFilter(), today=TODAY)] == [
        "a2"
    ]
    assert find_recommendation(engine, "a1", today=TODAY).proposed is False


@pytest.mark.parametrize(("verdict", "after"), [("approve", "open"), ("reject", "rejected")])
def test_an_action_that_comes_back_is_open_again_unless_it_was_rejected(engine, verdict, after):
    run(engine, "a1")
    decide(engine, DecisionRequest("a1", verdict, "ada", "a reason"), today=TODAY)
    run(engine, "a2")
    run(engine, "a1")
    assert status(engine) == after


@pytest.mark.parametrize(
    ("decision_request", "message"),
    [
        (replace(APPROVE, who=" "), "who"),
        (DecisionRequest("a1", "reject", "ada", "  "), "reason"),
        (DecisionRequest("a1", "snooze", "ada"), "snooze_until"),
        (DecisionRequest("a1", "snooze", "ada", snooze_until=TODAY), "a day after 2026-03-02"),
        (replace(APPROVE, snooze_until=date(2027, 1, 1)), "only a snooze"),
    ],
)
def test_an_incomplete_decision_is_refused_and_nothing_is_written(engine, decision_request, message):
    run(engine, "a1")
    with pytest.raises(DecisionError, match=message):
        decide(engine, decision_request, today=TODAY)
    assert decision_history(engine) == []
    assert status(engine) == "open"


def test_an_unknown_action_is_refused(engine):
    with pytest.raises(UnknownActionError, match="a1"):
        decide(engine, APPROVE, today=TODAY)


def test_decisions_can_neither_be_changed_nor_deleted(engine):
    run(engine, "a1")
    decide(engine, APPROVE, today=TODAY)
    for statement in (decisions.delete(), decisions.update().values(who="eve")):
        with pytest.raises(DatabaseError, match="append-only"), write_transaction(engine) as connection:
            connection.execute(statement)
    assert decision_history(engine)[0].who == "ada"


def test_a_run_that_cannot_be_written_leaves_the_one_before_it_current(engine):
    run(engine, "a1")
    broken = actions("a2").assign(worth=None)
    with pytest.raises(DatabaseError):
        record(engine, broken)
    assert plan_runs.latest(engine).id == 1
    assert [row.action_id for row in list_recommendations(engine, RecommendationFilter(), today=TODAY)] == [
        "a1"
    ]


def test_a_run_whose_files_cannot_be_written_is_not_recorded(engine):
    run(engine, "a1")
    entry = plan_runs.PlanRunEntry("b", TODAY, source="", folder="", facts={})
    with (
        pytest.raises(OSError, match="disk full"),
        plan_runs.record_plan_run(engine, entry, actions=actions("a2")),
    ):
        raise OSError("disk full")
    assert plan_runs.latest(engine).id == 1
    assert [row.action_id for row in list_recommendations(engine, RecommendationFilter(), today=TODAY)] == [
        "a1"
    ]


def test_several_are_decided_together_each_with_its_own_row(engine):
    run(engine, "a1", "a2", "a3")
    first, _ = decide(engine, APPROVE, today=TODAY)
    asked = [Asked(replace(APPROVE, action_id=name)) for name in ("a3", "a1", "a2")]
    stored = decide_together(engine, asked, today=TODAY)
    assert [(row.action_id, new) for row, new in stored] == [("a3", True), ("a1", False), ("a2", True)]
    assert stored[1][0] == first
    assert [status(engine, name) for name in ("a1", "a2", "a3")] == ["approved"] * 3
    assert len(decision_history(engine)) == 3
    assert [row.action_id for row in last_decisions(engine, ["a3", "a1", "nope"])] == ["a1", "a3"]


@pytest.mark.parametrize(
    ("last", "error", "message"),
    [
        (Asked(replace(APPROVE, action_id="nope")), UnknownActionError, "nope"),
        (Asked(replace(APPROVE, action_id="a2", who=" ")), DecisionError, "who"),
        (Asked(APPROVE), DecisionError, "a1 stands there twice"),
        (
            Asked(DecisionRequest("a3", "reject", "ada", "no"), 0),
            DecisionConflictError,
            "cy has .*“Engage acme",
        ),
    ],
)
def test_of_several_none_is_decided_where_one_cannot_be(engine, last, error, message):
    run(engine, "a1", "a2", "a3")
    decide(engine, DecisionRequest("a3", "approve", "cy"), today=TODAY)
    with pytest.raises(error, match=message):
        decide_together(engine, [Asked(APPROVE), last], today=TODAY)
    assert (status(engine), status(engine, "a2")) == ("open", "open")
    assert len(decision_history(engine)) == 1


def test_the_last_decision_is_that_of_each_action(engine):
    run(engine, "a1")
    decide(engine, APPROVE, today=TODAY)
    decide(engine, DecisionRequest("a1", "reject", "bob", "no budget"), today=TODAY)
    assert [row.verdict for row in last_decisions(engine, ["a1"])] == ["reject"]
