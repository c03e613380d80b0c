"""A state database that is full, locked or gone: reads go on, writes are 503 with Retry-After, nothing is half done."""

import shutil
import sqlite3
from collections.abc import Callable

import pytest
from clients import person_client
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from database import engine as engine_module
from database.audit.verify import verify
from database.settings import Settings
from serving.http.problems import Problem
from serving.state.follower import Follower

READS = ("/v1/forecast/sku00/explanation", "/v1/suppliers", "/skus", "/suppliers")
"""What is answered from memory alone."""


@pytest.fixture
def follower(home, monkeypatch):
    monkeypatch.setattr(engine_module, "BUSY_MILLISECONDS", 50)
    follower = Follower()
    follower.open(Settings(home=home))
    yield follower
    follower.close()


@pytest.fixture
def client(follower):
    return person_client(follower)


def full(follower) -> Callable[[], None]:
    """Let the disk be full when the decision is written already, and its row of the audit log is to follow."""
    engine = follower.engine

    def refuse(_connection, _cursor, statement, parameters, *_) -> None:
        if statement.startswith("INSERT INTO audit_log"):
            raise OperationalError(
                statement, parameters, sqlite3.OperationalError("database or disk is full")
            )

    event.listen(engine, "before_cursor_execute", refuse)
    return lambda: event.remove(engine, "before_cursor_execute", refuse)


def locked(follower) -> Callable[[], None]:
    """Let another process write, and not end."""
    other = engine_module.open_state(follower.settings)
    connection = other.connect().execution_options(purvey_write=True)
    connection.begin()

    def mend() -> None:
        connection.close()
        other.dispose()

    return mend


def gone(follower) -> Callable[[], None]:
    """Let the database's file be moved away, as a restore does."""
    home = follower.settings.home
    follower.engine.dispose()
    (home / "purvey.db").rename(home / "away.db")
    follower.refresh()

    def mend() -> None:
        (home / "away.db").rename(home / "purvey.db")
        follower.refresh()

    return mend


def without_key(follower) -> Callable[[], None]:
    """Let the audit log's key be lost: what cannot be recorded is not done."""
    key = follower.settings.home / "audit.key"
    key.rename(key.with_name("away.key"))
    return lambda: shutil.move(key.with_name("away.key"), key)


@pytest.mark.parametrize("fault", [full, locked, gone, without_key])
def test_reads_go_on_and_writes_wait_for_better_days(client, follower, fault):
    action = client.get("/v1/recommendations?status=open").json()["recommendations"][0]["action_id"]
    decision = {"action_id": action, "verdict": "approve", "who": "ada"}
    mend = fault(follower)
    try:
        assert [client.get(path).status_code for path in READS] == [200] * len(READS)
        answer = client.post("/v1/decisions", json=decision)
        assert (answer.status_code, answer.json()["code"]) == (503, "state_not_ready")
        assert int(answer.headers["retry-after"]) > 0
    finally:
        mend()
    assert client.get("/v1/decisions").json()["decisions"] == []
    assert verify(follower.engine).sound
    assert client.post("/v1/decisions", json=decision).status_code == 201
    assert len(client.get("/v1/decisions").json()["decisions"]) == 1
    assert verify(follower.engine).sound


def test_answers_from_memory_are_stale_while_the_database_is_gone(follower):
    assert follower.stale is None
    mend = gone(follower)
    assert follower.stale is not None
    assert "is gone" in follower.readiness()["stale"]["why"]
    mend()
    assert follower.stale is None


def test_a_page_says_when_to_come_back_too(client, follower):
    mend = gone(follower)
    answer = client.get("/", headers={"accept": "text/html"}, follow_redirects=True)
    mend()
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)


@pytest.mark.parametrize(
    ("problem", "header"),
    [
        (Problem(503, "x", "y"), {"Retry-After": "5"}),
        (Problem(429, "x", "y", retry_after_seconds=30), {"Retry-After": "30"}),
        (Problem(422, "x", "y"), {}),
    ],
)
def test_problems_that_pass_say_when_to_ask_again(problem, header):
    assert problem.retry_after == header
