import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

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
