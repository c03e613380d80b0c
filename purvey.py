"""Purvey in Python: what a notebook or a script needs, each name imported when it is first asked for.

The command line is `commands/`. `docs/python.md` walks through the names below.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from artifacts.bundle import Bundle as Bundle
    from artifacts.bundle_store import open_bundle as open_bundle
    from configs.errors import DomainError as DomainError
    from configs.load import load_config as load_config
    from configs.schema import Config as Config
    from configs.schema import PolicyConfig as PolicyConfig
    from database.settings import Settings as Settings
    from database.sources import load_tables as load_tables
    from database.sources import read_source as read_source
    from distributions.demand_forecast import DemandForecast as DemandForecast
    from distributions.distribution import Distribution as Distribution
    from features.demand.panel_from_tables import make_panel as make_panel
    from features.quality.check import check_tables as check_tables
    from jobs.monitor import run_monitor as run_monitor
    from jobs.plan import run_plan as run_plan
    from models.demand.forecaster import DemandForecaster as DemandForecaster
    from models.lead_time.forecaster import LeadTimeForecaster as LeadTimeForecaster
    from planning.inputs import PlanInputs as PlanInputs
    from planning.planner import Plan as Plan
    from planning.planner import Planner as Planner
    from planning.policy.lead_time_demand import lead_time_demand as lead_time_demand
    from training.evaluation.backtest import backtest as backtest
    from training.pipeline import train as train

_HOME = {
    "Bundle": "artifacts.bundle",
    "open_bundle": "artifacts.bundle_store",
    "DomainError": "configs.errors",
    "load_config": "configs.load",
    "Config": "configs.schema",
    "PolicyConfig": "configs.schema",
    "Settings": "database.settings",
    "load_tables": "database.sources",
    "read_source": "database.sources",
    "DemandForecast": "distributions.demand_forecast",
    "Distribution": "distributions.distribution",
    "make_panel": "features.demand.panel_from_tables",
    "check_tables": "features.quality.check",
    "run_monitor": "jobs.monitor",
    "run_plan": "jobs.plan",
    "DemandForecaster": "models.demand.forecaster",
    "LeadTimeForecaster": "models.lead_time.forecaster",
    "PlanInputs": "planning.inputs",
    "Plan": "planning.planner",
    "Planner": "planning.planner",
    "lead_time_demand": "planning.policy.lead_time_demand",
    "backtest": "training.evaluation.backtest",
    "train": "training.pipeline",
}
"""Public name → the module it lives in."""

__all__ = sorted(_HOME)  # noqa: PLE0605 -- the names above, which a type checker reads from the imports


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"purvey has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
