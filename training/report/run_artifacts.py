"""What MLflow keeps of a training run beside the model: artefact files, params, tags and metrics."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from artifacts.bundle_contents import BundleContents
from configs.schema import Config
from features.quality.check_result import CheckResult
from training.decision_cost.champion_challenger import Judgement
from training.fit_and_evaluate import TrainedModels
from training.registry.mlflow_session import url_without_password
from training.registry.run_tracking import RunRecord
from training.report.figures import draw_figures
from training.report.model_card import model_card
from training.tuning.tuning_result import TuningResult


def write_artifacts(
    folder: Path, config: Config, contents: BundleContents, trained: TrainedModels, checked: CheckResult
) -> None:
    """Write the artefacts of a run that MLflow shows beside the model: card, tables, pictures and the data report."""
    folder.mkdir(parents=True)
    (folder / "model_card.md").write_text(model_card(config, contents.info, trained), encoding="utf-8")
    tables = {
        "per_series": trained.demand_evaluation.series,
        "per_supplier": trained.lead_time_evaluation.suppliers,
        "scores": trained.demand_evaluation.classes,
        "per_supplier_demand": trained.demand_evaluation.suppliers,
        "backtest_lead_time": trained.lead_time_evaluation.frame,
        "replay": trained.decisions.calibration.candidates,
        "replay_cycles": trained.decisions.cycles,
        "members": trained.demand_evaluation.members,
    }
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    for name in ("scores", "members"):
        tables[name].to_csv(folder / f"{name}.csv", index=False)  # MLflow's page shows it as a table
    report = orjson.dumps(
        checked.report(), option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY, default=str
    )
    (folder / "data_report.json").write_bytes(report)
    draw_figures(trained, folder / "figures")


def run_record(
    staging: Path, contents: BundleContents, source: str, checked: CheckResult, tuning: TuningResult | None
) -> RunRecord:
    """Params, tags and metrics of a run for MLflow; `staging` holds the folders `bundle` and `artifacts`."""
    info = contents.info
    tags = {name: str(info[name]) for name in ("name", "fingerprint", "as_of", "cutoff", "freq", "horizon")}
    if tuning is not None:
        tuning.trials.to_csv(staging / "artifacts" / "tuning.csv", index=False)
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
    """Add the comparison with the champion of the day to a run's tags and metrics."""
    return replace(
        record,
        tags={**record.tags, "verdict": judgement.why},
        metrics={**record.metrics, **judgement.metrics()},
    )


def _flat_params(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """Params of a run from the nested config: (`demand.horizon`, 8), …."""
    pairs: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            pairs += _flat_params(value, f"{prefix}{name}.")
        else:
            pairs.append((f"{prefix}{name}", value))
    return pairs
