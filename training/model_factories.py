"""Factories of the demand and the lead-time model that a training run or a backtest fits."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pandas as pd

from configs.schema import Config
from features.orders.supplier_calendar import SupplierCalendar
from models.demand.backtest.demand_backtest import DemandBacktest
from models.protocols import Forecaster, LeadTimeModel


class BacktestedForecaster(Forecaster, Protocol):
    """A demand model that keeps the rolling-origin backtest its `fit` has run."""

    backtest_: DemandBacktest
    per_series_: pd.DataFrame


@dataclass(frozen=True)
class ModelFactories:
    """Functions that make the models of a training run.

    Attributes
    ----------
    demand, lead_time : make an unfitted model for a config (and a horizon, or a supplier calendar)
    load_demand : reads the demand model a bundle holds, from its folder
    """

    demand: Callable[[Config, int], BacktestedForecaster]
    lead_time: Callable[[Config, SupplierCalendar], LeadTimeModel]
    load_demand: Callable[[Path], Forecaster]


def default_factories() -> ModelFactories:
    """Factories of Purvey's own models: the demand forecaster and the lead-time forecaster."""
    from models.demand.forecaster import DemandForecaster
    from models.lead_time.forecaster import LeadTimeForecaster

    return ModelFactories(
        demand=lambda config, h: DemandForecaster(config.demand, h, config.seed, config.threads),
        lead_time=lambda config, calendar: LeadTimeForecaster(config.lead_time, config.seed, calendar),
        load_demand=DemandForecaster.load,
    )
