"""The registered model's versions in MLflow."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from configs.errors import DomainError

MODEL = "purvey"
"""The one registered model; it serves all SKUs."""

CHAMPION, CHALLENGER = "champion", "challenger"


class RegistryError(DomainError):
    """MLflow does not do what was asked: says where, what and the fix."""


class UnknownVersionError(RegistryError):
    """No such model version: says which there are."""


@dataclass(frozen=True)
class Version:
    """One registered version.

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


class ModelRegistry(Protocol):
    """What promotion needs of a registry."""

    def versions(self) -> list[Version]:
        """All versions, the newest first."""
        ...

    def find(self, name: str) -> Version:
        """The version of that number or alias; UnknownVersionError when there is none."""
        ...

    def bundle_folder(self, version: Version) -> Path:
        """A local folder with the version's bundle."""
        ...

    def aliases(self) -> dict[str, str]:
        """Alias → version number."""
        ...

    def set_alias(self, alias: str, number: str | None) -> None:
        """Point the alias at a version, or nowhere."""
        ...


class MlflowRegistry:
    """The registry at an MLflow tracking URI."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        with mlflow_at(uri) as mlflow:
            self.client: Any = mlflow.MlflowClient(uri)

    def versions(self) -> list[Version]:
        """All versions, the newest first."""
        with mlflow_at(self.uri):
            found = self.client.search_model_versions(f"name = '{MODEL}'", max_results=1000)
        return sorted(map(_version, found), key=lambda version: -int(version.number))

    def find(self, name: str) -> Version:
        """The version of that number or alias.

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
        there = ", ".join([*self.aliases(), *(version.number for version in versions[:10])])
        known = f"there are {there}" if there else "there is none yet, run `purvey train`"
        raise UnknownVersionError(f"no model version {name!r}: {known}")

    def bundle_folder(self, version: Version) -> Path:
        """Return a local folder with the version's bundle, downloaded when MLflow keeps it elsewhere."""
        with mlflow_at(self.uri) as mlflow:
            root = mlflow.artifacts.download_artifacts(
                f"models:/{MODEL}/{version.number}", tracking_uri=self.uri
            )
        return Path(root) / "artifacts" / "bundle"

    def aliases(self) -> dict[str, str]:
        """Alias → version number."""
        with mlflow_at(self.uri):
            found = self.client.search_registered_models(f"name = '{MODEL}'")
        return {alias: str(number) for model in found for alias, number in model.aliases.items()}

    def set_alias(self, alias: str, number: str | None) -> None:
        """Point the alias at a version, or nowhere."""
        with mlflow_at(self.uri):
            if number is None:
                self.client.delete_registered_model_alias(MODEL, alias)
            else:
                self.client.set_registered_model_alias(MODEL, alias, number)

    def register(self, *, run_id: str, model_uri: str, model_id: str, bundle_hash: str) -> Version:
        """Add a version for a logged model and return it."""
        with mlflow_at(self.uri):
            if not self.client.search_registered_models(f"name = '{MODEL}'"):
                self.client.create_registered_model(MODEL)
            found = self.client.create_model_version(
                MODEL, model_uri, run_id, tags={"bundle_hash": bundle_hash}, model_id=model_id
            )
        return _version(found)

    def run_file(self, version: Version, name: str) -> Path:
        """Return a local copy of an artefact of the run that made the version; RegistryError without it."""
        with mlflow_at(self.uri) as mlflow:
            return Path(
                mlflow.artifacts.download_artifacts(
                    run_id=version.run_id, artifact_path=name, tracking_uri=self.uri
                )
            )

    def run_facts(self, version: Version) -> dict[str, Any]:
        """Return the params, metrics and tags of the run that made the version."""
        with mlflow_at(self.uri):
            run = self.client.get_run(version.run_id)
        tags = {key: value for key, value in run.data.tags.items() if not key.startswith("mlflow.")}
        return {"params": dict(run.data.params), "metrics": dict(run.data.metrics), "tags": tags}


def _version(found: Any) -> Version:
    return Version(
        number=str(found.version),
        bundle_hash=found.tags.get("bundle_hash", ""),
        run_id=found.run_id or "",
        created=datetime.fromtimestamp(found.creation_timestamp / 1000, UTC),
    )


@contextmanager
def mlflow_at(uri: str) -> Iterator[Any]:
    """MLflow at `uri`, quietly; what it and its database raise becomes RegistryError.

    The URI is set globally for the while, because the registry's client looks models up through the global one.
    """
    os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # read when MLflow is imported
    import mlflow
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(uri)
    try:
        with _quiet():
            yield mlflow
    except (MlflowException, SQLAlchemyError, OSError) as error:
        first = str(error).strip().splitlines()[0]
        raise RegistryError(f"MLflow at {shown_url(uri)}: {first}; check PURVEY_TRACKING_URI") from error
    finally:
        mlflow.set_tracking_uri(before)


def shown_url(url: str) -> str:
    """`url` without its password."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


@contextmanager
def _quiet() -> Iterator[None]:
    """Without MLflow's progress bars, hints and migration log, which would run through ours."""
    from mlflow.environment_variables import MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR as BAR

    names = ("mlflow", "alembic")
    levels = {name: logging.getLogger(name).level for name in names}
    bar = BAR.get_raw()
    BAR.set(value=False)
    for name in names:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        BAR.unset() if bar is None else BAR.set(bar)
