"""The manifest of a plan run: the SHA-256 of every file in its folder, so that no flipped byte is served."""

import hashlib
import json
from pathlib import Path
from typing import Any

from artifacts.manifest import MANIFEST, bundle_files, canonical_json, file_hash
from configs.errors import DomainError

FIX = "run `purvey plan` again"
"""What to do about a damaged plan run: the end of its error messages."""


class SnapshotError(DomainError):
    """A plan run's snapshot that cannot be read: says the file and the fix."""


def write_plan_manifest(folder: Path) -> None:
    """Write the manifest of all files in a plan run's `folder`."""
    files = {name: file_hash(folder / name) for name in bundle_files(folder)}
    (folder / MANIFEST).write_text(_manifest_text(files), encoding="utf-8")


def check_plan_files(folder: Path, *, expected: bool) -> None:
    """Check every file of a plan run against its manifest.

    `expected`: whether the run has one; those made before there were any have none.

    Raises
    ------
    SnapshotError
        When a file is missing, altered or put in, or an expected manifest is missing.
    """
    path = folder / MANIFEST
    if not path.exists() and not expected and folder.is_dir():
        return
    files = _read_files(path)
    for name in sorted(files.keys() | set(bundle_files(folder))):
        if name not in files:
            raise SnapshotError(f"{folder / name}: not a file of this plan run; {FIX}")
        try:
            digest = file_hash(folder / name)
        except OSError as error:
            raise SnapshotError(f"{folder / name}: not readable ({error.strerror}); {FIX}") from None
        if digest != files[name]:
            raise SnapshotError(f"{folder / name}: altered, its SHA-256 is not the manifest's; {FIX}")


def _read_files(path: Path) -> dict[str, str]:
    """The files that a manifest names, with their SHA-256."""
    try:
        text = path.read_text(encoding="utf-8")
        manifest: Any = json.loads(text)
        files: dict[str, str] = manifest["files"]
        sound = text == _manifest_text(files)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotError(f"{path}: not readable ({error}); {FIX}") from None
    if not sound:
        raise SnapshotError(f"{path}: altered after it was written; {FIX}")
    return files


def _manifest_text(files: dict[str, str]) -> str:
    digest = hashlib.sha256(canonical_json(files).encode()).hexdigest()
    return canonical_json({"files": files, "hash": digest})
