"""The record of a training run for MLflow: its params, tags and metrics, what it learned from and what it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from artifacts.bundle_contents import BundleContents
from artifacts.spreadsheet_text import write_csv
from features.contract.tables import Tables
from features.quality.check_result import CheckResult
from training.decision_cost.champion_challenger import Judgement
from training.registry.mlflow_session import url_without_password
from training.tuning.tuning_result import TuningResult


@dataclass(frozen=True)
class RunRecord:
    """Record of a training run: what MLflow logs of it.

    Attributes
    ----------
    params : the config, flat
    tags : bundle_hash, fingerprint, as_of, …
    metrics : metric name → finite number
    artifacts : folder whose contents become the run's artefacts
    bundle : the bundle's folder, named `bundle`
    source, tables, fingerprint : what was learned from
    trials : trial, loss, seconds and the parameters of each trial of a search; no rows without one
    """

    params: Mapping[str, Any]
    tags: Mapping[str, str]
    metrics: Mapping[str, float]
    artifacts: Path
    bundle: Path
    source: str
    tables: Tables
    fingerprint: str
    trials: pd.DataFrame


def run_record(
    staging: Path, contents: BundleContents, source: str, checked: CheckResult, tuning: TuningResult | None
) -> RunRecord:
    """Record of a training run: params, tags and metrics; `staging` holds the folders `bundle` and `artifacts`."""
    info = contents.info
    tags = {name: str(info[name]) for name in ("name", "fingerprint", "as_of", "cutoff", "freq", "horizon")}
    if tuning is not None:
        write_csv(tuning.trials, staging / "artifacts" / "tuning.csv")
        tags["tuning"] = tuning.why
    return RunRecord(
        params={name: value for name, value in _flat_params(contents.config) if value is not None},
        tags=tags | {"source": url_without_password(source)},
        metrics={**contents.metrics, **(tuning.metrics() if tuning else {})},
        artifacts=staging / "artifacts",
        bundle=staging / "bundle",
        source=source,
        tables=checked.tables,
        fingerprint=info["fingerprint"],
        trials=tuning.trials if tuning is not None else pd.DataFrame(),
    )


def with_judgement(record: RunRecord, judgement: Judgement) -> RunRecord:
    """Run record with the comparison with the champion of the day among its tags and metrics."""
    return replace(
        record,
        tags={**record.tags, "verdict": judgement.why},
        metrics={**record.metrics, **judgement.metrics()},
    )


def _flat_params(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Params of a run record from the nested config: (`demand.horizon`, 8), …."""
    pairs: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            pairs += _flat_params(value, f"{prefix}{name}.")
        else:
            pairs.append((f"{prefix}{name}", value))
    return pairs
