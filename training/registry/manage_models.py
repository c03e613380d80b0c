"""The jobs of `purvey models`: list, show, compare, promote and roll back trained versions."""

from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from database.ledger import LedgerRow
from database.settings import Settings
from training.decision_cost.cycle_costs import CostComparison, compare_costs
from training.registry.lock import exclusive_lock
from training.registry.mlflow_registry import CHAMPION, MlflowRegistry, ModelVersion
from training.registry.mlflow_session import RegistryError
from training.registry.open_ledger import open_ledger, open_promoter
from training.registry.promoter import PromoterLedger, current_user


def list_models(settings: Settings) -> list[dict[str, Any]]:
    """List all model versions, the newest first: version, aliases, bundle, created, as_of, decision_cost."""
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


def show_model(settings: Settings, name: str = CHAMPION) -> dict[str, Any]:
    """Show one model version (number or alias): params, metrics, tags, and its rows in the ledger.

    Raises
    ------
    UnknownVersionError
        When there is no such version.
    """
    registry, rows = MlflowRegistry(settings.mlflow_url), open_ledger(settings)
    version = _find(registry, rows, name)
    entries = [asdict(row) for row in rows.history() if row.version == version.number]
    return _facts(version, _aliases(registry, rows)) | registry.run_facts(version) | {"ledger": entries}


def compare_models(settings: Settings, first: str, second: str) -> list[dict[str, Any]]:
    """Compare the metrics of two model versions: metric, first, second, difference (second − first), low, high.

    low and high bound the difference with 90 % confidence. There are some for the first row only, the cost of the
    decisions in those SKUs' past periods that both runs replayed out of sample.

    Raises
    ------
    UnknownVersionError
        When one of them is not there.
    """
    registry, rows = MlflowRegistry(settings.mlflow_url), open_ledger(settings)
    versions = [_find(registry, rows, name) for name in (first, second)]
    a, b = (registry.run_facts(version)["metrics"] for version in versions)
    table = [_side_by_side(name, a.get(name), b.get(name)) for name in sorted({*a, *b})]
    costs = _cost_on_same_cycles(registry, *versions)
    if costs is None or not costs.known:
        return table
    row = _side_by_side("decision_cost, cycles of both", costs.second, costs.first)
    bounds = {"low": costs.difference.low, "high": costs.difference.high}
    return [row | {name: bound if np.isfinite(bound) else None for name, bound in bounds.items()}, *table]


def _side_by_side(metric: str, first: float | None, second: float | None) -> dict[str, Any]:
    """Row of the comparison for one metric; the difference is None where one version lacks it."""
    difference = second - first if first is not None and second is not None else None
    facts = {"metric": metric, "first": first, "second": second, "difference": difference}
    return facts | {"low": None, "high": None}


def _cost_on_same_cycles(
    registry: MlflowRegistry, first: ModelVersion, second: ModelVersion
) -> CostComparison | None:
    """Decision cost of the second version against the first's; None when a run kept no replayed cycles."""
    try:
        a, b = (pd.read_parquet(registry.run_file(v, "replay_cycles.parquet")) for v in (first, second))
    except RegistryError:
        return None
    return compare_costs(b, a)


def promote_model(settings: Settings, name: str, *, why: str, who: str | None = None) -> LedgerRow:
    """Promote a model version to champion and return its ledger row; raises as `Promoter.promote`."""
    with exclusive_lock(settings.home):
        return open_promoter(settings).promote(name, who=who or current_user(), why=why)


def rollback_model(settings: Settings, *, why: str, who: str | None = None) -> LedgerRow:
    """Roll back to the champion before the current one; raises as `Promoter.rollback`."""
    with exclusive_lock(settings.home):
        return open_promoter(settings).rollback(who=who or current_user(), why=why)


def _find(registry: MlflowRegistry, rows: PromoterLedger, name: str) -> ModelVersion:
    """Version of that number or alias, the champion by the ledger; UnknownVersionError when there is none."""
    champion = rows.champion()
    return registry.find(champion.version if champion is not None and name == CHAMPION else name)


def _aliases(registry: MlflowRegistry, rows: PromoterLedger) -> dict[str, str]:
    """Aliases as MLflow has them, but the champion is whom the ledger names: that one is served."""
    champion = rows.champion()
    named = {alias: number for alias, number in registry.aliases().items() if alias != CHAMPION}
    return named | ({CHAMPION: champion.version} if champion is not None else {})


def _facts(version: ModelVersion, aliases: dict[str, str]) -> dict[str, Any]:
    """Facts of a model version as they are listed and shown, JSON-able."""
    return {
        "version": version.number,
        "aliases": sorted(alias for alias, number in aliases.items() if number == version.number),
        "bundle_hash": version.bundle_hash,
        "run_id": version.run_id,
        "created": version.created.isoformat(timespec="seconds"),
    }
