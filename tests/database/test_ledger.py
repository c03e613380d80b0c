from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from database import ledger
from database.engine import write_transaction
from database.schema import model_ledger


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


def test_eight_promotions_at_once_leave_one_champion_and_all_rows(make_engine, engine):
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(lambda n: add(make_engine(), f"{n}" * 64, "promote"), range(8)))
    assert sorted(row.id for row in rows) == list(range(1, 9))
    assert ledger.champion(engine) == max(rows, key=lambda row: row.id)
