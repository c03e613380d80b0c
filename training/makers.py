"""Which models a run trains."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from configs.schema import Config
from features.orders.supplier_calendar import SupplierCalendar
from models.protocols import Forecaster, LeadTimeModel
from training.evaluation.frames import BacktestedForecaster


@dataclass(frozen=True)
class ModelFactories:
    """Functions that make the models.

    Attributes
    ----------
    demand, lead_time : make an unfitted model for a config (and a horizon)
    load_demand : reads the demand model a bundle holds, from its folder
    """

    demand: Callable[[Config, int], BacktestedForecaster]
    lead_time: Callable[[Config, SupplierCalendar], LeadTimeModel]
    load_demand: Callable[[Path], Forecaster]


def purvey_models() -> ModelFactories:
    """Return the makers of the models in use."""
    from models.demand.forecaster import DemandEnsemble
    from models.lead_time.forecaster import LeadTimeForecaster

    return ModelFactories(
        demand=lambda config, h: DemandEnsemble(config.demand, h, config.seed, config.threads),
        lead_time=lambda config, supplier_calendar: LeadTimeForecaster(
            config.lead_time, config.seed, supplier_calendar
        ),
        load_demand=DemandEnsemble.load,
    )
