"""The artefacts of a training run that MLflow shows beside the model: card, tables, pictures, data report."""

from pathlib import Path

import orjson

from artifacts.bundle_contents import BundleContents
from artifacts.spreadsheet_text import write_csv
from configs.schema import Config
from features.quality.check_result import CheckResult
from training.fit_and_evaluate import TrainedModels
from training.report.figures import draw_figures
from training.report.model_card import model_card


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
        write_csv(tables[name], folder / f"{name}.csv")  # MLflow's page shows it as a table
    report = orjson.dumps(
        checked.report(), option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY, default=str
    )
    (folder / "data_report.json").write_bytes(report)
    draw_figures(trained, folder / "figures")
