import pandas as pd
import pytest
from sqlalchemy import func, select

from database.alerts.alert_tables import exceptions, outbox
from database.alerts.exception_list import exception_history, list_exceptions, open_count
from database.alerts.exception_steps import (
    StepConflictError,
    StepError,
    StepRequest,
    UnknownExceptionError,
    take_step,
)
from database.audit.access_rows import access_problems
from database.engine import write_transaction


def problems(engine):
    with engine.connect() as connection:
        return list(access_problems(connection, {"users": 0, "api_keys": 0, "exceptions": 0}))


def test_what_opens_stands_and_its_letters_wait_in_the_outbox(alerts):
    counts, before = alerts.store(opened=["a", "free"], channels=["webhook:erp", "email:us"])
    assert counts == {"opened": 2, "kept": 0, "closed": 0, "queued": 4}
    assert before.standing.empty
    rows = list_exceptions(alerts.engine)
    assert [(row.subject, row.state, row.money, row.plan_run) for row in rows] == [
        ("free", "open", None, 1),
        ("a", "open", 5.0, 1),
    ]
    assert rows[0].opened_at == alerts.now
    assert open_count(alerts.engine) == 2
    with alerts.engine.connect() as connection:
        sent = connection.execute(select(outbox).order_by(outbox.c.id)).mappings().all()
    assert [(row["channel"], row["payload"]) for row in sent[:2]] == [
        ("webhook:erp", "opened a"),
        ("email:us", "opened a"),
    ]
    assert len({row["delivery_id"] for row in sent}) == 4


def test_letters_that_cannot_be_made_open_nothing(alerts):
    with pytest.raises(TypeError):
        alerts.store(opened=["a"], channels=None)
    assert list_exceptions(alerts.engine) == []
    with alerts.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(outbox)).scalar() == 0


def test_the_next_evaluation_knows_what_stands_and_what_waits(alerts):
    alerts.store(opened=["a", "b"], pending=[("c", "2026-03-01")])
    _, before = alerts.store(kept=[(1, 0.5)], closed=[(2, "it is over")], run=2)
    assert before.standing.values.tolist() == [[1, "risk", "a"], [2, "risk", "b"]]
    assert before.pending.values.tolist() == [["risk", "c", pd.Timestamp("2026-03-01")]]
    kept, closed = list_exceptions(alerts.engine)[0], list_exceptions(alerts.engine, standing=False)[0]
    assert (kept.value, kept.text, kept.money, kept.plan_run, kept.state) == (0.5, "now.", 7.0, 2, "open")
    assert (closed.state, closed.closed_because, closed.closed_at) == ("closed", "it is over", alerts.now)
    _, after = alerts.store()
    assert after.standing["id"].tolist() == [1]
    assert after.pending.empty


def test_steps_are_taken_once_and_kept_with_their_names(alerts):
    alerts.store(opened=["a"])
    row, new = take_step(alerts.engine, StepRequest(1, "acknowledge", "ada"))
    assert (row.state, row.who, row.version, new) == ("acknowledged", "ada", 2, True)
    assert take_step(alerts.engine, StepRequest(1, "acknowledge", "bob")) == (row, False)
    row, new = take_step(alerts.engine, StepRequest(1, "assign", "ada", owner="bob"))
    assert (row.owner, row.state, new) == ("bob", "acknowledged", True)
    row, _ = take_step(alerts.engine, StepRequest(1, "dismiss", "bob", "the count was wrong", seen=3))
    assert (row.state, row.reason) == ("dismissed", "the count was wrong")
    row, _ = take_step(alerts.engine, StepRequest(1, "reopen", "ada"))
    assert row.state == "open"
    assert open_count(alerts.engine) == 1


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (StepRequest(1, "dismiss", "ada"), "reason: a dismissal needs one"),
        (StepRequest(1, "assign", "ada"), "owner: name the person"),
        (StepRequest(1, "acknowledge", " "), "who: your name"),
        (StepRequest(1, "reopen", "ada", owner="bob"), "owner: only the step assign"),
    ],
)
def test_a_step_that_lacks_something_says_what(alerts, request_, said):
    alerts.store(opened=["a"])
    with pytest.raises(StepError, match=said):
        take_step(alerts.engine, request_)


def test_a_step_unseen_or_too_late_is_a_conflict(alerts):
    alerts.store(opened=["a"])
    take_step(alerts.engine, StepRequest(1, "acknowledge", "ada", seen=1))
    with pytest.raises(StepConflictError, match="ada has changed it in the meantime"):
        take_step(alerts.engine, StepRequest(1, "dismiss", "bob", "no", seen=1))
    alerts.store(closed=[(1, "it is over")])
    with pytest.raises(StepConflictError, match="it has closed itself: it is over"):
        take_step(alerts.engine, StepRequest(1, "reopen", "bob"))
    with pytest.raises(UnknownExceptionError):
        take_step(alerts.engine, StepRequest(9, "reopen", "bob"))


def test_what_was_dismissed_stays_so_when_its_cause_goes(alerts):
    alerts.store(opened=["a"])
    take_step(alerts.engine, StepRequest(1, "dismiss", "ada", "no"))
    alerts.store(closed=[(1, "it is over")])
    history = exception_history(alerts.engine)
    assert history["state"].tolist() == ["dismissed"]
    assert history["closed_at"].tolist() == [pd.Timestamp("2026-03-02 12:00")]


def test_the_audit_log_knows_every_change_and_finds_others(alerts):
    alerts.store(opened=["a", "b"])
    take_step(alerts.engine, StepRequest(1, "acknowledge", "ada"))
    alerts.store(kept=[(1, 0.4)], closed=[(2, "over")])
    assert problems(alerts.engine) == []
    with write_transaction(alerts.engine) as connection:
        connection.execute(exceptions.update().where(exceptions.c.id == 1).values(state="dismissed"))
    assert len(problems(alerts.engine)) == 1
    assert "exceptions row 1, 'a': was changed after row" in problems(alerts.engine)[0]
