"""What a trained model consists of before it is written down as a bundle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from distributions.demand_forecast import DemandForecast
from models.demand.attribution.explanation import Explanation
from models.demand.groups.calibration import Groups
from models.demand.groups.forecast import GroupForecast
from models.protocols import Forecaster, LeadTimeModel
from planning.policy.order_rules import OrderRules


@dataclass(frozen=True)
class BundleContents:
    """What training puts into a bundle.

    Attributes
    ----------
    demand, lead_time : the fitted models
    forecast : what `demand` predicts from the last period it has seen
    rules : calibrated order rules
    config : the config of the run, without what must not change the result (threads)
    info : fingerprint, panel_fingerprint, as_of, freq, horizon, seed, notice, versions
    metrics : metric name → number, of the backtest
    per_series : one row per SKU: what the backtest said about it
    scores : figures and coverage at every quantile by class and step, none where there was no backtest
    explanation : the parts of `forecast`, none where the demand model cannot say
    backtest : scores of the rolling origins (`models.monitoring`), none where they were not kept
    groups : how groups of SKUs err together, and their forecast; none where the demand model has no backtest
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
    groups: tuple[Groups, GroupForecast] | None = None
