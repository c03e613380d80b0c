"""The planner: forecasts and lead times in, a plan with priced sourcing actions out."""

from dataclasses import dataclass, field, replace

import pandas as pd

from configs.schema import PolicyConfig
from distributions.demand_forecast import DemandForecast
from planning.assessment import Assessment, assess
from planning.changes.decision_basis import DecisionBasis
from planning.compare.service_promise import service_cost_frame
from planning.inputs import PlanInputs
from planning.levers.lever_plays import LeverPlays
from planning.levers.responsible.preferred_vendors import off_preferred_frame
from planning.levers.responsible.responsible_table import responsible_frame
from planning.levers.rhythm.eoq import eoq_table
from planning.levers.term_worth import no_term_worth, term_worth
from planning.orders.joint_orders import joint_orders
from planning.overrides.order_overrides import with_order_overrides
from planning.played_ahead.last_lot import without_useless_lots
from planning.played_ahead.spend_ahead import SpendAhead, spend_ahead
from planning.policy.order_rules import OrderRules
from planning.protocols import LeadTimes
from planning.stock_review.excess_stock import excess_stock
from planning.stock_review.running_out import running_out
from planning.tables.lead_time_table import lead_time_frame
from planning.tables.open_orders_table import open_orders_frame
from planning.tables.order_lines_table import order_lines_frame
from planning.tables.orders_table import budget_use_frame, orders_frame
from planning.tables.plan_table import plan_frame
from planning.tables.projection_table import projection_frame
from planning.worklist.list_actions import list_actions


@dataclass(frozen=True)
class Plan:
    """A plan as tables.

    Attributes
    ----------
    plan : one row a SKU, as `planning.tables.plan_table.plan_frame` says
    alone : the same of what each SKU alone would order
    lead_time : one row a lane (SKU × supplier)
    actions : sourcing actions, the most valuable first
    unanswered : unique_id and reason code of what could not be answered
    projection : one row a SKU and day, as `planning.tables.projection_table.projection_frame` says
    open_orders : one row a line still to come, with the days on which it may arrive
    order_lines : one row a line of today's orders, as they go out
    orders : one row a supplier that something is ordered from today, or that waits
    budget_use : one row a budget of today's period
    running_out : SKUs whose stock runs out, by the money at stake
    excess_stock : stock that lies, by the money it ties up
    responsible : shares of spend by category, their goals and the price of these
    off_preferred : what was bought outside the preferred vendors
    service_cost : what each SKU's service costs a year at levels from 90 to 99.5 %, one row a SKU and level
    term_worth : what one step better of each term is worth with each supplier and SKU
    eoq : economic order quantities of SKUs and suppliers, and what a tenth less of S and H is worth
    spend_ahead : what the orders of the coming months will cost
    basis : what the decision on each SKU rests on, for what changes until the next plan
    """

    plan: pd.DataFrame
    alone: pd.DataFrame
    lead_time: pd.DataFrame
    actions: pd.DataFrame
    unanswered: pd.DataFrame
    projection: pd.DataFrame
    open_orders: pd.DataFrame
    order_lines: pd.DataFrame
    orders: pd.DataFrame
    budget_use: pd.DataFrame
    running_out: pd.DataFrame
    excess_stock: pd.DataFrame
    responsible: pd.DataFrame
    off_preferred: pd.DataFrame
    service_cost: pd.DataFrame
    term_worth: pd.DataFrame
    eoq: pd.DataFrame
    spend_ahead: SpendAhead
    basis: pd.DataFrame


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
        return _with_overrides(without_useless_lots(assessment))

    def plan(self, inputs: PlanInputs) -> Plan:
        """Plan every SKU of the forecast: its assessment and the priced actions, as tables; raises as `assess`."""
        assessment = self.assess(inputs)
        plays = LeverPlays(assessment.one_supplier_each)
        actions, open_orders = list_actions(assessment, plays), open_orders_frame(assessment)
        orders = joint_orders(assessment)
        lines = order_lines_frame(assessment, orders)
        return Plan(
            plan=plan_frame(assessment, orders),
            alone=plan_frame(assessment),
            lead_time=lead_time_frame(assessment),
            actions=actions,
            unanswered=assessment.unanswered,
            projection=projection_frame(assessment),
            open_orders=open_orders,
            order_lines=lines,
            orders=orders_frame(assessment, orders, lines),
            budget_use=budget_use_frame(orders),
            running_out=running_out(assessment, actions, open_orders),
            excess_stock=excess_stock(assessment, actions),
            responsible=responsible_frame(assessment, actions),
            off_preferred=off_preferred_frame(assessment),
            service_cost=service_cost_frame(assessment),
            term_worth=term_worth(plays) if self.policy.levers == "all" else no_term_worth(),
            eoq=eoq_table(assessment),
            spend_ahead=spend_ahead(assessment, orders.all_quantities(assessment.decision.quantity)),
            basis=DecisionBasis.of_assessment(assessment).frame(assessment.forecast.unique_ids),
        )


def _with_overrides(assessment: Assessment) -> Assessment:
    """The planner's assessment with the orders that people hold back or fix."""
    of_skus = assessment.inputs.overrides
    if of_skus.empty:
        return assessment
    ids, terms = assessment.forecast.unique_ids, assessment.chosen_terms
    decision, overrides = with_order_overrides(assessment.decision, terms, assessment.setting, ids, of_skus)
    top_ups = assessment.top_ups.without(overrides.settled)
    return replace(assessment, decision=decision, overrides=overrides, top_ups=top_ups)
