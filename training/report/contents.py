"""What of a training run goes into the bundle, and what beside it into MLflow."""

from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import orjson
import pandas as pd

from artifacts.contents import BundleContents
from configs.schema import Config
from features.quality.checked import Checked
from features.quality.fingerprint import fingerprint, panel_fingerprint
from models.demand.groups.calibration import Groups
from models.monitoring.origins import backtest_scores
from training.decision_cost.challenge import Judgement
from training.learning import Learned
from training.registry.registry import shown_url
from training.registry.tracking import RunRecord
from training.report.card import model_card
from training.report.figures import draw_figures
from training.tuning.trials import Tuning

LIBRARIES = ("purvey", "numpy", "pandas", "scipy", "statsforecast", "lightgbm", "lifelines")
"""Their versions are part of what a bundle is made of."""


def bundle_contents(config: Config, checked: Checked, learned: Learned) -> BundleContents:
    """Gather the bundle's contents; the number of threads is left out, since it does not change the result."""
    groups = Groups.fit(learned.demand.backtest_, learned.panel)
    return BundleContents(
        demand=learned.demand,
        lead_time=learned.lead_time,
        forecast=learned.forecast,
        rules=learned.rules,
        config=config.model_dump(mode="json", exclude={"threads"}),
        info={
            "name": config.name,
            "notice": config.notice,
            "currency": config.currency,
            "seed": config.seed,
            "fingerprint": fingerprint(checked.tables),
            "panel_fingerprint": panel_fingerprint(learned.panel),
            "as_of": f"{checked.as_of:%Y-%m-%d}",
            "cutoff": f"{learned.panel.cutoff:%Y-%m-%d}",
            "freq": checked.freq,
            "horizon": learned.forecast.horizon,
            "series": len(learned.panel),
            "versions": {name: version(name) for name in LIBRARIES},
        },
        metrics=learned.metrics,
        per_series=learned.series,
        scores=learned.scores,
        explanation=learned.explanation,
        backtest=backtest_scores(learned.demand.backtest_, learned.panel),
        groups=(groups, groups.predict(learned.panel, learned.forecast)),
    )


def write_artifacts(
    folder: Path, config: Config, contents: BundleContents, learned: Learned, checked: Checked
) -> None:
    """Write what MLflow shows beside the model: card, tables, pictures and the data report."""
    folder.mkdir(parents=True)
    (folder / "model_card.md").write_text(model_card(config, contents.info, learned), encoding="utf-8")
    tables = {
        "per_series": learned.series,
        "per_supplier": learned.suppliers,
        "scores": learned.scores,
        "per_supplier_demand": learned.supplier_scores,
        "backtest_lead_time": learned.lead_times,
        "replay": learned.candidates,
        "replay_cycles": learned.cycles,
        "members": learned.members,
    }
    for name, table in tables.items():
        table.to_parquet(folder / f"{name}.parquet", index=False)
    for name in ("scores", "members"):
        tables[name].to_csv(folder / f"{name}.csv", index=False)  # MLflow's page shows it as a table
    report = orjson.dumps(
        checked.report(), option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY, default=str
    )
    (folder / "data_report.json").write_bytes(report)
    draw_figures(learned, folder / "figures")


def run_record(
    staging: Path, contents: BundleContents, source: str, checked: Checked, tuning: Tuning | None
) -> RunRecord:
    """Describe the run for MLflow; `staging` holds the folders `bundle` and `artifacts`."""
    info = contents.info
    tags = {name: str(info[name]) for name in ("name", "fingerprint", "as_of", "cutoff", "freq", "horizon")}
    if tuning is not None:
        tuning.trials.to_csv(staging / "artifacts" / "tuning.csv", index=False)
        tags["tuning"] = tuning.why
    return RunRecord(
        params={name: value for name, value in _flat(contents.config) if value is not None},
        tags=tags | {"source": shown_url(source)},
        metrics={**contents.metrics, **(tuning.metrics() if tuning else {})},
        artifacts=staging / "artifacts",
        bundle=staging / "bundle",
        source=source,
        tables=checked.tables,
        fingerprint=info["fingerprint"],
        trials=tuning.trials if tuning is not None else pd.DataFrame(),
    )


def judged(record: RunRecord, verdict: Judgement) -> RunRecord:
    """Add the comparison with the champion of the day."""
    return replace(
        record,
        tags={**record.tags, "verdict": verdict.why},
        metrics={**record.metrics, **verdict.metrics()},
    )


def _flat(values: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """`demand.horizon`, 8 … from the nested config."""
    pairs: list[tuple[str, Any]] = []
    for name, value in values.items():
        if isinstance(value, Mapping) and value:
            pairs += _flat(value, f"{prefix}{name}.")
        else:
            pairs.append((f"{prefix}{name}", value))
    return pairs
