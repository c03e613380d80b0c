from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError
from state_databases import engine, make_engine, postgres  # noqa: F401 -- fixtures

from database import plan_runs
from database.action_notes import NoteRequest, add_note, list_notes
from database.audit.history import audit_history
from database.audit.verify import verify
from database.decisions import DecisionError, DecisionRequest, UnknownActionError, decide
from database.engine import write_transaction
from database.recommendations import Recommendation, find_recommendation
from database.schema import action_notes

TODAY = date(2026, 3, 2)
COMMENT = NoteRequest("a1", "comment", "ada", "call them first")
DONE = NoteRequest("a1", "done", "ada")
ASSIGN = NoteRequest("a1", "assign", "ada", assignee="bob")
APPROVE = DecisionRequest("a1", "approve", "ada")


def run(engine: Engine, *names: str) -> None:  # noqa: F811 -- the fixture
    proposed = pd.DataFrame(
        {
            "action_id": name,
            "kind": "cancel",
            "unique_id": "sku-1",
            "worth": 100.0,
            "worth_period": "year",
            "title": "Cancel",
            "evidence": "Too much.",
        }
        for name in names
    )
    entry = plan_runs.PlanRunEntry("b" * 64, TODAY, source="data", folder="plans/1", facts={})
    with plan_runs.record_plan_run(engine, entry, actions=proposed):
        pass


def action(engine: Engine) -> Recommendation:  # noqa: F811
    found = find_recommendation(engine, "a1", today=TODAY)
    assert found is not None
    return found


def test_comments_are_kept_the_newest_first_and_a_double_click_is_one(engine: Engine) -> None:  # noqa: F811
    run(engine, "a1")
    first, new = add_note(engine, COMMENT)
    assert (new, add_note(engine, COMMENT)) == (True, (first, False))
    assert add_note(engine, replace(COMMENT, who="bob"))[1]
    assert add_note(engine, replace(COMMENT, text="they say no"))[1]
    assert [(note.who, note.text) for note in list_notes(engine, "a1")] == [
        ("ada", "they say no"), ("bob", "call them first"), ("ada", "call them first"),
    ]  # fmt: skip


def test_an_action_is_whose_it_was_assigned_to_last(engine: Engine) -> None:  # noqa: F811
    run(engine, "a1")
    add_note(engine, ASSIGN)
    assert action(engine).assignee == "bob"
    add_note(engine, COMMENT)
    assert not add_note(engine, replace(ASSIGN, assignee=" bob "))[1]
    add_note(engine, replace(ASSIGN, assignee="cy"))
    run(engine, "a1")
    assert action(engine).assignee == "cy"
    add_note(engine, replace(ASSIGN, assignee=""))
    assert action(engine).assignee is None


def test_what_is_approved_can_be_carried_out_and_taken_back(engine: Engine) -> None:  # noqa: F811
    run(engine, "a1")
    with pytest.raises(DecisionError, match="the action is open; only an approved one"):
        add_note(engine, DONE)
    decide(engine, APPROVE, today=TODAY)
    note, _ = add_note(engine, DONE)
    assert (action(engine).done_by, action(engine).done_at) == ("ada", note.at)
    assert add_note(engine, replace(DONE, who="bob")) == (note, False)
    add_note(engine, replace(DONE, kind="not_done"))
    assert (action(engine).done_by, action(engine).done_at) == (None, None)
    assert add_note(engine, replace(DONE, who="bob"))[1]


@pytest.mark.parametrize("verdict", ["reopen", "reject"])
def test_who_decides_otherwise_takes_back_that_it_was_carried_out(engine: Engine, verdict) -> None:  # noqa: F811
    run(engine, "a1")
    decide(engine, APPROVE, today=TODAY)
    add_note(engine, DONE)
    decide(engine, replace(APPROVE, reason="again"), today=TODAY)
    assert action(engine).done_by == "ada"
    decide(engine, replace(APPROVE, verdict=verdict, reason="no"), today=TODAY)
    assert action(engine).done_by is None
    decide(engine, APPROVE, today=TODAY)
    assert add_note(engine, DONE)[1]


def test_an_action_that_comes_back_as_a_new_occasion_is_not_carried_out_yet(engine: Engine) -> None:  # noqa: F811
    run(engine, "a1")
    decide(engine, APPROVE, today=TODAY)
    add_note(engine, DONE)
    run(engine, "a1")
    assert action(engine).done_by == "ada"
    run(engine, "a2")
    run(engine, "a1")
    assert (action(engine).status, action(engine).done_by, action(engine).done_at) == ("open", None, None)


@pytest.mark.parametrize(
    ("request_", "message"),
    [
        (replace(COMMENT, who=" "), "who: your name"),
        (replace(COMMENT, text=" "), "text: a comment needs one"),
        (replace(COMMENT, assignee="bob"), "only a note that assigns"),
        (replace(ASSIGN, assignee=" "), "the action is nobody's"),
        (replace(DONE, kind="not_done"), "nobody has said"),
    ],
)
def test_a_note_that_lacks_something_is_refused(engine: Engine, request_, message) -> None:  # noqa: F811
    run(engine, "a1")
    with pytest.raises(DecisionError, match=message):
        add_note(engine, request_)
    assert list_notes(engine, "a1") == []


def test_a_note_on_no_action_is_refused(engine: Engine) -> None:  # noqa: F811
    with pytest.raises(UnknownActionError, match="a1"):
        add_note(engine, COMMENT)


def test_notes_can_neither_be_changed_nor_deleted(engine: Engine) -> None:  # noqa: F811
    run(engine, "a1")
    add_note(engine, COMMENT)
    for statement in (action_notes.delete(), action_notes.update().values(who="eve")):
        with pytest.raises(DatabaseError, match="append-only"), write_transaction(engine) as connection:
            connection.execute(statement)
    assert list_notes(engine, "a1")[0].who == "ada"


def test_what_is_noted_is_under_the_audit_log(engine):  # noqa: F811
    run(engine, "a1")
    decide(engine, APPROVE, today=TODAY)
    for request in (COMMENT, ASSIGN, DONE):
        add_note(engine, request)
    done = audit_history(engine, limit=10, subject="action_notes")
    assert [row["what"] for row in done] == ["note.done", "note.assign", "note.comment"]
    assert verify(engine).sound
