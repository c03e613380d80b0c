import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from artifacts.home_folder import make_private, open_home, staging_folder, sweep_staging
from database.engine import open_engine
from database.settings import Settings
from jobs.plan import run_plan


def modes(folder: Path) -> dict[str, int]:
    return {
        path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (folder, *folder.rglob("*"))
        if not path.is_symlink()
    }


def test_a_home_is_for_its_owner_only_with_all_that_a_plan_wrote_into_it(home, company, tmp_path):
    before = os.umask(0)  # whoever runs it may be careless
    try:
        home.chmod(0o777)
        (home / "old.json").touch(0o666)
        run_plan(Settings(home=home), source=str(company), out=tmp_path / "out")
        with open_engine(Settings(home=home).state_url).connect() as connection:
            connection.exec_driver_sql("SELECT 1")
            found = modes(home)
    finally:
        os.umask(before)
    assert {"purvey.db", "purvey.db-wal", "audit.key", "audit.head", "old.json"} <= found.keys()
    for name, mode in found.items():
        assert mode == (0o700 if (home / name).is_dir() else 0o600), name


def test_files_for_other_programs_keep_the_rights_that_the_umask_gives(home, company, tmp_path):
    before = os.umask(0o022)
    try:
        run_plan(Settings(home=home), source=str(company), out=tmp_path / "out")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out" / "plan.parquet").stat().st_mode) == 0o644


def test_a_link_out_of_the_home_is_not_followed(tmp_path):
    outside = tmp_path / "outside.txt"
    outside.touch()
    outside.chmod(0o644)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "link").symlink_to(outside)
    make_private(tmp_path / "home")
    assert stat.S_IMODE(outside.stat().st_mode) == 0o644


def test_a_home_that_cannot_be_made_is_no_error_here(tmp_path):
    (tmp_path / "file").touch()
    open_home(tmp_path / "file" / "home")


def test_a_staging_folder_goes_with_its_block_also_when_that_fails(tmp_path):
    def fail():
        with staging_folder(tmp_path) as folder:
            (folder / "half").touch()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_staging_folder_in_use_is_not_swept(tmp_path):
    with staging_folder(tmp_path) as folder:
        sweep_staging(tmp_path)
        assert folder.is_dir()


@pytest.mark.parametrize("place", [".", "plans", "bundles"])
def test_what_a_killed_process_left_is_swept_when_the_home_is_opened(tmp_path, place):
    work = """
        import sys, time
        from pathlib import Path
        from artifacts.home_folder import staging_folder
        with staging_folder(Path(sys.argv[1])) as folder:
            (folder / "half").write_text("written")
            print("ready", flush=True)
            time.sleep(600)
    """
    command = [sys.executable, "-c", textwrap.dedent(work), str(tmp_path / place)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        open_home(tmp_path)
        assert len(list((tmp_path / place).glob(".incoming-*"))) == 1
        process.send_signal(signal.SIGKILL)
    open_home(tmp_path)
    assert list((tmp_path / place).glob(".incoming-*")) == []
