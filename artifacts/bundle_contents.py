"""The contents of a model bundle in memory: what training hands over to be written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

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
    groups: GroupCalibration | None = None
    group_forecast: GroupForecast | None = None
