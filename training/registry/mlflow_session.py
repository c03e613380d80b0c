"""Use of MLflow at a tracking URI: imported late, kept quiet, its errors turned into one domain error."""

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from configs.errors import DomainError


class RegistryError(DomainError):
    """MLflow refuses or cannot be reached: says where, what and the fix."""


@contextmanager
def mlflow_at(uri: str) -> Iterator[Any]:
    """Use MLflow at a tracking URI, quietly; what it and its database raise becomes RegistryError.

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
        raise RegistryError(
            f"MLflow at {url_without_password(uri)}: {first}; check PURVEY_TRACKING_URI"
        ) from error
    finally:
        mlflow.set_tracking_uri(before)


def url_without_password(url: str) -> str:
    """URL of MLflow, or of what a run learned from, without its password, as MLflow's errors and tags may show it."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return url


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence MLflow's progress bars, hints and migration log, which would run through ours."""
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
