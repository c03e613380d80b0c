"""The state table `recommendations`: the actions that plan runs proposed, each with its status and last decision."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd
from sqlalchemy import Engine, Select, case, func, select

from database.schema import decisions, plan_runs, recommendations

Status = Literal["open", "approved", "rejected", "snoozed"]

PROPOSED_COLUMNS = (
    "action_id",
    "kind",
    "unique_id",
    "supplier_id",
    "alternative_supplier_id",
    "quantity",
    "worth",
    "worth_period",
    "act_by",
    "title",
    "evidence",
    "facts",
    "confidence",
    "effort",
    "worth_in_horizon",
    "alternative_to",
)
"""What a plan run says about an action; status and decisions belong to people."""


@dataclass(frozen=True)
class Recommendation:
    """A recommended action, its status, and who decided about it last.

    `alternative_to` is the better action of the SKU that excludes this one, none where it is part of the plan.
    `proposed` is false when the current plan run no longer proposes it; `status` is "open" again once
    `snooze_until` has come.
    """

    action_id: str
    kind: str
    unique_id: str
    supplier_id: str | None
    alternative_supplier_id: str | None
    quantity: float | None
    worth: float
    worth_period: str
    act_by: date | None
    title: str
    evidence: str
    facts: dict[str, Any]
    confidence: str | None
    effort: float | None
    worth_in_horizon: float | None
    alternative_to: str | None
    status: Status
    snooze_until: date | None
    proposed: bool
    decision_id: int | None
    who: str | None
    reason: str | None
    decided_at: datetime | None


@dataclass(frozen=True)
class RecommendationFilter:
    """Which recommendations to list; none: all of them."""

    status: Status | None = None
    kind: str | None = None
    supplier_id: str | None = None
    unique_id: str | None = None


def _recommendations_query(today: date) -> Select[Any]:
    """Select every recommendation with its last decision and its status on the day `today`."""
    table = recommendations.c
    current = select(func.max(plan_runs.c.id)).scalar_subquery()
    newest = (
        select(decisions.c.action_id, func.max(decisions.c.id).label("id"))
        .group_by(decisions.c.action_id)
        .subquery()
    )
    snooze_over = (table.status == "snoozed") & (table.snooze_until <= today)
    status = case((snooze_over, "open"), else_=table.status)
    joined = recommendations.outerjoin(newest, newest.c.action_id == table.action_id).outerjoin(
        decisions, decisions.c.id == newest.c.id
    )
    return select(
        *(table[name] for name in PROPOSED_COLUMNS),
        status.label("status"),
        table.snooze_until,
        (table.last_run == current).label("proposed"),
        decisions.c.id.label("decision_id"),
        decisions.c.who,
        decisions.c.reason,
        decisions.c.at.label("decided_at"),
    ).select_from(joined)


def list_recommendations(
    engine: Engine, where: RecommendationFilter, *, today: date, proposed: bool = True
) -> list[Recommendation]:
    """Return recommendations, what brings most for its effort first; `proposed`: only those of the current plan run."""
    rows = _recommendations_query(today).subquery()
    effort = case((rows.c.effort > 1, rows.c.effort), else_=1.0)
    gain = func.coalesce(rows.c.worth_in_horizon, rows.c.worth) / effort
    query = select(rows).order_by(gain.desc(), rows.c.act_by, rows.c.action_id)
    for name in ("status", "kind", "supplier_id", "unique_id"):
        value = getattr(where, name)
        if value is not None:
            query = query.where(rows.c[name] == value)
    if proposed:
        query = query.where(rows.c.proposed)
    with engine.connect() as connection:
        return [Recommendation(**row) for row in connection.execute(query).mappings()]


def find_recommendation(engine: Engine, action_id: str, *, today: date) -> Recommendation | None:
    """Return the recommendation with this action_id, none when no plan run ever proposed it."""
    query = _recommendations_query(today).where(recommendations.c.action_id == action_id)
    with engine.connect() as connection:
        row = connection.execute(query).mappings().one_or_none()
    return None if row is None else Recommendation(**row)


_FACTS = ("order_id", "line", "delay_days", "reduced_to", "share_of_time")


def approved_actions(engine: Engine, *, today: date) -> pd.DataFrame:
    """Return the approved actions, the last decision last, with what they say about an open order.

    Returns
    -------
    DataFrame
        kind, unique_id, supplier_id, alternative_supplier_id, order_id, line, delay_days (days), reduced_to (units) and
        share_of_time; empty where an action has none
    """
    approved = list_recommendations(
        engine, RecommendationFilter(status="approved"), today=today, proposed=False
    )
    by_decision = sorted(approved, key=lambda action: action.decision_id or 0)
    names = ("kind", "unique_id", "supplier_id", "alternative_supplier_id")
    rows = [
        {name: getattr(action, name) for name in names} | {name: action.facts.get(name) for name in _FACTS}
        for action in by_decision
    ]
    return pd.DataFrame(rows, columns=[*names, *_FACTS])


def action_statuses(engine: Engine) -> pd.DataFrame:
    """Return action_id and status of every recommended action that a plan run ever proposed, a row an action."""
    with engine.connect() as connection:
        rows = connection.execute(select(recommendations.c.action_id, recommendations.c.status)).all()
    return pd.DataFrame(rows, columns=["action_id", "status"])
