"""Purvey in Python: what a notebook or a script needs, each name imported when it is first asked for.

The command line is `commands/`. `docs/python.md` walks through the names below.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from artifacts.bundle import Bundle
    from artifacts.bundle_store import open_bundle
    from configs.errors import DomainError
    from configs.load import load_config
    from configs.schema import Config, PolicyConfig
    from database.settings import Settings
    from database.sources.load_tables import load_tables, read_source
    from distributions.demand_forecast import DemandForecast
    from distributions.distribution import Distribution
    from features.demand.panel_from_tables import make_panel
    from features.quality.check import check_tables
    from jobs.monitor import run_monitor
    from jobs.plan import run_plan
    from models.demand.forecaster import DemandForecaster
    from models.lead_time.forecaster import LeadTimeForecaster
    from planning.inputs import PlanInputs
    from planning.planner import Plan, Planner
    from planning.policy.lead_time_demand import lead_time_demand
    from training.evaluation.backtest import backtest
    from training.pipeline import train

_HOME = {
    "Bundle": "artifacts.bundle",
    "open_bundle": "artifacts.bundle_store",
    "DomainError": "configs.errors",
    "load_config": "configs.load",
    "Config": "configs.schema",
    "PolicyConfig": "configs.schema",
    "Settings": "database.settings",
    "load_tables": "database.sources.load_tables",
    "read_source": "database.sources.load_tables",
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

__all__ = [
    "Bundle",
    "Config",
    "DemandForecast",
    "DemandForecaster",
    "Distribution",
    "DomainError",
    "LeadTimeForecaster",
    "Plan",
    "PlanInputs",
    "Planner",
    "PolicyConfig",
    "Settings",
    "backtest",
    "check_tables",
    "lead_time_demand",
    "load_config",
    "load_tables",
    "make_panel",
    "open_bundle",
    "read_source",
    "run_monitor",
    "run_plan",
    "train",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first asked for."""
    if name not in _HOME:
        raise AttributeError(f"purvey has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return __all__
