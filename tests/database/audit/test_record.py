import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from audit_logs import add

from database.audit import record as record_module
from database.audit.history import audit_history
from database.audit.record import record
from database.audit.verify import verify
from database.engine import write_transaction


def test_eight_writers_at_once_make_one_chain(make_engine, engine):
    def write(writer):
        own = make_engine()
        for number in range(12):
            add(own, f"things/{writer}-{number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    found = verify(engine)
    assert (found.problems, found.rows, found.behind) == ((), 1 + 8 * 12, 0)


def test_what_is_rolled_back_is_not_in_the_log(engine, files):
    def fail():
        with write_transaction(engine) as connection:
            record(connection, who="ada", what="thing.made", subject="things/1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert verify(engine).rows == 1
    assert len(files.read_head()) == 1


def test_recording_outside_of_a_write_transaction_is_an_error(engine):
    with engine.connect() as connection, pytest.raises(RuntimeError, match="write_transaction"):
        record(connection, who="ada", what="thing.made", subject="things/1")


def test_key_and_head_are_only_for_their_owner(engine, files):
    add(engine, "things/1")
    assert [stat.S_IMODE(path.stat().st_mode) for path in (files.key, files.head)] == [0o600, 0o600]


def test_a_clock_set_back_never_turns_the_log_back(engine, monkeypatch):
    add(engine, "things/1")
    back = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    monkeypatch.setattr(record_module, "utc_now", lambda: back)
    add(engine, "things/2")
    assert verify(engine).sound
    newest, before = audit_history(engine, limit=2)
    assert newest["at"] == before["at"]
    assert newest["detail"] == {"clock": back.isoformat()}


def test_a_head_that_cannot_be_written_loses_nothing(engine, files, caplog):
    files.head.unlink()
    files.head.mkdir()
    add(engine, "things/1")
    assert "head of row 2 was not written" in caplog.text
    files.head.rmdir()
    add(engine, "things/2")
    assert verify(engine).rows == 3


def test_text_that_no_database_holds_is_stored_without_it(engine):
    add(engine, "things/\0\ud800", note="\0\ud800")
    assert verify(engine).sound
    assert audit_history(engine, limit=1)[0]["subject"] == "things/\ufffd?"


def test_history_is_of_one_person_or_of_one_thing(engine):
    add(engine, "things/1")
    add(engine, "things/10")
    with write_transaction(engine) as connection:
        record(connection, who="bob", what="thing.made", subject="others/1")
    subjects = lambda **asked: [row["subject"] for row in audit_history(engine, limit=9, **asked)]  # noqa: E731
    assert subjects(who="bob") == ["others/1"]
    assert subjects(subject="things") == ["things/10", "things/1"]
    assert subjects(subject="things/1") == ["things/1"]
