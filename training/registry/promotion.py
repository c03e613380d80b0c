"""The commands about trained models: list, show, compare, promote, roll back."""

import getpass
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine

from database import ledger
from database.engine import open_engine
from database.ledger import LedgerAction, LedgerRow
from database.migrate import check_current, upgrade
from database.settings import Settings
from training.decision_cost.cycles import CostComparison, compare_cycles
from training.registry.champion import Ledger, Promoter
from training.registry.lock import exclusive
from training.registry.registry import CHAMPION, MlflowRegistry, RegistryError, Version


@dataclass(frozen=True)
class DatabaseLedger:
    """The ledger in the state database."""

    engine: Engine

    def append(
        self,
        *,
        bundle_hash: str,
        version: str,
        action: LedgerAction,
        who: str,
        why: str,
        metrics: Mapping[str, Any],
    ) -> LedgerRow:
        """Add a row."""
        return ledger.append(
            self.engine,
            bundle_hash=bundle_hash,
            version=version,
            action=action,
            who=who,
            why=why,
            metrics=metrics,
        )

    def champion(self) -> LedgerRow | None:
        """Return the row that made the current champion."""
        return ledger.champion(self.engine)

    def history(self) -> list[LedgerRow]:
        """Return all rows, the newest first."""
        return ledger.history(self.engine)


def open_ledger(settings: Settings) -> DatabaseLedger:
    """Return the ledger; a SQLite state database that is not there yet is made.

    Raises
    ------
    StateError
        When the database is a migration behind.
    """
    engine = open_engine(settings.state_url)
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file:
        with exclusive(settings.home, "upgrade"):  # or another process would find it half made
            if not Path(file).exists():
                upgrade(settings.state_url)
    check_current(engine)
    return DatabaseLedger(engine)


def open_promoter(settings: Settings) -> Promoter:
    """Return registry, ledger and store as the settings place them."""
    return Promoter(MlflowRegistry(settings.mlflow_url), open_ledger(settings), settings.bundles)


def list_models(settings: Settings) -> list[dict[str, Any]]:
    """All versions, the newest first: version, aliases, bundle, created, as_of, decision_cost."""
    registry, rows = MlflowRegistry(settings.mlflow_url), open_ledger(settings)
    aliases = _aliases(registry, rows)
    listed = []
    for version in registry.versions():
        facts = registry.run_facts(version)
        summary = {
            "as_of": facts["tags"].get("as_of"),
            "decision_cost": facts["metrics"].get("decision_cost"),
        }
        listed.append(_facts(version, aliases) | summary)
    return listed


def show(settings: Settings, name: str = CHAMPION) -> dict[str, Any]:
    """Everything about one version (number or alias): params, metrics, tags, and its rows in the ledger.

    Raises
    ------
    UnknownVersionError
        When there is no such version.
    """
    registry, rows = MlflowRegistry(settings.mlflow_url), open_ledger(settings)
    version = _find(registry, rows, name)
    entries = [asdict(row) for row in rows.history() if row.version == version.number]
    return _facts(version, _aliases(registry, rows)) | registry.run_facts(version) | {"ledger": entries}


def compare(settings: Settings, first: str, second: str) -> list[dict[str, Any]]:
    """Each metric of two versions side by side: metric, first, second, difference (second − first), low, high.

    low and high bound the difference with 90 % confidence. There are some for the first row only, the cost of the
    decisions in those SKUs' past periods that both runs played out of sample.

    Raises
    ------
    UnknownVersionError
        When one of them is not there.
    """
    registry, rows = MlflowRegistry(settings.mlflow_url), open_ledger(settings)
    versions = [_find(registry, rows, name) for name in (first, second)]
    a, b = (registry.run_facts(version)["metrics"] for version in versions)
    table = [_side_by_side(name, a.get(name), b.get(name)) for name in sorted({*a, *b})]
    costs = _same_cycles(registry, *versions)
    if costs is None or not costs.known:
        return table
    row = _side_by_side("decision_cost, cycles of both", costs.second, costs.first)
    bounds = {"low": costs.difference.low, "high": costs.difference.high}
    return [row | {name: bound if np.isfinite(bound) else None for name, bound in bounds.items()}, *table]


def _side_by_side(metric: str, first: float | None, second: float | None) -> dict[str, Any]:
    difference = second - first if first is not None and second is not None else None
    facts = {"metric": metric, "first": first, "second": second, "difference": difference}
    return facts | {"low": None, "high": None}


def _same_cycles(registry: MlflowRegistry, first: Version, second: Version) -> CostComparison | None:
    """The second's cost against the first's; None when a run kept no cycles."""
    try:
        a, b = (pd.read_parquet(registry.run_file(v, "replay_cycles.parquet")) for v in (first, second))
    except RegistryError:
        return None
    return compare_cycles(b, a)


def promote(settings: Settings, name: str, *, why: str, who: str | None = None) -> LedgerRow:
    """Make a version champion and return its ledger row; raises as `Promoter.promote`."""
    with exclusive(settings.home):
        return open_promoter(settings).promote(name, who=who or whoami(), why=why)


def rollback(settings: Settings, *, why: str, who: str | None = None) -> LedgerRow:
    """Return to the champion before the current one; raises as `Promoter.rollback`."""
    with exclusive(settings.home):
        return open_promoter(settings).rollback(who=who or whoami(), why=why)


def whoami() -> str:
    """Name of the person at the keyboard, for the ledger."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run as a number without a name
        return "unknown"


def _find(registry: MlflowRegistry, rows: Ledger, name: str) -> Version:
    champion = rows.champion()
    return registry.find(champion.version if champion is not None and name == CHAMPION else name)


def _aliases(registry: MlflowRegistry, rows: Ledger) -> dict[str, str]:
    """Aliases as MLflow has them, but the champion is whom the ledger names: that one is served."""
    champion = rows.champion()
    named = {alias: number for alias, number in registry.aliases().items() if alias != CHAMPION}
    return named | ({CHAMPION: champion.version} if champion is not None else {})


def _facts(version: Version, aliases: dict[str, str]) -> dict[str, Any]:
    return {
        "version": version.number,
        "aliases": sorted(alias for alias, number in aliases.items() if number == version.number),
        "bundle_hash": version.bundle_hash,
        "run_id": version.run_id,
        "created": version.created.isoformat(timespec="seconds"),
    }
