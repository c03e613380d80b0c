"""A trained model read from its bundle, a folder of data files under a manifest that training wrote."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pandas as pd

from artifacts.manifest import BundleError, verified_manifest
from artifacts.parts.explanation_store import ExplanationError, read_explanation
from artifacts.parts.forecast_store import ForecastError, read_forecast
from artifacts.parts.group_forecast_store import (
    GROUP_FORECAST_FILE,
    GroupForecastError,
    read_group_forecast,
)
from configs.schedule import RetentionConfig
from configs.schema import DataConfig
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
    """A model bundle, read and verified; each part is read from its file when first asked for.

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

    @property
    def currency(self) -> str:
        """The company's currency, in which the bundle's model has all money."""
        return str(self.config.get("currency", "USD"))

    @property
    def data_config(self) -> DataConfig:
        """How the tables of the bundle's model are read, and into which currency."""
        data = DataConfig.model_validate(self.config["data"])
        return data if data.currency is not None else data.model_copy(update={"currency": self.currency})

    @property
    def retention(self) -> RetentionConfig:
        """How much of the past stays on disk, as the bundle's model was trained."""
        return RetentionConfig.model_validate(self.config.get("retention"))

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

    def sku_backtest(self, unique_id: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        """One SKU's backtest: scores by step ahead, and forecasts one step ahead beside what came; no rows if not kept.

        Read from the files each time: of many SKUs they are large, and pages show one.
        """
        paths = (self.folder / "sku_steps.parquet", self.folder / "sku_forecasts.parquet")
        only = [("unique_id", "==", unique_id)]
        steps, past = (pd.read_parquet(p, filters=only) if p.exists() else pd.DataFrame() for p in paths)
        return steps, past


def read_bundle(folder: Path, *, expected_hash: str | None = None) -> Bundle:
    """Read the model bundle in `folder` after checking every file against the manifest.

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


def _read_optional(path: Path, read: Callable[[Path], Part]) -> Part | None:
    """Read one part of a `Bundle` from its file at `path`; none where the bundle has no such file."""
    try:
        return read(path) if path.exists() else None
    except (ExplanationError, GroupForecastError) as error:
        raise BundleError(str(error)) from None
