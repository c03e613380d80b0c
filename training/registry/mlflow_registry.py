"""The MLflow model registry: versions and aliases of the one registered model, and access to their runs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from training.registry.mlflow_session import RegistryError, mlflow_at

MODEL = "purvey"
"""The one registered model; it serves all SKUs."""

CHAMPION, CHALLENGER = "champion", "challenger"


class UnknownVersionError(RegistryError):
    """No such model version: says which there are."""


@dataclass(frozen=True)
class ModelVersion:
    """One version of the registered model.

    Attributes
    ----------
    number : "1", "2", …
    bundle_hash : hash of the bundle it holds
    run_id : the MLflow run that made it
    """

    number: str
    bundle_hash: str
    run_id: str
    created: datetime


class MlflowRegistry:
    """The model registry at an MLflow tracking URI."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        with mlflow_at(uri) as mlflow:
            self.client: Any = mlflow.MlflowClient(uri)

    def versions(self) -> list[ModelVersion]:
        """All versions of the model registered in MLflow, the newest first."""
        with mlflow_at(self.uri):
            found = self.client.search_model_versions(f"name = '{MODEL}'", max_results=1000)
        return sorted(map(_version, found), key=lambda version: -int(version.number))

    def find(self, name: str) -> ModelVersion:
        """Find the version of that number or alias in the MLflow registry.

        Raises
        ------
        UnknownVersionError
            When there is none.
        """
        versions = self.versions()
        number = self.aliases().get(name, name.removeprefix("v"))
        for version in versions:
            if version.number == number:
                return version
        available = ", ".join([*self.aliases(), *(version.number for version in versions[:10])])
        known = f"there are {available}" if available else "there is none yet, run `purvey train`"
        raise UnknownVersionError(f"no model version {name!r}: {known}")

    def bundle_folder(self, version: ModelVersion) -> Path:
        """Local folder with the bundle of a version in the MLflow registry, downloaded when it is kept elsewhere."""
        with mlflow_at(self.uri) as mlflow:
            root = mlflow.artifacts.download_artifacts(
                f"models:/{MODEL}/{version.number}", tracking_uri=self.uri
            )
        return Path(root) / "artifacts" / "bundle"

    def aliases(self) -> dict[str, str]:
        """Aliases in the MLflow registry → version number."""
        with mlflow_at(self.uri):
            found = self.client.search_registered_models(f"name = '{MODEL}'")
        return {alias: str(number) for model in found for alias, number in model.aliases.items()}

    def set_alias(self, alias: str, number: str | None) -> None:
        """Point an alias in the MLflow registry at a version, or remove it."""
        with mlflow_at(self.uri):
            if number is None:
                self.client.delete_registered_model_alias(MODEL, alias)
            else:
                self.client.set_registered_model_alias(MODEL, alias, number)

    def register(self, *, run_id: str, model_uri: str, model_id: str, bundle_hash: str) -> ModelVersion:
        """Register a model logged in MLflow as a new version and return it."""
        with mlflow_at(self.uri):
            if not self.client.search_registered_models(f"name = '{MODEL}'"):
                self.client.create_registered_model(MODEL)
            found = self.client.create_model_version(
                MODEL, model_uri, run_id, tags={"bundle_hash": bundle_hash}, model_id=model_id
            )
        return _version(found)

    def run_file(self, version: ModelVersion, name: str) -> Path:
        """Local copy of an artefact of the MLflow run that made the version; RegistryError without it."""
        with mlflow_at(self.uri) as mlflow:
            return Path(
                mlflow.artifacts.download_artifacts(
                    run_id=version.run_id, artifact_path=name, tracking_uri=self.uri
                )
            )

    def run_facts(self, version: ModelVersion) -> dict[str, Any]:
        """Params, metrics and tags of the MLflow run that made the version."""
        with mlflow_at(self.uri):
            run = self.client.get_run(version.run_id)
        tags = {key: value for key, value in run.data.tags.items() if not key.startswith("mlflow.")}
        return {"params": dict(run.data.params), "metrics": dict(run.data.metrics), "tags": tags}


def _version(found: Any) -> ModelVersion:
    """Model version from MLflow's own record of it."""
    return ModelVersion(
        number=str(found.version),
        bundle_hash=found.tags.get("bundle_hash", ""),
        run_id=found.run_id or "",
        created=datetime.fromtimestamp(found.creation_timestamp / 1000, UTC),
    )
