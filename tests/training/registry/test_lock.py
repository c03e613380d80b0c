import subprocess
import sys
from pathlib import Path

import pytest

from training.registry.lock import BusyError, exclusive_lock

HOLD = "import sys, time\nfrom pathlib import Path\nfrom training.registry.lock import exclusive_lock\nwith exclusive_lock(Path(sys.argv[1])):\n    print('held', flush=True)\n    time.sleep(60)\n"


def test_a_second_one_waits_only_so_long_for_the_lock(tmp_path: Path) -> None:
    with (
        exclusive_lock(tmp_path),
        pytest.raises(BusyError, match=r"\.training\.lock: another process"),
        exclusive_lock(tmp_path, patience=0.1),
    ):
        pytest.fail("both hold the lock")


def test_the_lock_is_free_again_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="inside"), exclusive_lock(tmp_path):
        raise ValueError("inside")
    with exclusive_lock(tmp_path, patience=0.1):
        assert (tmp_path / ".training.lock").exists()


def test_a_killed_process_leaves_no_lock_behind(tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(BusyError), exclusive_lock(tmp_path, patience=0.1):
        pytest.fail("both hold the lock")
    holder.kill()
    holder.communicate()
    with exclusive_lock(tmp_path, patience=5.0):
        assert holder.returncode != 0


def test_what_is_done_under_another_name_does_not_wait(tmp_path: Path) -> None:
    with exclusive_lock(tmp_path), exclusive_lock(tmp_path, "upgrade", patience=0.1):
        assert (tmp_path / ".upgrade.lock").exists()
