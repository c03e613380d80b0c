from dataclasses import replace
from datetime import timedelta

import pytest
from audit_logs import add
from order_requests import TODAY, add_run, approving, ask, proposal
from sqlalchemy.exc import DatabaseError

from database.audit.files import AuditFileError
from database.audit.record import last_row
from database.audit.triggers import postgresql_triggers, sqlite_triggers
from database.audit.verify import verify
from database.engine import write_transaction
from database.purchase_orders.change_order import change_order
from database.purchase_orders.export_file import ExportRequest, FileContent, export_file


def test_an_untouched_log_is_sound_and_its_head_is_its_last_row(logged, files):
    found = verify(logged)
    assert (found.rows, found.problems, found.behind) == (5, (), 0)
    assert files.read_head()[-1].sequence == 5


@pytest.mark.parametrize(
    ("column", "value"),
    [("who", "'eve'"), ("what", "'thing.lost'"), ("subject", "'things/9'"), ("detail", "'{}'")],
)
def test_an_edited_row_is_named(logged, tamper, first_problem, column, value):
    tamper(f"UPDATE audit_log SET {column} = {value} WHERE sequence = 3")
    assert first_problem() == "audit_log row 3: is not as it was recorded"


def test_a_row_that_is_dated_back_is_named(logged, tamper, first_problem):
    tamper("UPDATE audit_log SET at = '2020-01-01 00:00:00.000000' WHERE sequence = 4")
    assert first_problem().startswith("audit_log row 4: is not as it was recorded")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda row: {"at": row.at - timedelta(days=3)}, "audit_log row 5: is dated"),
        (lambda row: {"previous": "0" * 64}, "audit_log row 5: does not follow from the row before"),
        (lambda row: {"who": "eve"}, "audit_log row 5: is not the one that the head file has"),
    ],
)
def test_what_does_not_fit_is_named_even_where_the_key_signed_it(
    logged, files, tamper, first_problem, change, said
):
    with logged.connect() as connection:
        last = last_row(connection)
    forged = replace(last, **change(last)).signed(files.read_key())
    tamper(
        f"UPDATE audit_log SET at = '{forged.at:%Y-%m-%d %H:%M:%S.%f}', who = '{forged.who}', "
        f"previous = '{forged.previous}', hash = '{forged.hash}' WHERE sequence = 5"
    )
    assert first_problem().startswith(said)


def test_a_value_of_another_type_is_a_finding_and_no_traceback(logged, tamper, first_problem):
    if logged.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's columns take their own type only")
    tamper("UPDATE audit_log SET at = 'once' WHERE sequence = 2")
    assert first_problem() == "audit_log row 2: is not as it was recorded"


def test_a_deleted_row_is_named_by_the_one_after_it(logged, tamper, first_problem):
    tamper("DELETE FROM audit_log WHERE sequence = 3")
    assert first_problem() == "audit_log row 4: follows row 2; what was between is missing"


def test_two_rows_that_changed_places_are_named(logged, tamper, first_problem):
    tamper(
        "UPDATE audit_log SET sequence = 99 WHERE sequence = 2",
        "UPDATE audit_log SET sequence = 2 WHERE sequence = 3",
        "UPDATE audit_log SET sequence = 3 WHERE sequence = 99",
    )
    assert first_problem() == "audit_log row 2: is not as it was recorded"


def test_a_tail_that_was_cut_off_is_named_by_the_head_file(logged, tamper, first_problem):
    tamper("DELETE FROM audit_log WHERE sequence > 3")
    assert first_problem().startswith(
        "audit_log row 4: is missing with all after it; the head file has 5 rows"
    )


def test_a_log_that_was_emptied_is_named(logged, tamper, first_problem):
    tamper("DELETE FROM audit_log")
    assert first_problem().startswith("audit_log row 1: is missing")


def test_rows_written_after_the_tail_was_cut_off_do_not_hide_it(logged, tamper, first_problem):
    tamper("DELETE FROM audit_log WHERE sequence > 3")
    for number in range(4):
        add(logged, f"other/{number}")
    assert first_problem().startswith("audit_log row 4: is not the one that the head file has")


def test_a_row_put_in_without_the_key_is_named(logged, tamper, first_problem):
    tamper(
        "INSERT INTO audit_log SELECT 6, at, who, what, subject, detail, hash, hash FROM audit_log WHERE sequence = 5"
    )
    assert first_problem() == "audit_log row 6: is not as it was recorded"


def test_a_row_of_the_log_copied_to_its_end_is_named(logged, tamper, first_problem):
    tamper(
        "INSERT INTO audit_log SELECT 6, at, who, what, subject, detail, previous, hash FROM audit_log "
        "WHERE sequence = 5"
    )
    assert first_problem() == "audit_log row 6: is not as it was recorded"


def test_every_trigger_that_is_dropped_is_named(logged):
    kinds = sqlite_triggers() if logged.dialect.name == "sqlite" else postgresql_triggers()
    for name, statement in kinds.items():
        table = statement.split(" ON ")[1].split()[0]
        drop = f"DROP TRIGGER {name}" + ("" if logged.dialect.name == "sqlite" else f" ON {table}")
        with logged.begin() as connection:
            connection.exec_driver_sql(drop)
        assert verify(logged).problems == (f"trigger {name}: is missing, off, or no longer what it was",)
        with logged.begin() as connection:
            connection.exec_driver_sql(statement)
        assert verify(logged).sound


def test_a_trigger_that_no_longer_refuses_is_named(logged, first_problem):
    with logged.begin() as connection:
        if logged.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER audit_log_no_update")
            connection.exec_driver_sql(
                "CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT 1; END"
            )
        else:
            connection.exec_driver_sql(
                "CREATE OR REPLACE FUNCTION audit_log_is_append_only() RETURNS trigger AS "
                "$$ BEGIN RETURN NEW; END $$ LANGUAGE plpgsql"
            )
    assert first_problem().startswith("trigger audit_log_no_")


def test_a_trigger_that_is_switched_off_is_named(logged, first_problem):
    if logged.dialect.name == "sqlite":
        pytest.skip("SQLite's triggers cannot be switched off one by one")
    with logged.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE decisions DISABLE TRIGGER decisions_no_change")
    assert first_problem() == "trigger decisions_no_change: is missing, off, or no longer what it was"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET who = 'eve'",
        "DELETE FROM audit_log",
        "INSERT INTO audit_log SELECT sequence + 9, at, who, what, subject, detail, previous, hash FROM audit_log",
    ],
)
def test_the_database_itself_refuses(logged, statement):
    with pytest.raises(DatabaseError, match="append-only"), write_transaction(logged) as connection:
        connection.exec_driver_sql(statement)


def test_replacing_a_row_is_refused_and_found_where_the_trigger_was_gone(logged, tamper, first_problem):
    if logged.dialect.name != "sqlite":
        with pytest.raises(DatabaseError, match="append-only"), write_transaction(logged) as connection:
            connection.exec_driver_sql("TRUNCATE audit_log")
        return
    replacing = "INSERT OR REPLACE INTO {0} SELECT * FROM {0} WHERE {1} = (SELECT max({1}) FROM {0})"
    for table, key in (("audit_log", "sequence"), ("model_ledger", "id")):
        with pytest.raises(DatabaseError, match="append-only"), write_transaction(logged) as connection:
            connection.exec_driver_sql(replacing.format(table, key))
    tamper(
        "INSERT OR REPLACE INTO audit_log "
        "SELECT sequence, at, 'eve', what, subject, detail, previous, hash FROM audit_log WHERE sequence = 2"
    )
    assert first_problem() == "audit_log row 2: is not as it was recorded"


def test_a_champion_edited_behind_the_log_is_named(logged, tamper, first_problem):
    tamper("UPDATE model_ledger SET who = 'eve'", table="model_ledger")
    assert first_problem() == ("model_ledger row 1: was changed after row 5 of the audit log recorded it")


def test_a_champion_put_in_behind_the_log_is_named(logged, tamper, first_problem):
    tamper(
        "INSERT INTO model_ledger SELECT 2, at, bundle_hash, version, action, who, why, metrics FROM model_ledger",
        table="model_ledger",
    )
    assert first_problem() == "model_ledger row 2: was put in past the audit log"


def test_a_champion_deleted_behind_the_log_is_named(logged, tamper, first_problem):
    tamper("DELETE FROM model_ledger", table="model_ledger")
    assert first_problem() == "model_ledger row 1: is missing, row 5 of the audit log recorded it"


def test_a_crash_between_commit_and_head_is_healed_and_no_tampering(logged, files, without_head):
    with without_head():
        add(logged, "things/3")
        add(logged, "things/4")
    found = verify(logged)
    assert (found.problems, found.behind) == ((), 2)
    assert files.read_head()[-1].sequence == 7
    assert verify(logged).behind == 0


def test_a_head_torn_by_a_crash_is_healed_by_the_next_one(logged, files):
    with files.head.open("ab") as file:
        file.write(b'{"at":"20')
    assert verify(logged).sound
    add(logged, "things/3")
    assert [line.sequence for line in files.read_head()] == [1, 2, 3, 4, 5, 6]


def test_a_tampered_log_is_not_healed(logged, files, tamper, without_head):
    with without_head():
        add(logged, "things/3")
    tamper("UPDATE audit_log SET who = 'eve' WHERE sequence = 6")
    assert not verify(logged).sound
    assert files.read_head()[-1].sequence == 5


def test_an_edited_head_is_named_by_its_line(logged, files, first_problem):
    lines = files.head.read_text().splitlines(keepends=True)
    files.head.write_text("".join([*lines[:2], lines[2].replace('"sequence":3', '"sequence":4'), *lines[3:]]))
    assert first_problem() == f"{files.head} line 3: not as it was signed"


def test_a_missing_head_is_named(logged, files, first_problem):
    files.head.unlink()
    assert first_problem().startswith(f"{files.head}: the audit log's head is missing")


def test_another_key_verifies_nothing(logged, files, first_problem):
    files.key.write_text("00" * 32)
    assert first_problem() == "audit_log row 1: is not as it was recorded"


def test_without_its_key_a_log_is_neither_verified_nor_written(logged, files):
    files.key.unlink()
    with pytest.raises(AuditFileError, match="put it back from a backup"):
        verify(logged)
    with pytest.raises(AuditFileError, match="put it back from a backup"):
        add(logged, "things/3")
    assert not files.key.exists()


def test_an_exported_file_that_is_swapped_or_gone_is_named(engine, tamper, first_problem):
    order, _ = change_order(engine, ask(proposal(add_run(engine)), what="approve"), approving)
    content = FileContent("order.csv", "text/csv", b"150")
    export_file(engine, ExportRequest((order.order_id,), "csv", "ada", TODAY), lambda _: content)
    assert first_problem() == ""
    nothing = "x'00'" if engine.dialect.name == "sqlite" else "decode('00', 'hex')"
    tamper(f"UPDATE purchase_order_files SET content = {nothing}", table="purchase_order_files")
    assert first_problem() == f"purchase_order_files {order.order_id} csv: is not the file that was exported"
    tamper("DELETE FROM purchase_order_files", table="purchase_order_files")
    assert first_problem() == f"purchase_order_files {order.order_id} csv: is missing"
