"""A plan compared with the one before it, which is still the current one then."""

import pandas as pd
from sqlalchemy import Engine

from artifacts.plan_comparison import (
    PlanComparison,
    compare_plans,
    kept_forecast,
    nothing_to_compare,
    read_plan_record,
)
from artifacts.plan_manifest import SnapshotError
from database import plan_runs
from database.recommendations import action_statuses
from database.settings import Settings
from jobs.plan_data import PlanData
from planning.changes.plan_record import PlanRecord
from planning.planner import Plan


def compare_with_current(settings: Settings, engine: Engine, data: PlanData, plan: Plan) -> PlanComparison:
    """Compare a new plan of `data` with the current plan run, as far as there is one that can be read."""
    current = plan_runs.latest(engine)
    if current is None:
        return nothing_to_compare()
    folder, forecast = settings.plans / current.folder, data.outlook.forecast
    as_of: pd.Timestamp = data.checked.as_of
    new = PlanRecord(as_of, plan.plan, plan.actions, plan.lead_time, plan.basis)
    try:
        old = read_plan_record(folder)
        forecasts = kept_forecast(folder), lambda ids: forecast.select(forecast.rows(ids))
        return compare_plans(old, new, forecasts, action_statuses(engine))
    except SnapshotError as error:
        return nothing_to_compare(f"the plan before cannot be compared with: {error}")
