"""Which models a run trains."""

from collections.abc import Callable
from dataclasses import dataclass

from models.protocols import LeadTimeModel
from training.config import Config
from training.frames import BacktestedForecaster


@dataclass(frozen=True)
class Makers:
    """Functions that make the unfitted models: of a config and a horizon, and of a config."""

    demand: Callable[[Config, int], BacktestedForecaster]
    lead_time: Callable[[Config], LeadTimeModel]


def purvey_models() -> Makers:
    """Return the makers of the models in use."""
    from models.demand.ensemble import DemandEnsemble
    from models.lead_time.ensemble import LeadTimeForecaster

    return Makers(
        demand=lambda config, h: DemandEnsemble(config.demand, h, config.seed, config.threads),
        lead_time=lambda config: LeadTimeForecaster(config.lead_time, config.seed),
    )
