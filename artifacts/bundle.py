"""A trained model as a bundle: a folder of data files under a manifest, written by training, read by everybody else."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from artifacts.bundle_contents import BundleContents
from artifacts.explanation_store import ExplanationError, read_explanation, write_explanation
from artifacts.forecast_store import ForecastError, read_forecast, write_forecast
from artifacts.group_forecast_store import (
    GROUP_FORECAST_FILE,
    GroupForecastError,
    read_group_forecast,
    write_group_forecast,
)
from artifacts.manifest import BundleError, canonical_json, verified_manifest, write_manifest
from distributions.demand_forecast import DemandForecast
from models.demand.attribution.explanation import Explanation
from models.demand.groups.group_calibration import GroupCalibration
from models.demand.groups.group_forecast import GroupForecast
from models.monitoring.demand_scores import empty_scores
from models.protocols import Forecaster
from planning.policy.order_rules import OrderRules

if TYPE_CHECKING:
    from models.lead_time.forecaster import LeadTimeForecaster

Part = TypeVar("Part")


@dataclass(frozen=True)
class Bundle:
    """A verified model bundle; each part is read from its file when first asked for.

    Attributes
    ----------
    folder : where its files are
    hash : SHA-256 over its manifest, by which it is known everywhere
    config, info, metrics : as `artifacts.bundle_contents.BundleContents`
    """

    folder: Path
    hash: str
    config: dict[str, Any]
    info: dict[str, Any]
    metrics: dict[str, float]

    @cached_property
    def demand(self) -> Forecaster:
        """The fitted demand model."""
        from models.demand.forecaster import DemandForecaster

        return DemandForecaster.load(self.folder / "demand")

    @cached_property
    def lead_time(self) -> "LeadTimeForecaster":
        """The fitted lead-time model."""
        from models.lead_time.forecaster import LeadTimeForecaster

        return LeadTimeForecaster.load(self.folder / "lead_time")

    @cached_property
    def forecast(self) -> DemandForecast:
        """The forecast made at training time, from `info["cutoff"]` on."""
        try:
            return read_forecast(self.folder / "forecast.parquet")
        except ForecastError as error:
            raise BundleError(str(error)) from None

    @cached_property
    def explanation(self) -> Explanation | None:
        """What the means of `forecast` are made of; none where the demand model could not say."""
        return _read_optional(self.folder / "explanation.parquet", read_explanation)

    @cached_property
    def groups(self) -> GroupCalibration | None:
        """Correlated forecast errors of groups of SKUs; none in bundles trained before that was learned."""
        path = self.folder / "groups.json"
        return (
            GroupCalibration.from_json(json.loads(path.read_text(encoding="utf-8")))
            if path.exists()
            else None
        )

    @cached_property
    def group_forecast(self) -> GroupForecast | None:
        """The forecast of groups of SKUs that belongs to `forecast`; none as for `groups`."""
        return _read_optional(self.folder / GROUP_FORECAST_FILE, read_group_forecast)

    @cached_property
    def rules(self) -> OrderRules:
        """Calibrated order rules; without shifts where none were calibrated."""
        return OrderRules.from_json(json.loads((self.folder / "rules.json").read_text(encoding="utf-8")))

    @cached_property
    def per_series(self) -> pd.DataFrame:
        """Backtest scores by SKU, one row each."""
        return pd.read_parquet(self.folder / "per_series.parquet")

    @cached_property
    def scores(self) -> pd.DataFrame | None:
        """Backtest scores by sums, demand_class ("" all) and step k (0 all), with coverage; none where not kept."""
        path = self.folder / "scores.parquet"
        return pd.read_parquet(path) if path.exists() else None

    @cached_property
    def backtest(self) -> pd.DataFrame:
        """Scores of the training's rolling origins, for monitoring; no rows where they were not kept."""
        path = self.folder / "backtest.parquet"
        return pd.read_parquet(path) if path.exists() else empty_scores()


def write_bundle(folder: Path, contents: BundleContents) -> str:
    """Write `contents` as a bundle into `folder`, which is made, and return the bundle's hash.

    Nothing in the folder depends on the clock, the machine or the number of threads.
    """
    _write_models(folder, contents)
    _write_tables(folder, contents)
    return write_manifest(folder, config=contents.config, info=contents.info, metrics=contents.metrics)


def read_bundle(folder: Path, *, expected_hash: str | None = None) -> Bundle:
    """Read the bundle in `folder` after checking every file against the manifest.

    Parameters
    ----------
    expected_hash : the hash it must have, none: whatever it has

    Raises
    ------
    BundleError
        When a file is missing or altered, or the bundle is another one than expected.
    """
    manifest = verified_manifest(folder, expected_hash=expected_hash)
    return Bundle(folder, manifest["hash"], manifest["config"], manifest["info"], manifest["metrics"])


def _write_models(folder: Path, contents: BundleContents) -> None:
    """Write the fitted models, how groups of SKUs err together, and the order rules."""
    for part in ("demand", "lead_time"):
        (folder / part).mkdir(parents=True)
    contents.demand.save(folder / "demand")
    contents.lead_time.save(folder / "lead_time")
    if contents.groups is not None:
        (folder / "groups.json").write_text(canonical_json(contents.groups.to_json()), encoding="utf-8")
    (folder / "rules.json").write_text(canonical_json(contents.rules.to_json()), encoding="utf-8")


def _write_tables(folder: Path, contents: BundleContents) -> None:
    """Write the forecasts and the backtest's scores; what there is none of has no file."""
    write_forecast(contents.forecast, folder / "forecast.parquet")
    if contents.explanation is not None:
        write_explanation(contents.explanation, folder / "explanation.parquet")
    if contents.group_forecast is not None:
        write_group_forecast(contents.group_forecast, folder / GROUP_FORECAST_FILE)
    contents.per_series.to_parquet(folder / "per_series.parquet", index=False)
    if contents.scores is not None:
        contents.scores.to_parquet(folder / "scores.parquet", index=False)
    if contents.backtest is not None:
        contents.backtest.to_parquet(folder / "backtest.parquet", index=False)


def _read_optional(path: Path, read: Callable[[Path], Part]) -> Part | None:
    """Read a part of the bundle with `read`; none where this bundle has no such file."""
    try:
        return read(path) if path.exists() else None
    except (ExplanationError, GroupForecastError) as error:
        raise BundleError(str(error)) from None
