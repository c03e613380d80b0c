"""The jobs of `purvey backup` and `purvey restore`: all that is kept, in a folder or one file, and back again."""

import json
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import make_url

from artifacts.home_folder import PRIVATE_FILE, make_private, open_home, staging_folder
from artifacts.plan_manifest import SnapshotError, check_plan_files, write_plan_manifest
from configs.errors import DomainError
from database.audit.verify import verify
from database.engine import open_state
from database.migrate import check_current, current_revision, head
from database.schema import utc_now
from database.settings import Settings
from database.state_copy import POSTGRESQL_COPY, SQLITE_COPY, copy_sqlite, copy_state, put_state_back

FOLDERS = ("bundles", "plans", "monitoring", "artifacts")
"""Folders of a home that are part of a backup; `artifacts` is what MLflow keeps beside its database."""

_FACTS, _MLFLOW, _KEY, _HEAD = "backup.json", "mlflow.db", "audit.key", "audit.head"
_ACCESS, _ALERTS = "access.yaml", "alerts.yaml"


class BackupError(DomainError):
    """A backup that cannot be made or put back: says which file and the fix."""


@dataclass(frozen=True)
class Restored:
    """What a restore came to: facts of the backup, and what `purvey audit verify` says of what was put back."""

    facts: dict[str, Any]
    problems: tuple[str, ...]


def back_up(settings: Settings, to: Path) -> dict[str, Any]:
    """Write a backup of the home and its state database to `to`, while others may go on working; returns its facts.

    `to` is a folder that is not there yet, or a file that ends in `.tar` or `.tar.gz`.

    Raises
    ------
    BackupError
        When `to` is there already or cannot be written.
    StateError
        When the state database cannot be copied.
    """
    if to.exists():
        raise BackupError(f"{to}: is there already; name a folder or a .tar.gz file that is not")
    try:
        with staging_folder(to.absolute().parent) as staging:
            content = staging / "backup"
            content.mkdir()
            facts = _gather(settings, content)
            write_plan_manifest(content)
            make_private(content)
            _publish(content, to)
    except OSError as error:
        raise BackupError(f"{to}: cannot be written ({error.strerror or error})") from None
    return facts


def restore(settings: Settings, backup: Path) -> Restored:
    """Put a backup back into an empty home, the state database last, and verify its audit log.

    Raises
    ------
    BackupError
        When the backup is damaged, or the home is not empty.
    StateError
        When the state database of the settings is not empty, or of another kind.
    """
    with _opened(backup) as content:
        facts = _checked(content, backup)
        _refuse_used(settings)
        open_home(settings.home)
        for name in (*FOLDERS, _MLFLOW, _ACCESS, _ALERTS):
            if (content / name).exists():
                _copy(content / name, settings.home / name)
        files = settings.audit_files
        for name, target in ((_KEY, files.key), (_HEAD, files.head)):
            if (
                content / name
            ).exists() and not target.exists():  # a head that is kept elsewhere knows better
                _copy(content / name, target)
        make_private(settings.home)
        engine = open_state(settings)
        try:
            put_state_back(
                next(content / n for n in (SQLITE_COPY, POSTGRESQL_COPY) if (content / n).exists()), engine
            )
            if facts["revision"] != head():
                return Restored(facts, ())
            check_current(engine)
            return Restored(facts, verify(engine).problems)
        finally:
            engine.dispose()


def _gather(settings: Settings, content: Path) -> dict[str, Any]:
    """Copy all that belongs into a backup; the audit log's head first, so that it is never ahead of the database."""
    files = settings.audit_files
    configured = ((_ACCESS, settings.access_file), (_ALERTS, settings.alerts_file))
    for name, source in ((_KEY, files.key), (_HEAD, files.head), *configured):
        if source.is_file():
            shutil.copyfile(source, content / name)
    engine = open_state(settings)
    revision = current_revision(engine)
    engine.dispose()
    copy_state(settings.state_url, content)
    left_out = []
    mlflow = make_url(settings.mlflow_url) if "://" in settings.mlflow_url else None
    if mlflow is not None and mlflow.get_backend_name() == "sqlite":
        if Path(str(mlflow.database)).is_file():
            copy_sqlite(Path(str(mlflow.database)), content / _MLFLOW)
    else:
        left_out.append("MLflow keeps its models elsewhere; back that up with its own means")
    for name in FOLDERS:  # after the database: what it names was there before
        _copy_folder(settings.home / name, content / name)
    facts = {"at": utc_now().isoformat(), "purvey": _version(), "revision": revision, "left_out": left_out}
    (content / _FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return facts


def _copy_folder(source: Path, target: Path) -> None:
    """Copy a folder of the home but for its staging; a plan run that is pruned meanwhile is left out."""
    for folder in sorted(source.iterdir()) if source.is_dir() else []:
        if folder.name.startswith("."):
            continue
        try:
            _copy(folder, target / folder.name)
        except (FileNotFoundError, shutil.Error):
            if folder.exists():
                raise
            shutil.rmtree(target / folder.name, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def _publish(content: Path, to: Path) -> None:
    """Give a complete backup its name: the folder itself, or the one file it is packed into."""
    if not _is_archive(to):
        content.rename(to)
        return
    packed = content.with_name(to.name)
    packed.touch(PRIVATE_FILE)
    with tarfile.open(packed, "w:gz" if to.suffix == ".gz" else "w") as archive:
        archive.add(content, arcname=".")
    packed.rename(to)


@contextmanager
def _opened(backup: Path) -> Iterator[Path]:
    """The folder of a backup; one that is packed is unpacked beside it for the while."""
    if backup.is_dir():
        yield backup
        return
    if not backup.is_file():
        raise BackupError(f"{backup}: is no backup, neither a folder nor a file")
    try:
        with staging_folder(backup.absolute().parent) as staging:
            with tarfile.open(backup) as archive:
                _unpack(archive, staging / "backup")
            yield staging / "backup"
    except (tarfile.TarError, EOFError) as error:
        raise BackupError(
            f"{backup}: is no backup, or a damaged one ({error}); take an earlier one"
        ) from None


def _unpack(archive: tarfile.TarFile, folder: Path) -> None:
    """Unpack a backup, of which every member is a file or a folder within it.

    Looked at here: Pythons before 3.11.4 have no filter that would.
    """
    for member in archive:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or not (member.isfile() or member.isdir()):
            raise tarfile.ExtractError(f"{member.name} is no file of a backup")
    archive.extraction_filter = getattr(tarfile, "data_filter", None)
    archive.extractall(folder)  # noqa: S202 -- every member was looked at


def _checked(content: Path, backup: Path) -> dict[str, Any]:
    """The facts of a backup, every file of which is as it was written."""
    try:
        check_plan_files(content, expected=True)
        facts: dict[str, Any] = json.loads((content / _FACTS).read_text(encoding="utf-8"))
    except (SnapshotError, OSError, ValueError) as error:
        why = str(error).rpartition("; ")[0] or str(error)
        raise BackupError(f"{backup}: is no backup, or a damaged one ({why}); take an earlier one") from None
    return facts


def _refuse_used(settings: Settings) -> None:
    """Refuse a home that has anything a backup would overwrite."""
    names = (*FOLDERS, _MLFLOW, _KEY, "purvey.db")
    used = [name for name in names if (settings.home / name).exists()]
    if used:
        raise BackupError(
            f"{settings.home}: is not empty ({', '.join(used)}); move it away, or set PURVEY_HOME to an empty folder"
        )


def _is_archive(path: Path) -> bool:
    return path.name.endswith((".tar", ".tar.gz"))


def _version() -> str:
    try:
        return version("purvey")
    except PackageNotFoundError:
        return ""
