"""The home on disk: only its owner reads it, and what a killed process left half written is swept away."""

import fcntl
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600

_STAGING = ".incoming-"


def open_home(home: Path) -> None:
    """Make the home if it is not there, close it to others with all that is in it, and sweep its staging folders.

    A home that cannot be made is left to whoever writes into it first, and says why.
    """
    try:
        home.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError:
        return
    make_private(home)
    for folder in (home, *(path for path in home.iterdir() if path.is_dir() and not path.is_symlink())):
        sweep_staging(folder)


def make_private(folder: Path) -> None:
    """Give all folders from `folder` down to their owner alone (0700), and all files (0600).

    What belongs to somebody else, or goes meanwhile, stays as it is.
    """
    for path, _, names in os.walk(folder):
        _restrict(Path(path), PRIVATE_FOLDER)
        for name in names:
            _restrict(Path(path) / name, PRIVATE_FILE)


@contextmanager
def staging_folder(parent: Path) -> Iterator[Path]:
    """A folder in `parent` to write into before it is renamed or its files are moved; gone when the block ends.

    It is locked while the block runs, so that `sweep_staging` knows those whose process was killed.
    """
    folder, lock = _locked_folder(parent)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def sweep_staging(parent: Path) -> None:
    """Remove the staging folders in `parent` that no living process writes into."""
    for folder in parent.glob(f"{_STAGING}*"):
        lock = _lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked_folder(parent: Path) -> tuple[Path, int]:
    while True:
        folder = parent / f"{_STAGING}{uuid.uuid4().hex}"
        folder.mkdir(mode=PRIVATE_FOLDER, parents=True)
        lock = _lock(folder)
        if lock is not None:  # else a sweep took it for one that was left
            return folder, lock


def _lock(folder: Path) -> int | None:
    """Descriptor that locks a folder as long as it is open; none where another process has it, or it is gone."""
    try:
        file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        return None
    return file


def _restrict(path: Path, mode: int) -> None:
    with suppress(OSError):
        found = path.lstat()
        is_link = path.is_symlink()
        if not is_link and found.st_mode & 0o777 != mode and found.st_uid == os.geteuid():
            path.chmod(mode)
