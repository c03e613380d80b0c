import shutil
import stat
import tarfile
import uuid

import pandas as pd
import pytest
from sqlalchemy import create_engine, text
from state_databases import postgres  # noqa: F401 -- fixture

from database.audit.verify import verify
from database.engine import StateError, open_engine, open_state
from database.ledger import LedgerEntry, append, champion
from database.migrate import upgrade_state
from database.settings import Settings
from jobs.backup import BackupError, back_up, restore
from serving.state.follower import Follower

NAMES = ("backup", "backup.tar", "backup.tar.gz")


def served(settings):
    """What a server that starts in a home answers from."""
    follower = Follower()
    follower.open(settings)
    try:
        assert (follower.ready, follower.trouble) == (True, "")
        current = follower.current()
        return current.run, current.bundle.hash, current.snapshot.plan
    finally:
        follower.close()


@pytest.mark.parametrize("name", NAMES)
def test_a_backup_put_back_serves_the_same_plan_and_its_log_is_sound(home, tmp_path, name):
    facts = back_up(Settings(home=home), tmp_path / name)
    moved = Settings(home=tmp_path / "restored")
    restored = restore(moved, tmp_path / name)
    assert (restored.problems, restored.facts) == ((), facts)
    run, bundle, plan = served(Settings(home=home))
    run_again, bundle_again, plan_again = served(moved)
    assert (run_again, bundle_again) == (run, bundle)
    pd.testing.assert_frame_equal(plan_again, plan)
    engine = open_state(moved)
    assert verify(engine).rows > 2
    engine.dispose()


@pytest.mark.parametrize("name", NAMES)
def test_a_backup_and_what_comes_of_it_are_for_the_owner_only(home, tmp_path, name):
    back_up(Settings(home=home), tmp_path / name)
    restore(Settings(home=tmp_path / "restored"), tmp_path / name)
    for place in (tmp_path / name, tmp_path / "restored"):
        for path in (place, *place.rglob("*")):
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_what_is_written_after_the_backup_is_not_in_it_and_what_was_before_is(home, tmp_path):
    settings = Settings(home=home)
    engine = open_state(settings)
    entry = LedgerEntry("b" * 64, "2", "register", who="ada", why="before", metrics={})
    append(engine, entry)  # stands in the write-ahead log only
    back_up(settings, tmp_path / "backup")
    append(engine, LedgerEntry("c" * 64, "3", "register", who="ada", why="after", metrics={}))
    engine.dispose()
    moved = Settings(home=tmp_path / "restored")
    assert restore(moved, tmp_path / "backup").problems == ()
    with open_state(moved).connect() as connection:
        assert connection.exec_driver_sql("SELECT max(version) FROM model_ledger").scalar() == "2"


def test_a_log_tampered_with_before_the_backup_is_told_when_it_is_put_back(home, tmp_path):
    engine = open_engine(Settings(home=home).state_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER model_ledger_no_update")
        connection.exec_driver_sql("UPDATE model_ledger SET who = 'eve'")
    engine.dispose()
    back_up(Settings(home=home), tmp_path / "backup")
    problems = restore(Settings(home=tmp_path / "restored"), tmp_path / "backup").problems
    assert [problem.split(":")[0] for problem in problems] == [
        "trigger model_ledger_no_update",
        "model_ledger row 1",
    ]


def test_an_older_backup_beside_a_head_that_is_kept_elsewhere_is_told(home, tmp_path):
    settings = Settings(home=home, audit_head=tmp_path / "elsewhere" / "head")
    (tmp_path / "elsewhere").mkdir()
    (home / "audit.head").rename(tmp_path / "elsewhere" / "head")
    back_up(settings, tmp_path / "backup")
    engine = open_state(settings)
    append(engine, LedgerEntry("c" * 64, "3", "register", who="ada", why="after", metrics={}))
    engine.dispose()
    moved = settings.model_copy(update={"home": tmp_path / "restored"})
    (problem,) = restore(moved, tmp_path / "backup").problems
    assert "is missing with all after it" in problem


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_backup_is_refused_and_nothing_is_put_back(home, tmp_path, name):
    back_up(Settings(home=home), tmp_path / name)
    path = tmp_path / name if "." in name else tmp_path / name / "state.db"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BackupError, match="damaged one"):
        restore(Settings(home=tmp_path / "restored"), tmp_path / name)
    assert not (tmp_path / "restored").exists()


def test_a_home_in_use_is_not_restored_over(home, tmp_path):
    back_up(Settings(home=home), tmp_path / "backup")
    with pytest.raises(BackupError, match=r"is not empty \(bundles"):
        restore(Settings(home=home), tmp_path / "backup")


def test_a_backup_is_not_written_over_another(home, tmp_path):
    (tmp_path / "backup").mkdir()
    with pytest.raises(BackupError, match="is there already"):
        back_up(Settings(home=home), tmp_path / "backup")


def test_what_is_no_backup_is_refused(tmp_path):
    (tmp_path / "file.tar.gz").write_text("none")
    for path in (tmp_path / "nowhere", tmp_path, tmp_path / "file.tar.gz"):
        with pytest.raises(BackupError, match="is no backup"):
            restore(Settings(home=tmp_path / "restored"), path)


def test_a_damaged_database_is_not_backed_up_in_silence(home, tmp_path):
    file = home / "purvey.db"
    file.write_bytes(file.read_bytes()[:-8192])
    with pytest.raises(StateError):
        back_up(Settings(home=home), tmp_path / "backup")
    assert not (tmp_path / "backup").exists()


def test_the_backup_of_another_kind_of_database_is_refused(home, tmp_path):
    back_up(Settings(home=home), tmp_path / "backup")
    other = Settings(home=tmp_path / "restored", database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    with pytest.raises(StateError, match="holds a sqlite database"):
        restore(other, tmp_path / "backup")


def test_a_postgresql_database_is_backed_up_and_put_back(postgres, home, tmp_path):  # noqa: F811 -- the fixture
    admin = create_engine(f"{postgres}/postgres", isolation_level="AUTOCOMMIT")
    names = [f"backup_{uuid.uuid4().hex}" for _ in range(2)]
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    old, new = (f"{postgres}/{name}" for name in names)
    for name in ("audit.key", "audit.head"):
        (home / name).unlink()
    settings = Settings(home=home, database_url=old)
    upgrade_state(settings)
    engine = open_state(settings)
    (bundle,) = (path.name for path in (home / "bundles").iterdir())
    row = append(engine, LedgerEntry(bundle, "1", "promote", who="ada", why="first", metrics={"cost": 1.5}))
    back_up(settings, tmp_path / "backup")
    moved = Settings(home=tmp_path / "restored", database_url=new)
    assert restore(moved, tmp_path / "backup").problems == ()
    engine_again = open_state(moved)
    assert champion(engine_again) == row
    shutil.rmtree(moved.home)
    with pytest.raises(StateError, match="has tables already"):
        restore(moved, tmp_path / "backup")
    engine.dispose()
    engine_again.dispose()


@pytest.mark.parametrize("kind", ["above", "absolute", "link"])
def test_an_archive_that_would_write_elsewhere_is_refused(tmp_path, kind):
    hostile = tmp_path / "hostile.tar"
    outside = tmp_path / "outside.txt"
    with tarfile.open(hostile, "w") as archive:
        name = {"above": "../../outside.txt", "absolute": str(outside), "link": "link"}[kind]
        member = tarfile.TarInfo(name)
        if kind == "link":
            member.type, member.linkname = tarfile.SYMTYPE, str(outside)
        archive.addfile(member)
    with pytest.raises(BackupError, match="is no file of a backup"):
        restore(Settings(home=tmp_path / "restored"), hostile)
    assert not outside.exists()
