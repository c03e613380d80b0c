"""The contents of a model bundle: what training hands over, and how it is written as a folder of data files."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from artifacts.manifest import canonical_json, write_manifest
from artifacts.parts.explanation_store import write_explanation
from artifacts.parts.forecast_store import write_forecast
from artifacts.parts.group_forecast_store import GROUP_FORECAST_FILE, write_group_forecast
from distributions.demand_forecast import DemandForecast
from models.demand.attribution.explanation import Explanation
from models.demand.groups.group_calibration import GroupCalibration
from models.demand.groups.group_forecast import GroupForecast
from models.protocols import Forecaster, LeadTimeModel
from planning.policy.order_rules import OrderRules


@dataclass(frozen=True)
class BundleContents:
    """Everything that training puts into a model bundle.

    Attributes
    ----------
    demand, lead_time : the fitted models
    forecast : what `demand` predicts from the last period it has seen
    rules : calibrated order rules
    config : the config of the training run, without what must not change the result (threads)
    info : fingerprint, panel_fingerprint, as_of, freq, horizon, seed, notice, versions
    metrics : metric name → number, of the backtest
    per_series : backtest scores by SKU, one row each
    scores : backtest scores and coverage at every quantile by class and step, none where there was no backtest
    explanation : what the means of `forecast` are made of, none where the demand model cannot say
    backtest : scores of the rolling origins (`models.monitoring`), none where they were not kept
    sku_steps : backtest scores by SKU and step ahead, and sku_forecasts, its forecasts one step ahead beside what came
        (`training.evaluation.sku_backtest`); none where they were not kept
    groups, group_forecast : how forecast errors of SKUs in a group go together, and the forecast of the groups; none
        where the demand model has no backtest
    """

    demand: Forecaster
    lead_time: LeadTimeModel
    forecast: DemandForecast
    rules: OrderRules
    config: Mapping[str, Any]
    info: Mapping[str, Any]
    metrics: Mapping[str, float]
    per_series: pd.DataFrame
    scores: pd.DataFrame | None = None
    explanation: Explanation | None = None
    backtest: pd.DataFrame | None = None
    sku_steps: pd.DataFrame | None = None
    sku_forecasts: pd.DataFrame | None = None
    groups: GroupCalibration | None = None
    group_forecast: GroupForecast | None = None


def write_bundle(folder: Path, contents: BundleContents) -> str:
    """Write the contents of a model bundle into `folder`, which is made, and return the bundle's hash.

    Nothing in the folder depends on the clock, the machine or the number of threads.
    """
    _write_models(folder, contents)
    _write_tables(folder, contents)
    return write_manifest(folder, config=contents.config, info=contents.info, metrics=contents.metrics)


def _write_models(folder: Path, contents: BundleContents) -> None:
    """Write the models among a bundle's contents: those fitted, how groups of SKUs err together, the order rules."""
    for part in ("demand", "lead_time"):
        (folder / part).mkdir(parents=True)
    contents.demand.save(folder / "demand")
    contents.lead_time.save(folder / "lead_time")
    if contents.groups is not None:
        (folder / "groups.json").write_text(canonical_json(contents.groups.to_json()), encoding="utf-8")
    (folder / "rules.json").write_text(canonical_json(contents.rules.to_json()), encoding="utf-8")


def _write_tables(folder: Path, contents: BundleContents) -> None:
    """Write the tables among a bundle's contents: forecasts, backtest scores; what there is none of has no file."""
    write_forecast(contents.forecast, folder / "forecast.parquet")
    if contents.explanation is not None:
        write_explanation(contents.explanation, folder / "explanation.parquet")
    if contents.group_forecast is not None:
        write_group_forecast(contents.group_forecast, folder / GROUP_FORECAST_FILE)
    contents.per_series.to_parquet(folder / "per_series.parquet", index=False)
    for name in ("scores", "backtest", "sku_steps", "sku_forecasts"):
        table: pd.DataFrame | None = getattr(contents, name)
        if table is not None:
            table.to_parquet(folder / f"{name}.parquet", index=False)
