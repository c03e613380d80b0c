"""What a plan run decides: the plan, the suppliers' scorecard, and which actions are on today's list."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import pandas as pd

from configs.schema import PolicyConfig
from features.contract.tables import Tables
from features.demand.recent_demand import daily_rate
from features.orders.line_department import line_department
from jobs.plan_data import PlanData
from models.demand.groups.common_error import common_error
from planning.inputs import ASSUMED_COMMON_ERROR, PlanInputs
from planning.planner import Plan, Planner
from planning.worklist.daily_actions import listed_today
from planning.worklist.one_plan import in_plan
from suppliers.scorecard import Scorecard, scorecard


@dataclass(frozen=True)
class PlanDecision:
    """What a plan run decides, before anything is written."""

    plan: Plan
    scorecard: Scorecard
    policy: PolicyConfig


def decide(
    data: PlanData, policy: PolicyConfig, improving: Mapping[str, str] = MappingProxyType({})
) -> PlanDecision:
    """Plan all SKUs under `policy`.

    Parameters
    ----------
    improving : supplier_id → measures of which an improvement plan is open, joined by commas

    Raises
    ------
    PlanningError
        When a number is not finite, or the forecast starts after the day of the plan.
    """
    checked, recent = data.checked, daily_rate(data.recent_demand, data.checked.freq)
    inputs = PlanInputs.of(
        checked.tables,
        checked.orders,
        as_of=checked.as_of,
        recent_demand=recent,
        currency=data.currency,
        budgets=checked.tables.budgets,
    )
    closures = data.supplier_calendar.closed_days(checked.as_of)
    card = _scorecard(data)
    known = _with_recent(card, improving)
    inputs = replace(inputs, purchase_orders=with_departments(checked.tables))
    inputs = replace(inputs, overrides=data.overrides.of_skus, closures=closures, scorecard=known)
    inputs = replace(inputs, common_error=_common_error(data))
    lead_times = data.bundle.lead_time.with_calendar(data.supplier_calendar)
    planner = Planner(data.outlook.forecast, lead_times, policy, data.bundle.rules)
    return PlanDecision(planner.plan(inputs), card, policy)


def of_today(decision: PlanDecision, before: tuple[Collection[str], int]) -> PlanDecision:
    """The decision with `listed`, which of its actions are on today's list; lists of stock name no others.

    What is held back is on the list, from which it can be fetched, but none of those that a day brings.
    """
    plan, (known, already) = decision.plan, before
    held = (plan.actions["held_back"] != "").to_numpy(bool)
    listed = held.copy()
    some = plan.actions[~held]
    listed[~held] = listed_today(some, known, most=decision.policy.daily_actions, already=already)
    actions = plan.actions.assign(listed=listed)
    waiting = set(actions.loc[~listed, "action_id"])
    lists = {
        name: table.assign(action_id=table["action_id"].where(~table["action_id"].isin(waiting), ""))
        for name, table in (("running_out", plan.running_out), ("excess_stock", plan.excess_stock))
    }
    return replace(decision, plan=replace(plan, actions=actions, **lists))


def todays_actions(plan: Plan) -> pd.DataFrame:
    """The plan's actions that are part of it and to be dealt with today: listed, and not held back."""
    actions = plan.actions
    return actions[in_plan(actions) & actions["listed"] & (actions["held_back"] == "")]


def listed_actions(plan: Plan) -> pd.DataFrame:
    """The plan's actions that are on today's list."""
    return plan.actions[plan.actions["listed"]].drop(columns="listed")


def with_departments(tables: Tables) -> pd.DataFrame:
    """The purchase orders; where budgets are of departments, each line with its `department`."""
    orders = tables.purchase_orders
    if tables.budgets["department"].isna().all():
        return orders
    return orders.assign(department=line_department(orders, tables.approvals, tables.items))


def _common_error(data: PlanData) -> float:
    """What the forecasts of all SKUs miss alike, as a share; as assumed where the champion has not learned it."""
    learned, groups = data.bundle.groups, data.outlook.group_forecast
    if learned is None or learned.cumulative is None or groups is None:
        return ASSUMED_COMMON_ERROR
    return common_error(groups, data.outlook.forecast)


def _scorecard(data: PlanData) -> Scorecard:
    """Scorecards of the suppliers as of the day of the plan."""
    checked, tables = data.checked, data.checked.tables
    return scorecard(
        checked.orders, tables.purchase_orders, tables.suppliers, tables.offers, as_of=checked.as_of
    )


def _with_recent(card: Scorecard, improving: Mapping[str, str]) -> pd.DataFrame:
    """The scorecard with the rates of the last months, and what improvement plans are open about."""
    table = card.table.merge(card.recent.reset_index(), on="supplier_id", how="left")
    return table.assign(improving=table["supplier_id"].map(dict(improving)).fillna(""))
