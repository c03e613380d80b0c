"""Pruning: what the home keeps of old plan runs, champions and scheduler runs, and what it need not keep any more."""

import shutil
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from configs.schedule import RetentionConfig
from database import ledger
from database.engine import open_state
from database.ledger import CHAMPION_ACTIONS
from database.migrate import check_current
from database.plan_runs import last_runs
from database.requests.idempotency_keys import sweep_keys
from database.schedule.job_runs import old_runs
from database.schema import utc_now
from database.settings import Settings

UNKNOWN_SECONDS = 86_400.0
"""Age from which a folder that no row speaks of is nobody's: a run that is being written has no row yet."""


@dataclass(frozen=True)
class Pruned:
    """What pruning removed, or would: folders with their bytes, and rows of the scheduler's runs."""

    folders: tuple[tuple[Path, int], ...]
    schedule_runs: int

    def summary(self) -> dict[str, Any]:
        """Summary of what was pruned, JSON-able."""
        return {
            "removed": len(self.folders),
            "bytes": sum(size for _, size in self.folders),
            "schedule_runs": self.schedule_runs,
            "folders": [str(path) for path, _ in self.folders],
        }


def prune(settings: Settings, retention: RetentionConfig | None = None, *, dry_run: bool = False) -> Pruned:
    """Remove what `retention` does not keep: folders of old plan runs, bundles of old champions, old scheduler runs.

    Decisions, orders and the ledgers always stay; a rollback to a champion whose bundle is gone takes it from MLflow.

    Parameters
    ----------
    retention : none: that of the champion's config
    dry_run : remove nothing, and return what would be

    Raises
    ------
    StateError
        When the state database cannot be used.
    """
    engine = open_state(settings)
    try:
        check_current(engine)
        kept = retention or _trained_retention(settings, engine)
        folders = [*old_plans(engine, settings, kept.plan_runs), *_old_bundles(engine, settings, kept)]
        sized = tuple((folder, _size(folder)) for folder in folders)
        before = utc_now() - timedelta(days=kept.schedule_days)
        rows = old_runs(engine, before, remove=not dry_run)
        if not dry_run:
            remove(folders)
            sweep_keys(engine)
    finally:
        engine.dispose()
    return Pruned(sized, rows)


def old_plans(engine: Engine, settings: Settings, keep: int) -> list[Path]:
    """Folders of all plan runs but the last `keep`, by the database's order and not by any clock."""
    kept = {run.folder for run in last_runs(engine, keep)}
    known = {run.folder for run in last_runs(engine, 10_000)}
    return [path for path in _folders(settings.plans) if path.name not in kept and _is_old(path, known)]


def remove(folders: Iterable[Path]) -> None:
    """Remove pruned folders; what somebody else removes meanwhile is gone."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _old_bundles(engine: Engine, settings: Settings, kept: RetentionConfig) -> list[Path]:
    """Bundles of all champions but the last ones, those of kept plan runs left out."""
    rows = ledger.history(engine)
    champions = dict.fromkeys(row.bundle_hash for row in rows if row.action in CHAMPION_ACTIONS)
    needed = {
        *list(champions)[: kept.champions],
        *(run.bundle_hash for run in last_runs(engine, kept.plan_runs)),
    }
    known = {row.bundle_hash for row in rows}
    return [path for path in _folders(settings.bundles) if path.name not in needed and _is_old(path, known)]


def _trained_retention(settings: Settings, engine: Engine) -> RetentionConfig:
    """Retention of the champion's config, the default where there is no champion or its bundle cannot be read."""
    from artifacts.bundle_store import open_bundle
    from artifacts.manifest import BundleError

    champion = ledger.champion(engine)
    try:
        return (
            RetentionConfig()
            if champion is None
            else open_bundle(settings.bundles, champion.bundle_hash).retention
        )
    except BundleError:
        return RetentionConfig()


def _folders(parent: Path) -> Iterator[Path]:
    """Folders in `parent` that are no staging folders, by name."""
    if parent.is_dir():
        yield from sorted(
            path for path in parent.iterdir() if path.is_dir() and not path.name.startswith(".")
        )


def _is_old(folder: Path, known: set[str]) -> bool:
    """Whether a folder that is not kept may go: a row speaks of it, or none has for a day."""
    return folder.name in known or time.time() - folder.stat().st_mtime > UNKNOWN_SECONDS


def _size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
