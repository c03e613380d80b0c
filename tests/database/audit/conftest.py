"""State databases of both kinds, and the same with what was once recorded about three things."""

import contextlib

import pytest
from audit_logs import add
from state_databases import engine, make_engine, postgres  # noqa: F401 -- fixtures

from database import ledger
from database.audit.record import FILES_OPTION
from database.audit.verify import verify


@pytest.fixture
def logged(engine):  # noqa: F811 -- pytest finds fixtures by name
    """A log of five rows: its beginning, three things, and a promotion."""
    for number in range(3):
        add(engine, f"things/{number}", worth=1.5)
    entry = ledger.LedgerEntry("a" * 64, "1", "promote", who="ada", why="cheaper", metrics={"cost": 1.5})
    ledger.append(engine, entry)
    assert verify(engine).sound
    return engine


@pytest.fixture
def files(engine):  # noqa: F811
    """Key and head of the log."""
    return engine.get_execution_options()[FILES_OPTION]


@pytest.fixture
def tamper(engine):  # noqa: F811
    """Run a statement as somebody who may do everything in the database: past all triggers, which are put back."""

    def run(*statements, table="audit_log"):
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                kept = connection.exec_driver_sql(
                    "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)
                ).all()
                for name, _ in kept:
                    connection.exec_driver_sql(f"DROP TRIGGER {name}")
                for statement in statements:
                    connection.exec_driver_sql(statement)
                for _, text in kept:
                    connection.exec_driver_sql(text)
            else:
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
                for statement in statements:
                    connection.exec_driver_sql(statement)
                connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            connection.commit()

    return run


@pytest.fixture
def first_problem(engine):  # noqa: F811
    """The first thing that a verification finds."""
    return lambda: next(iter(verify(engine).problems), "")


@pytest.fixture
def without_head(files):
    """A block whose transactions are kept while their heads are not written, as a crash between the two leaves it."""

    @contextlib.contextmanager
    def crash():
        before = files.head.read_bytes()
        yield
        files.head.write_bytes(before)

    return crash
