import shutil
import sqlite3
from contextlib import closing

import pytest

from database.engine import open_engine
from database.settings import Settings
from jobs.plan import run_plan
from serving.http.problems import Problem
from serving.state import follower as module
from serving.state.follower import Keeper


@pytest.fixture
def keeper():
    keeper = Keeper()
    yield keeper
    keeper.close()


@pytest.fixture(scope="session")
def second_bundle(company, tmp_path_factory, maker):
    """A store with one more bundle, and its hash."""
    store = tmp_path_factory.mktemp("second")
    return store, maker.make_bundle(company, store, seed=1)


def add(second_bundle, home) -> str:
    store, bundle_hash = second_bundle
    shutil.copytree(store / "bundles" / bundle_hash, home / "bundles" / bundle_hash)
    return bundle_hash


def damage(home, bundle_hash) -> None:
    path = home / "bundles" / bundle_hash / "forecast.parquet"
    path.write_bytes(path.read_bytes()[:-7])


def test_without_a_database_it_is_not_ready_and_says_what_to_run(keeper, tmp_path):
    keeper.open(Settings(home=tmp_path))
    assert not keeper.ready
    assert "run `purvey db upgrade`" in keeper.readiness()["trouble"]


def test_without_a_champion_it_is_not_ready_and_says_what_to_run(keeper, tmp_path):
    from database.migrate import upgrade

    upgrade(Settings(home=tmp_path).state_url)
    keeper.open(Settings(home=tmp_path))
    with pytest.raises(Problem, match="purvey train") as caught:
        keeper.current()
    assert (caught.value.status, keeper.ready) == (503, False)


def test_a_champion_without_a_plan_answers_from_its_own_forecast(keeper, trained_home):
    keeper.open(Settings(home=trained_home))
    assert keeper.ready
    assert keeper.current().snapshot is None
    assert len(keeper.current().forecast) == 24


def test_a_new_champion_is_picked_up(keeper, home, second_bundle, maker):
    keeper.open(Settings(home=home))
    before = keeper.current()
    maker.crown(home, add(second_bundle, home), "2")
    keeper.refresh()
    assert (keeper.current().champion.version, before.champion.version) == ("2", "1")
    assert keeper.current().bundle.hash == second_bundle[1]
    assert not keeper.current().fresh


def test_a_new_plan_is_picked_up(keeper, home, company):
    keeper.open(Settings(home=home))
    run_plan(Settings(home=home), source=str(company), out=home / "out")
    assert keeper.current().run.id == 1
    keeper.refresh()
    assert keeper.current().run.id == 2


def test_nothing_new_keeps_the_very_same_world(keeper, home):
    keeper.open(Settings(home=home))
    before = keeper.current()
    keeper.refresh()
    assert keeper.current() is before


def test_a_damaged_new_champion_leaves_the_old_one_served_and_says_why(
    keeper, home, second_bundle, maker, monkeypatch
):
    keeper.open(Settings(home=home))
    new = add(second_bundle, home)
    damage(home, new)
    maker.crown(home, new, "2")
    keeper.refresh()
    facts = keeper.readiness()
    assert keeper.ready
    assert facts["model"]["version"] == "1"
    assert "forecast.parquet: altered" in facts["trouble"]
    shutil.rmtree(home / "bundles" / new)
    add(second_bundle, home)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    keeper.refresh()
    assert (keeper.readiness()["trouble"], keeper.current().champion.version) == ("", "2")


def test_a_restart_with_a_damaged_champion_serves_the_one_before(keeper, home, second_bundle, maker):
    new = add(second_bundle, home)
    damage(home, new)
    maker.crown(home, new, "2")
    keeper.open(Settings(home=home))
    assert keeper.ready
    assert keeper.current().champion.version == "1"
    assert "is not served" in keeper.trouble


def test_a_damaged_plan_leaves_the_one_before_served(keeper, home, company):
    keeper.open(Settings(home=home))
    run_plan(Settings(home=home), source=str(company), out=home / "out")
    newest = max((home / "plans").iterdir(), key=lambda path: path.stat().st_mtime)
    (newest / "plan.parquet").write_bytes(b"no parquet")
    keeper.refresh()
    assert keeper.current().run.id == 1
    assert "plan.parquet: not readable" in keeper.trouble


def test_a_database_one_migration_behind_is_refused_in_words(keeper, home):
    engine = open_engine(Settings(home=home).state_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    engine.dispose()
    keeper.open(Settings(home=home))
    assert not keeper.ready
    with pytest.raises(Problem, match="run `purvey db upgrade`"):
        _ = keeper.engine


def test_nothing_is_written_to_a_database_file_that_was_replaced(keeper, home):
    keeper.open(Settings(home=home))
    file = home / "purvey.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"VACUUM INTO '{home / 'backup.db'}'")
    for part in home.glob("purvey.db*"):
        part.unlink()
    with pytest.raises(Problem, match="being replaced"):
        _ = keeper.engine
    keeper.refresh()
    assert not keeper.ready
    assert not file.exists()
    with pytest.raises(Problem, match=r"purvey\.db is gone; put it back"):
        _ = keeper.engine
    (home / "backup.db").rename(file)
    keeper.refresh()
    assert (keeper.ready, keeper.trouble) == (True, "")
    assert keeper.engine is not None


def test_trouble_that_has_passed_is_not_told_any_more(keeper, home):
    keeper.open(Settings(home=home))
    with closing(sqlite3.connect(home / "purvey.db")) as connection:
        connection.execute("ALTER TABLE plan_runs RENAME TO away")
        keeper.refresh()
        assert "no such table" in keeper.readiness()["trouble"]
        connection.execute("ALTER TABLE away RENAME TO plan_runs")
    keeper.refresh()
    assert (keeper.ready, keeper.readiness()["trouble"]) == (True, "")
