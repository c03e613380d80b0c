import shutil
import sqlite3
from contextlib import closing

import pytest

from database.engine import open_engine
from database.settings import Settings
from jobs.plan import run_plan
from serving.http.problems import Problem
from serving.state import follower as module
from serving.state.follower import Follower


@pytest.fixture
def follower():
    follower = Follower()
    yield follower
    follower.close()


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


def test_without_a_database_it_is_not_ready_and_says_what_to_run(follower, tmp_path):
    follower.open(Settings(home=tmp_path))
    assert not follower.ready
    assert "run `purvey db upgrade`" in follower.readiness()["trouble"]


def test_without_a_champion_it_is_not_ready_and_says_what_to_run(follower, tmp_path):
    from database.migrate import upgrade

    upgrade(Settings(home=tmp_path).state_url)
    follower.open(Settings(home=tmp_path))
    with pytest.raises(Problem, match="purvey train") as caught:
        follower.current()
    assert (caught.value.status, follower.ready) == (503, False)


def test_a_champion_without_a_plan_answers_from_its_own_forecast(follower, trained_home):
    follower.open(Settings(home=trained_home))
    assert follower.ready
    assert follower.current().snapshot is None
    assert len(follower.current().forecast) == 24


def test_a_new_champion_is_picked_up(follower, home, second_bundle, maker):
    follower.open(Settings(home=home))
    before = follower.current()
    maker.promote(home, add(second_bundle, home), "2")
    follower.refresh()
    assert (follower.current().champion.version, before.champion.version) == ("2", "1")
    assert follower.current().bundle.hash == second_bundle[1]
    assert not follower.current().fresh


def test_a_new_plan_is_picked_up(follower, home, company):
    follower.open(Settings(home=home))
    run_plan(Settings(home=home), source=str(company), out=home / "out")
    assert follower.current().run.id == 1
    follower.refresh()
    assert follower.current().run.id == 2


def test_nothing_new_keeps_the_very_same_champion_and_plan(follower, home):
    follower.open(Settings(home=home))
    before = follower.current()
    follower.refresh()
    assert follower.current() is before


def test_a_damaged_new_champion_leaves_the_old_one_served_and_says_why(
    follower, home, second_bundle, maker, monkeypatch
):
    follower.open(Settings(home=home))
    new = add(second_bundle, home)
    damage(home, new)
    maker.promote(home, new, "2")
    follower.refresh()
    facts = follower.readiness()
    assert follower.ready
    assert facts["model"]["version"] == "1"
    assert "forecast.parquet: altered" in facts["trouble"]
    shutil.rmtree(home / "bundles" / new)
    add(second_bundle, home)
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    follower.refresh()
    assert (follower.readiness()["trouble"], follower.current().champion.version) == ("", "2")


def test_a_restart_with_a_damaged_champion_serves_the_one_before(follower, home, second_bundle, maker):
    new = add(second_bundle, home)
    damage(home, new)
    maker.promote(home, new, "2")
    follower.open(Settings(home=home))
    assert follower.ready
    assert follower.current().champion.version == "1"
    assert "is not served" in follower.trouble


def test_a_damaged_plan_leaves_the_one_before_served(follower, home, company):
    follower.open(Settings(home=home))
    run_plan(Settings(home=home), source=str(company), out=home / "out")
    newest = max((home / "plans").iterdir(), key=lambda path: path.stat().st_mtime)
    (newest / "plan.parquet").write_bytes(b"no parquet")
    follower.refresh()
    assert follower.current().run.id == 1
    assert "plan.parquet: altered" in follower.trouble


def test_a_database_one_migration_behind_is_refused_in_words(follower, home):
    engine = open_engine(Settings(home=home).state_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    engine.dispose()
    follower.open(Settings(home=home))
    assert not follower.ready
    with pytest.raises(Problem, match="run `purvey db upgrade`"):
        _ = follower.engine


def test_nothing_is_written_to_a_database_file_that_was_replaced(follower, home):
    follower.open(Settings(home=home))
    file = home / "purvey.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"VACUUM INTO '{home / 'backup.db'}'")
    for part in home.glob("purvey.db*"):
        part.unlink()
    with pytest.raises(Problem, match="being replaced"):
        _ = follower.engine
    follower.refresh()
    assert not follower.ready
    assert not file.exists()
    with pytest.raises(Problem, match=r"purvey\.db is gone; put it back"):
        _ = follower.engine
    (home / "backup.db").rename(file)
    follower.refresh()
    assert (follower.ready, follower.trouble) == (True, "")
    assert follower.engine is not None


def test_trouble_that_has_passed_is_not_reported_any_more(follower, home):
    follower.open(Settings(home=home))
    with closing(sqlite3.connect(home / "purvey.db")) as connection:
        connection.execute("ALTER TABLE plan_runs RENAME TO away")
        follower.refresh()
        assert "no such table" in follower.readiness()["trouble"]
        connection.execute("ALTER TABLE away RENAME TO plan_runs")
    follower.refresh()
    assert (follower.ready, follower.readiness()["trouble"]) == (True, "")
