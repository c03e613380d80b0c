"""Processes killed at any moment of a company's day: nothing lost, nothing twice, nothing torn."""

import pytest
from sqlalchemy import create_engine, text

from benchmarks.crash.acknowledged import lost_and_doubled
from benchmarks.crash.crash_runs import crash_runs
from benchmarks.crash.journal import Journal
from benchmarks.crash.sites import Site
from database import ledger
from database.engine import open_engine
from database.ledger import LedgerEntry
from database.migrate import upgrade
from database.settings import Settings

SQLITE_ROLES = ["planner"] * 4 + ["modeller", "server"] + ["planner"] * 4 + ["modeller"]
POSTGRES_ROLES = ["planner"] * 7 + ["modeller", "planner"]


@pytest.fixture
def site(small_company, tmp_path):
    small_company.write()
    (tmp_path / "handed_over").mkdir()
    return Site(small_company.home, small_company.data, tmp_path / "handed_over", small_company.config)


@pytest.fixture
def on_postgres(site, postgres, monkeypatch):
    """The site's state in PostgreSQL, with the champion of its SQLite database."""
    here = open_engine(site.settings.state_url)
    row = ledger.champion(here)
    here.dispose()
    site.settings.audit_files.head.unlink()  # another database, another log
    admin = create_engine(f"{postgres}/postgres", isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE crash"))
    admin.dispose()
    monkeypatch.setenv("PURVEY_DATABASE_URL", f"{postgres}/crash")
    upgrade(Settings().state_url)
    engine = open_engine(Settings().state_url)
    ledger.append(engine, LedgerEntry(row.bundle_hash, row.version, "promote", "ada", "moved", row.metrics))
    engine.dispose()
    return site


def test_kills_lose_nothing_double_nothing_and_tear_nothing(site, small_company):
    assert small_company.plan().status == 0
    report = crash_runs(site, SQLITE_ROLES, seed=1)
    assert "\n".join(report.trouble) == ""
    assert report.kills.total() == len(SQLITE_ROLES)
    assert len(report.ready_after) == 1
    assert {"decision", "step"} <= report.acknowledged.keys()


def test_nor_do_they_on_postgresql(on_postgres, small_company):
    assert small_company.plan().status == 0
    report = crash_runs(on_postgres, POSTGRES_ROLES, seed=2)
    assert "\n".join(report.trouble) == ""
    assert {"decision", "step"} <= report.acknowledged.keys()


def test_what_was_acknowledged_and_is_gone_or_there_twice_is_found(site, small_company):
    assert small_company.plan().status == 0
    engine = open_engine(site.settings.state_url)
    row = ledger.champion(engine)
    there = {"what": "champion", "row": row.id, "why": row.why, "bundle_hash": row.bundle_hash}
    assert lost_and_doubled(engine, [there]) == []
    assert lost_and_doubled(engine, [there | {"row": row.id + 7}])[0].startswith("lost: ")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO model_ledger SELECT id + 50, at, bundle_hash, version, action, who, why, metrics "
                 "FROM model_ledger WHERE action = 'register'")
        )  # fmt: skip
    assert lost_and_doubled(engine, []) == ["version 1 registered twice"]
    engine.dispose()


def test_a_line_that_was_cut_off_is_no_answer():
    journal = Journal()
    journal.read(['{"done": {"what": "plan"}}\n', '{"try": {"action_id": "a"}}\n', '{"done": {"what": "dec'])
    assert journal.acknowledged == [{"what": "plan"}]
    assert journal.unanswered == {"action_id": "a"}
