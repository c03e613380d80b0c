"""What changes are tested with: records of plans of three SKUs, bought from `far`, each made by the planner."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from planning.changes.decision_basis import DecisionBasis
from planning.changes.plan_changes import moved_skus, plan_changes
from planning.changes.plan_record import PlanRecord
from planning.planner import Planner
from planning.tables.lead_time_table import lead_time_frame
from planning.tables.plan_table import plan_frame

NO_ACTIONS = pd.DataFrame({name: pd.Series(dtype=object) for name in ("action_id", "alternative_to")})


@dataclass(frozen=True)
class MadePlan:
    """A plan's record, with the forecast it was made from."""

    record: PlanRecord
    forecast: DemandForecast


@pytest.fixture(scope="session")
def make_plan(make_forecast, make_inputs, lead_times) -> Callable[..., MadePlan]:
    """A plan of three SKUs; what differs is named: means, spreads, rise, days (mean, sd), offer, on_hand, policy, …"""

    made: dict[str, MadePlan] = {}

    def make(**changed: Any) -> MadePlan:
        key = repr(sorted(changed.items()))
        if key not in made:
            made[key] = plan(**changed)
        return made[key]

    def plan(**changed: Any) -> MadePlan:
        known = {"means": (70.0, 8.0, 30.0), "spreads": (20.0, 4.0, 25.0), "rise": 0.0, "days": (35, 8)}
        given = known | {"on_hand": (200.0, 20.0, 600.0), "offer": {}, "policy": {}} | changed
        forecast = make_forecast(given["means"], given["spreads"], rise=given["rise"])
        offers = [
            {"supplier_id": "far", "unique_id": sku, "unit_price": 9.0} | given["offer"]
            for sku in forecast.unique_ids
        ]
        inputs = make_inputs(forecast.unique_ids, on_hand=given["on_hand"], offers=offers)
        times = lead_times({"far": given["days"]})
        assessment = Planner(forecast, times, PolicyConfig(**given["policy"])).assess(inputs)
        basis = DecisionBasis.of_assessment(assessment).frame(assessment.forecast.unique_ids)
        tables = plan_frame(assessment), NO_ACTIONS, lead_time_frame(assessment)
        return MadePlan(PlanRecord(inputs.as_of, *tables, basis), forecast)

    return make


@pytest.fixture(scope="session")
def changes_between() -> Callable[[MadePlan, MadePlan], pd.DataFrame]:
    """The table of what changed between two plans, by SKU."""

    def compare(old: MadePlan, new: MadePlan) -> pd.DataFrame:
        moved = moved_skus(old.record, new.record)
        forecasts = old.forecast, new.forecast
        table = plan_changes(moved, old.record, new.record, forecasts=forecasts)
        return table.set_index("unique_id", drop=False)

    return compare
