from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pandas as pd
import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError
from state_databases import engine, make_engine, postgres  # noqa: F401 -- fixtures

from database.engine import write_transaction
from database.overrides import (
    ENTERED,
    OverrideConflictError,
    UnknownOverrideError,
    add_override,
    end_override,
    list_overrides,
    standing_overrides,
)
from database.schema import entered_overrides, override_ends
from features.contract.tables import empty_table

HOLD = dict.fromkeys(ENTERED) | {
    "kind": "hold",
    "unique_id": "a",
    "hold_until": date(2026, 3, 9),
    "reason": "the shelf is being rebuilt",
    "author": "ada",
    "created": date(2026, 3, 2),
    "expires": date(2026, 6, 1),
}
DOUBLE = HOLD | {
    "kind": "forecast",
    "unique_id": None,
    "category": "c",
    "hold_until": None,
    "factor": 2.0,
    "last_year": None,
}


def test_an_override_is_kept_as_it_was_entered(engine):  # noqa: F811 -- the fixture
    row, new = add_override(engine, HOLD)
    assert new
    assert (row.values, row.ended_by) == (HOLD, None)
    assert list_overrides(engine) == [row]


def test_the_same_again_is_the_one_that_stands_and_anything_else_is_new(engine):  # noqa: F811
    row, _ = add_override(engine, HOLD)
    assert add_override(engine, HOLD | {"created": date(2026, 3, 3)}) == (row, False)
    other, new = add_override(engine, HOLD | {"author": "bob"})
    assert new
    assert list_overrides(engine) == [other, row]


def test_an_override_is_ended_and_not_erased_and_may_be_set_again(engine):  # noqa: F811
    row, _ = add_override(engine, HOLD)
    ended, new = end_override(engine, row.id, who="bob", reason="done")
    assert new
    assert (ended.ended_by, ended.end_reason, ended.values) == ("bob", "done", HOLD)
    assert end_override(engine, row.id, who="bob", reason="again") == (ended, False)
    with pytest.raises(OverrideConflictError, match="bob has ended this override in the meantime"):
        end_override(engine, row.id, who="cid", reason="")
    again, new = add_override(engine, HOLD)
    assert new
    assert [each.id for each in list_overrides(engine, ended=False)] == [again.id]


def test_one_that_nobody_entered_cannot_be_ended(engine):  # noqa: F811
    with pytest.raises(UnknownOverrideError):
        end_override(engine, 7, who="bob", reason="")


def test_those_of_a_sku_are_found(engine):  # noqa: F811
    row, _ = add_override(engine, HOLD)
    add_override(engine, DOUBLE)
    assert list_overrides(engine, unique_id="a") == [row]


def test_the_plan_reads_what_stands_in_the_contract_s_columns(engine):  # noqa: F811
    assert standing_overrides(engine).empty
    first, _ = add_override(engine, HOLD)
    gone, _ = add_override(engine, HOLD | {"author": "bob"})
    second, _ = add_override(engine, DOUBLE | {"last_year": False})
    end_override(engine, gone.id, who="bob", reason="")
    frame = standing_overrides(engine)
    assert frame["override_id"].tolist() == [str(first.id), str(second.id)]
    assert frame.dtypes.to_dict() == empty_table("overrides").dtypes.to_dict()
    assert frame["hold_until"].tolist()[0] == pd.Timestamp("2026-03-09")
    assert frame["factor"].tolist()[1] == 2


def test_twenty_at_once_enter_one_override(make_engine):  # noqa: F811
    engines = [make_engine() for _ in range(4)]
    with ThreadPoolExecutor(20) as pool:
        results = list(pool.map(lambda n: add_override(engines[n % 4], HOLD), range(20)))
    assert len({row.id for row, _ in results}) == 1
    assert sum(new for _, new in results) == 1


@pytest.mark.parametrize("table", [entered_overrides, override_ends])
def test_the_database_itself_refuses_to_change_or_erase(engine, table):  # noqa: F811
    row, _ = add_override(engine, HOLD)
    end_override(engine, row.id, who="bob", reason="done")
    for statement in (table.update().values(reason="another"), table.delete()):
        with pytest.raises(DatabaseError, match="append-only"), write_transaction(engine) as connection:
            connection.execute(statement)
    with engine.connect() as connection:
        assert len(connection.execute(select(table)).all()) == 1
