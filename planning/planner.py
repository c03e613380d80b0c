"""The planner: forecasts and lead times in, a plan with priced sourcing actions out."""

from dataclasses import dataclass, field

import pandas as pd

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from planning.actions.worklist import list_actions
from planning.assessment import Assessment, assess
from planning.inputs import PlanInputs
from planning.played_ahead.last_lot import without_useless_lots
from planning.policy.order_rules import OrderRules
from planning.protocols import LeadTimes
from planning.tables.lead_time_table import lead_time_frame
from planning.tables.open_orders_table import open_orders_frame
from planning.tables.plan_table import plan_frame
from planning.tables.projection_table import projection_frame


@dataclass(frozen=True)
class Plan:
    """A plan as tables.

    Attributes
    ----------
    plan : one row a SKU, as `planning.tables.plan_table.plan_frame` says
    lead_time : one row a lane (SKU × supplier)
    actions : sourcing actions, the most valuable first
    unanswered : unique_id and reason code of what could not be answered
    projection : one row a SKU and day, as `planning.tables.projection_table.projection_frame` says
    open_orders : one row a line still to come, with the days on which it may arrive
    """

    plan: pd.DataFrame
    lead_time: pd.DataFrame
    actions: pd.DataFrame
    unanswered: pd.DataFrame
    projection: pd.DataFrame
    open_orders: pd.DataFrame


@dataclass(frozen=True)
class Planner:
    """Plans any number of SKUs at once, for the batch job, the API and the pages alike.

    Attributes
    ----------
    forecast : demand of every SKU that can be planned
    lead_times : the lead-time model
    policy : targets and default costs
    rules : calibrated corrections for the cost target
    """

    forecast: DemandForecast
    lead_times: LeadTimes
    policy: PolicyConfig
    rules: OrderRules = field(default_factory=OrderRules)

    def assess(self, inputs: PlanInputs) -> Assessment:
        """Assess every SKU of the forecast: lanes, lead times, terms, open orders and today's decision.

        Raises
        ------
        PlanningError
            When a number is not finite, or the forecast starts after `inputs.as_of`.
        """
        assessment = assess(self.forecast, self.lead_times, inputs, self.policy, self.rules)
        return without_useless_lots(assessment)

    def plan(self, inputs: PlanInputs) -> Plan:
        """Plan every SKU of the forecast: its assessment and the priced actions, as tables; raises as `assess`."""
        assessment = self.assess(inputs)
        return Plan(
            plan=plan_frame(assessment),
            lead_time=lead_time_frame(assessment),
            actions=list_actions(assessment),
            unanswered=assessment.unanswered,
            projection=projection_frame(assessment),
            open_orders=open_orders_frame(assessment),
        )
