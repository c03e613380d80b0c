"""Which models a run trains."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from configs.schema import Config
from features.orders.supplier_calendar import Places
from models.protocols import Forecaster, LeadTimeModel
from training.evaluation.frames import BacktestedForecaster


@dataclass(frozen=True)
class Makers:
    """Functions that make the models.

    Attributes
    ----------
    demand, lead_time : make an unfitted model for a config (and a horizon)
    load_demand : reads the demand model a bundle holds, from its folder
    """

    demand: Callable[[Config, int], BacktestedForecaster]
    lead_time: Callable[[Config, Places], LeadTimeModel]
    load_demand: Callable[[Path], Forecaster]


def purvey_models() -> Makers:
    """Return the makers of the models in use."""
    from models.demand.forecaster import DemandEnsemble
    from models.lead_time.forecaster import LeadTimeForecaster

    return Makers(
        demand=lambda config, h: DemandEnsemble(config.demand, h, config.seed, config.threads),
        lead_time=lambda config, places: LeadTimeForecaster(config.lead_time, config.seed, places),
        load_demand=DemandEnsemble.load,
    )
