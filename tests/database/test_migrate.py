import os
import stat

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from database.audit.files import AuditFileError
from database.audit.verify import verify
from database.engine import StateError, open_engine
from database.migrate import check_current, head, upgrade
from database.schema import metadata


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'purvey.db'}"


def test_a_fresh_database_is_refused_until_it_is_upgraded(url):
    engine = open_engine(url)
    with pytest.raises(StateError, match="run `purvey db upgrade`"):
        check_current(engine)
    assert upgrade(url) == head()
    check_current(engine)
    engine.dispose()


def test_a_database_at_another_revision_is_refused_with_both_named(url):
    upgrade(url)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(
        StateError, match=rf"at revision 0000, this version needs {head()}; run `purvey db upgrade`"
    ):
        check_current(engine)
    with pytest.raises(StateError, match="newer Purvey"):
        upgrade(url)
    engine.dispose()


def test_upgrading_twice_changes_nothing(url):
    assert upgrade(url) == upgrade(url)


def test_the_migrations_build_exactly_the_tables_the_code_declares(url):
    upgrade(url)
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_sqlite_writes_ahead_and_syncs_fully(url):
    engine = open_engine(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    engine.dispose()


@pytest.mark.parametrize("bad", ["not a url", "nodatabase://host/x"])
def test_an_unusable_url_is_one_sentence(bad):
    with pytest.raises(StateError, match="PURVEY_DATABASE_URL is not usable"):
        open_engine(bad)


def test_a_file_that_is_no_database_is_one_sentence(tmp_path):
    (tmp_path / "purvey.db").write_text("not a database at all, only text " * 40)
    with pytest.raises(StateError, match="file is not a database"):
        upgrade(f"sqlite:///{tmp_path / 'purvey.db'}")


def test_an_empty_file_is_never_migrated_into_an_empty_database(tmp_path, url):
    (tmp_path / "purvey.db").touch()
    for use in (upgrade, open_engine):
        with pytest.raises(StateError, match=r"purvey\.db is empty \(0 bytes\): put a backup back"):
            use(url)
    assert (tmp_path / "purvey.db").stat().st_size == 0


@pytest.mark.parametrize("share", [0.001, 0.3, 0.9])
def test_a_database_that_was_cut_off_is_refused_and_stays_as_it_is(tmp_path, url, share):
    upgrade(url)
    file = tmp_path / "purvey.db"
    for part in tmp_path.glob("purvey.db-*"):
        part.unlink()
    left = file.read_bytes()[: int(share * file.stat().st_size)]
    file.write_bytes(left)
    with pytest.raises(StateError, match=r"purvey\.db is damaged .*put a backup back"):
        upgrade(url)
    engine = open_engine(url)
    with pytest.raises(StateError, match="put a backup back"):
        check_current(engine)
    engine.dispose()
    assert file.read_bytes() == left


def test_a_lost_database_is_not_begun_anew_beside_the_head_of_its_log(tmp_path, url):
    upgrade(url)
    for part in tmp_path.glob("purvey.db*"):
        part.unlink()
    with pytest.raises(AuditFileError, match="belongs to another state database"):
        upgrade(url)


def test_a_new_database_is_for_its_owner_only_and_never_empty(tmp_path, url):
    before = os.umask(0)
    try:
        with open_engine(url).connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            sizes = {path.name: path.stat() for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert sizes["purvey.db"].st_size > 0
    assert {stat.S_IMODE(found.st_mode) for found in sizes.values()} == {0o600}
    assert not [name for name in sizes if name.startswith(".")]


def test_old_decisions_are_under_the_log_from_its_beginning_on(url):
    upgrade(url, "0007")
    engine = open_engine(url)
    row = "(1, '2026-01-01', 'b', '1', 'promote', 'ada', '', '{}')"
    with engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO model_ledger VALUES {row}")
    upgrade(url)
    assert verify(engine).problems == ()
    with engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO model_ledger VALUES {row.replace('(1', '(2')}")
    assert verify(engine).problems == ("model_ledger row 2: was put in past the audit log",)
    engine.dispose()
