"""The state table `recommendations`: the actions that plan runs proposed, each with its status and last decision."""

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    Subquery,
    and_,
    case,
    func,
    not_,
    or_,
    select,
    true,
)

from database.schema import action_ledger, decisions, plan_runs, recommendations

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
    "factor",
    "held_back",
)
"""What a plan run says about an action; status and decisions belong to people."""

Order = tuple[tuple[str, bool], ...]
"""Columns to sort by in turn, each with whether the largest comes first."""

_NEVER_MISSING = {"gain", "worth", "action_id", "unique_id", "kind"}
BY_GAIN: Order = (("gain", True), ("act_by", False), ("action_id", False))

_OF_PEOPLE = ("snooze_until", "assignee", "done_by", "done_at")


@dataclass(frozen=True)
class Recommendation:
    """A recommended action, its status, who decided about it last, whose it is, and who has carried it out.

    `alternative_to` is the better action of the SKU that excludes this one, none where it is part of the plan;
    `factor` what its lever brought so far of what it promised, `held_back` why it is not proposed, none where it is.
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
    factor: float | None
    held_back: str | None
    status: Status
    snooze_until: date | None
    assignee: str | None
    done_by: str | None
    done_at: datetime | None
    proposed: bool
    decision_id: int | None
    who: str | None
    reason: str | None
    decided_at: datetime | None


@dataclass(frozen=True)
class RecommendationFilter:
    """Which recommendations to list; none: all of them.

    `kinds` lets several kinds through; `held_back`: only open ones that are held back, or none of these.
    """

    status: Status | None = None
    kind: str | None = None
    kinds: tuple[str, ...] | None = None
    supplier_id: str | None = None
    unique_id: str | None = None
    assignee: str | None = None
    held_back: bool | None = None


def live_actions(today: date) -> Subquery:
    """Select every recommendation with its status on the day `today`, whether it is `proposed`, and its `gain`.

    `kept_status` is the status as it is stored, which an index knows. `gain` is what an action brings for its effort:
    the worth within the horizon, times the share of such promises that its lever has kept so far, over the effort.
    """
    table = recommendations.c
    current = select(func.max(plan_runs.c.id)).scalar_subquery()
    snooze_over = (table.status == "snoozed") & (table.snooze_until <= today)
    effort = case((table.effort > 1, table.effort), else_=1.0)
    return select(
        *(table[name] for name in (*PROPOSED_COLUMNS, *_OF_PEOPLE)),
        table.status.label("kept_status"),
        case((snooze_over, "open"), else_=table.status).label("status"),
        (table.last_run == current).label("proposed"),
        (
            func.coalesce(table.worth_in_horizon, table.worth) * func.coalesce(table.factor, 1.0) / effort
        ).label("gain"),
    ).subquery()


def ordered_by(columns: Any, order: Order) -> list[ColumnElement[Any]]:
    """SQL of an order of `recommendations`: by each column in turn, what is missing last."""
    parts: list[ColumnElement[Any]] = []
    for name, falling in order:
        column = columns[name]
        parts += [] if name in _NEVER_MISSING else [column.is_(None)]
        parts.append(column.desc() if falling else column)
    return parts


def read_recommendations(connection: Connection, chosen: Select[Any], order: Order) -> list[Recommendation]:
    """Read the recommendations of a query of `live_actions`, in an order, each with its last decision."""
    rows = chosen.subquery()
    of_action = decisions.alias()
    newest = select(func.max(of_action.c.id)).where(of_action.c.action_id == rows.c.action_id)
    query = select(
        *(rows.c[name] for name in (*PROPOSED_COLUMNS, *_OF_PEOPLE, "status", "proposed")),
        decisions.c.id.label("decision_id"),
        decisions.c.who,
        decisions.c.reason,
        decisions.c.at.label("decided_at"),
    ).select_from(rows.outerjoin(decisions, decisions.c.id == newest.scalar_subquery()))
    found = connection.execute(query.order_by(*ordered_by(rows.c, order))).mappings()
    return [Recommendation(**row) for row in found]


def list_recommendations(
    engine: Engine,
    where: RecommendationFilter,
    *,
    today: date,
    proposed: bool = True,
    part: tuple[int | str, int] | None = None,
) -> list[Recommendation]:
    """Return recommendations, what brings most for its effort first.

    Parameters
    ----------
    proposed : only those of the current plan run
    part : how many to leave out at the beginning, or the action_id after which to begin, and how many to return at
        most; none: all
    """
    rows = live_actions(today)
    ids = select(rows.c.action_id).where(_matches(rows, where, proposed=proposed))
    if part is not None:
        first, most = part
        ids = ids.where(_after(rows, first)) if isinstance(first, str) else ids.offset(first)
        ids = ids.order_by(*ordered_by(rows.c, BY_GAIN)).limit(most)
    query = select(rows).where(rows.c.action_id.in_(ids.correlate(None)))
    with engine.connect() as connection:
        return read_recommendations(connection, query, BY_GAIN)


def count_recommendations(engine: Engine, where: RecommendationFilter, *, today: date) -> int:
    """Count the recommendations of the current plan run that the filter lets through."""
    rows = live_actions(today)
    query = select(func.count()).select_from(rows).where(_matches(rows, where, proposed=True))
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def _matches(rows: Subquery, where: RecommendationFilter, *, proposed: bool) -> ColumnElement[bool]:
    """Condition on `live_actions` that recommendations of the filter meet."""
    asked = {item.name: getattr(where, item.name) for item in fields(where)}
    plain = {name: value for name, value in asked.items() if name not in {"held_back", "kinds"}}
    conditions = [rows.c[name] == value for name, value in plain.items() if value is not None]
    if where.kinds is not None:
        conditions.append(rows.c.kind.in_(where.kinds))
    if where.held_back is not None:
        held = and_(func.coalesce(rows.c.held_back, "") != "", rows.c.status == "open")
        conditions.append(held if where.held_back else not_(held))
    return and_(true(), *conditions, *([rows.c.proposed] if proposed else []))


def _after(rows: Subquery, action_id: str) -> ColumnElement[bool]:
    """Condition that actions meet which come after that one by gain, whatever was decided about it meanwhile."""
    last, day = rows.alias(), func.coalesce(rows.c.act_by, date.max)
    of_last = last.c.gain, func.coalesce(last.c.act_by, date.max)
    gain, act_by = (select(value).where(last.c.action_id == action_id).scalar_subquery() for value in of_last)
    tie = or_(day > act_by, and_(day == act_by, rows.c.action_id > action_id))
    return or_(rows.c.gain < gain, and_(rows.c.gain == gain, tie))


def find_recommendation(engine: Engine, action_id: str, *, today: date) -> Recommendation | None:
    """Return the recommendation with this action_id, none when no plan run ever proposed it."""
    rows = live_actions(today)
    with engine.connect() as connection:
        found = read_recommendations(connection, select(rows).where(rows.c.action_id == action_id), BY_GAIN)
    return found[0] if found else None


_FACTS = (
    "order_id", "line", "delay_days", "reduced_to", "share_of_time", "base_supplier_id", "surge_supplier_id",
    "base_point_share", "surge_point_share",
)  # fmt: skip


def approved_actions(engine: Engine, *, today: date) -> pd.DataFrame:
    """Return the approved actions, the last decision last, with what they say about an open order or about offers.

    Own numbers of an approval hold in the place of those proposed; what has lapsed holds no more.

    Returns
    -------
    DataFrame
        kind, unique_id, supplier_id, alternative_supplier_id, order_id, line, delay_days (days), reduced_to (units),
        share_of_time, and of two suppliers base_supplier_id and surge_supplier_id with the shares of their own reorder
        points; empty where an action has none; `agreed` and `basis`, objects as the decision has them
    """
    approved = list_recommendations(
        engine, RecommendationFilter(status="approved"), today=today, proposed=False
    )
    by_decision = sorted(approved, key=lambda action: action.decision_id or 0)
    ids = [action.decision_id for action in by_decision]
    with engine.connect() as connection:
        query = select(decisions.c.id, decisions.c.agreed, decisions.c.promised).where(
            decisions.c.id.in_(ids)
        )
        decided = {row.id: row for row in connection.execute(query)}
        lapsed = select(action_ledger.c.decision_id).where(action_ledger.c.state == "lapsed")
        gone = set(connection.execute(lapsed).scalars())
    rows = [
        _approved(action, decided[action.decision_id])
        for action in by_decision
        if action.decision_id not in gone
    ]
    names = ("kind", "unique_id", "supplier_id", "alternative_supplier_id")
    return pd.DataFrame(rows, columns=[*names, *_FACTS, "agreed", "basis"])


def _approved(action: Recommendation, decided: Any) -> dict[str, Any]:
    """An approved action as its decision has it, with own numbers in the place of those proposed."""
    agreed, promised = decided.agreed or {}, decided.promised or {}
    facts = (promised.get("facts") or action.facts) | agreed
    kept = "reduce" if action.kind == "cancel" and agreed.get("reduced_to") else action.kind
    return {
        "kind": kept,
        "unique_id": action.unique_id,
        "supplier_id": action.supplier_id,
        "alternative_supplier_id": action.alternative_supplier_id,
        **{name: facts.get(name) for name in _FACTS},
        "agreed": agreed,
        "basis": promised.get("basis") or {},
    }


def action_statuses(engine: Engine) -> pd.DataFrame:
    """Return action_id and status of every recommended action that a plan run ever proposed, a row an action."""
    with engine.connect() as connection:
        rows = connection.execute(select(recommendations.c.action_id, recommendations.c.status)).all()
    return pd.DataFrame(rows, columns=["action_id", "status"])


def listed_before(engine: Engine, day: date) -> tuple[frozenset[str], int]:
    """Return the action_ids that were ever on the list, and how many of them a plan of that `day` put there first.

    Alternatives to better actions are on it, and do not count.
    """
    first_on = select(recommendations.c.action_id, plan_runs.c.as_of, recommendations.c.alternative_to)
    query = first_on.join_from(recommendations, plan_runs, plan_runs.c.id == recommendations.c.first_run)
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return frozenset(row.action_id for row in rows), sum(
        row.as_of == day and not row.alternative_to for row in rows
    )
