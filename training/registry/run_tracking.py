"""Tracking of a training run in MLflow: parameters, inputs, metrics, artefacts, trials and the model itself."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features.contract.tables import TABLES
from training.registry.mlflow_registry import MODEL, MlflowRegistry, ModelVersion
from training.registry.mlflow_session import mlflow_at, url_without_password
from training.registry.run_record import RunRecord

MOST_TRIALS = 50
"""Trials of a search with runs of their own, the first and the best; thousands of runs make MLflow crawl."""

MODEL_FILE = Path(__file__).with_name("pyfunc_model.py")


def log_run(uri: str, artifact_root: Path, record: RunRecord, *, bundle_hash: str) -> ModelVersion:
    """Log a training run at the MLflow tracking URI, register its model, and return the version.

    Artefacts of a database URI go under `artifact_root`; an MLflow server keeps them where it likes.

    Raises
    ------
    RegistryError
        When MLflow cannot be reached or refuses.
    """
    registry = MlflowRegistry(uri)
    with mlflow_at(uri) as mlflow:
        experiment = _tracking_experiment(registry.client, uri, artifact_root)
        home = _home_tag(artifact_root)
        close_killed_runs(registry.client, experiment, home)
        with mlflow.start_run(experiment_id=experiment, tags={**record.tags, **home}) as run:
            mlflow.log_params(dict(record.params))
            mlflow.log_metrics(dict(record.metrics))
            registry.client.log_inputs(run.info.run_id, datasets=_dataset_inputs(record))
            mlflow.log_artifacts(str(record.artifacts))
            _log_trials(registry.client, experiment, run.info.run_id, trials=record.trials, home=home)
            model = _log_model(record.bundle)
    return registry.register(
        run_id=run.info.run_id, model_uri=model.model_uri, model_id=model.model_id, bundle_hash=bundle_hash
    )


def close_killed_runs(client: Any, experiment: str, home: dict[str, str]) -> None:
    """Close the runs of a home, by its tag, that a killed training left running; call it under the training's lock."""
    ((name, value),) = home.items()
    query = f"attributes.status = 'RUNNING' and tags.`{name}` = '{value}'"
    for run in client.search_runs([experiment], query):
        client.set_terminated(run.info.run_id, "KILLED")


def _home_tag(artifact_root: Path) -> dict[str, str]:
    """The tag by which a home knows its own runs on a tracking server that others use, too."""
    return {"purvey.home": hashlib.sha256(str(artifact_root.absolute()).encode()).hexdigest()[:16]}


def _log_trials(
    client: Any, experiment: str, parent: str, *, trials: pd.DataFrame, home: dict[str, str]
) -> None:
    """Log the first and the best trials of a parameter search as MLflow runs nested in `parent`."""
    from mlflow.entities import Metric, Param

    if not len(trials):
        return
    best = trials.iloc[1:].nsmallest(MOST_TRIALS - 1, "loss")
    for row in pd.concat([trials.iloc[:1], best]).sort_values("trial").to_dict("records"):
        tags = {"mlflow.parentRunId": parent, "mlflow.runName": f"trial {row['trial']}", **home}
        child = client.create_run(experiment, tags=tags).info.run_id
        figures = {name: row.pop(name) for name in ("trial", "loss", "seconds")}
        client.log_batch(
            child,
            metrics=[
                Metric(name, figures[name], 0, 0)
                for name in ("loss", "seconds")
                if np.isfinite(figures[name])
            ],
            params=[Param(name, str(value)) for name, value in row.items()],
        )
        client.set_terminated(child)


def _tracking_experiment(client: Any, uri: str, artifact_root: Path) -> str:
    """Id of the experiment under which run tracking logs every training run; made when it is not there."""
    found = client.get_experiment_by_name(MODEL)
    if found is not None:
        return str(found.experiment_id)
    local = not uri.startswith(("http:", "https:", "databricks"))
    return str(client.create_experiment(MODEL, artifact_root.absolute().as_uri() if local else None))


def _log_model(bundle: Path) -> Any:
    """Log the bundle as an MLflow pyfunc model, with the input signature of `pyfunc_model.py`."""
    import mlflow
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, Schema

    inputs = Schema([ColSpec("string", "unique_id"), ColSpec("long", "h", required=False)])
    return mlflow.pyfunc.log_model(
        name="model",
        python_model=str(MODEL_FILE),
        artifacts={"bundle": str(bundle)},
        pip_requirements=requirements(),
        signature=ModelSignature(inputs=inputs),
    )


def requirements() -> list[str]:
    """Pinned requirements of `pyfunc_model.py`; listed here because MLflow takes two seconds to infer them."""
    from importlib.metadata import version

    return [f"{name}=={version(name)}" for name in ("mlflow", "numpy", "pandas", "pyarrow")]


def _dataset_inputs(record: RunRecord) -> list[Any]:
    """Each table as an MLflow dataset input: name, columns, rows and span; the rows stay where they are."""
    from mlflow.entities import Dataset, DatasetInput, InputTag

    source = json.dumps({"uri": url_without_password(record.source)})
    kind = "sql" if "://" in record.source else "local"
    return [
        DatasetInput(
            Dataset(
                name=name,
                digest=record.fingerprint[:16],
                source_type=kind,
                source=source,
                schema=json.dumps({"mlflow_colspec": _columns(getattr(record.tables, name))}),
                profile=json.dumps(_profile(name, getattr(record.tables, name))),
            ),
            [InputTag("mlflow.data.context", "training")],
        )
        for name in record.tables.present
    ]


def _columns(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Columns of a tracked input table in MLflow's schema notation."""
    kinds = {"f": "double", "i": "long", "M": "datetime", "b": "boolean"}
    return [
        {"name": str(name), "type": kinds.get(dtype.kind, "string"), "required": False}
        for name, dtype in table.dtypes.items()
    ]


def _profile(name: str, table: pd.DataFrame) -> dict[str, Any]:
    """Profile of a tracked input table: its rows, and the first and last day of each of its date columns."""
    dates = [
        column for column, kind in TABLES[name].items() if kind == "date" and table[column].notna().any()
    ]
    span = {
        f"{column}_{end}": str(getattr(table[column], end)()) for column in dates for end in ("min", "max")
    }
    return {"num_rows": len(table), **span}
