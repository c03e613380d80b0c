import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from database import ledger
from database.engine import open_engine, write_transaction
from database.migrate import upgrade
from database.schema import model_ledger


@pytest.fixture
def engine(tmp_path):
    url = f"sqlite:///{tmp_path / 'state' / 'purvey.db'}"
    upgrade(url)
    engine = open_engine(url)
    yield engine
    engine.dispose()


def add(engine: Engine, bundle: str, action: str) -> ledger.LedgerRow:
    entry = ledger.LedgerEntry(bundle, "1", action, who="ada", why="cheaper", metrics={"cost": 1.5})
    return ledger.append(engine, entry)


def test_before_the_first_promotion_there_is_no_champion(engine):
    add(engine, "a" * 64, "register")
    assert ledger.champion(engine) is None


def test_the_last_promotion_names_the_champion_and_keeps_who_why_and_the_metrics(engine):
    add(engine, "a" * 64, "promote")
    second = add(engine, "b" * 64, "promote")
    add(engine, "c" * 64, "register")
    champion = ledger.champion(engine)
    assert champion == second
    assert (champion.who, champion.why, champion.metrics) == ("ada", "cheaper", {"cost": 1.5})


def test_a_rollback_brings_back_an_older_bundle_and_the_history_keeps_all(engine):
    for bundle, action in (("a", "promote"), ("b", "promote"), ("a", "rollback")):
        add(engine, bundle * 64, action)
    assert ledger.champion(engine).bundle_hash == "a" * 64
    assert [row.action for row in ledger.history(engine)] == ["rollback", "promote", "promote"]


@pytest.mark.parametrize("statement", [model_ledger.delete(), model_ledger.update().values(who="eve")])
def test_the_database_refuses_to_rewrite_history(engine, statement):
    add(engine, "a" * 64, "promote")
    with pytest.raises(DatabaseError, match="append-only"), write_transaction(engine) as connection:
        connection.execute(statement)
    assert ledger.champion(engine).who == "ada"
