"""What people approved and rejected, from the state table `decisions`: each with what the action promised then."""

from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Engine, Select, func, select

from database.decisions import CATEGORIES
from database.schema import action_ledger, decisions, recommendations
from planning.realised.promise import Promise

REJECTION_COLUMNS = ["action_id", "kind", "supplier_id", "category", "label", "worth", "facts", "rejected_on"]


def standing_promises(engine: Engine, *, today: date) -> list[Promise]:
    """Approvals that stand, the oldest first, but those whose worth is realised already.

    One that somebody has taken back since is none, nor one from before there was a ledger.
    """
    table = recommendations.c
    booked = (action_ledger.c.state, action_ledger.c.evidence)
    query = _last_decisions(
        "approve", decisions.c.who, decisions.c.agreed, table.done_at, table.done_by, *booked
    )
    over = func.coalesce(action_ledger.c.state, "") == "realised"
    query = query.where(~over).order_by(decisions.c.id)
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    return [_promise(dict(row), today) for row in rows if row["promised"]]


def standing_rejections(engine: Engine) -> pd.DataFrame:
    """Actions that stand rejected, `REJECTION_COLUMNS`: worth and facts as they were then, in which category."""
    with engine.connect() as connection:
        rows = connection.execute(_last_decisions("reject", decisions.c.category)).mappings().all()
    found = [
        {
            "action_id": row["action_id"],
            "kind": row["promised"]["kind"],
            "supplier_id": row["promised"]["supplier_id"],
            "category": row["category"],
            "label": CATEGORIES.get(row["category"], ""),
            "worth": float(row["promised"]["worth"]),
            "facts": row["promised"]["facts"] or {},
            "rejected_on": row["promised"]["decided_on"],
        }
        for row in rows
        if row["promised"]
    ]
    return pd.DataFrame(found, columns=REJECTION_COLUMNS)


def _last_decisions(verdict: str, *more: Any) -> Select[Any]:
    """Query of the decisions with this verdict that are the last about their action."""
    newest = select(func.max(decisions.c.id)).group_by(decisions.c.action_id)
    columns = (decisions.c.id, decisions.c.action_id, decisions.c.promised, *more)
    joined = decisions.join(recommendations, recommendations.c.action_id == decisions.c.action_id)
    joined = joined.outerjoin(action_ledger, action_ledger.c.decision_id == decisions.c.id)
    query = select(*columns).select_from(joined)
    return query.where(decisions.c.id.in_(newest), decisions.c.verdict == verdict)


def _promise(row: dict[str, Any], today: date) -> Promise:
    """A promise from its row."""
    said = row["promised"]
    facts, basis = said["facts"] or {}, said["basis"] or {}
    done = row["done_at"]
    return Promise(
        decision_id=int(row["id"]),
        action_id=str(row["action_id"]),
        kind=said["kind"],
        unique_id=said["unique_id"],
        supplier_id=said["supplier_id"],
        alternative_supplier_id=said["alternative_supplier_id"],
        title=said["title"],
        quantity=said["quantity"],
        who=row["who"],
        decided_on=date.fromisoformat(said["decided_on"]),
        worth=float(said["worth"]),
        worth_period=said["worth_period"],
        low=facts.get("worth_low"),
        high=facts.get("worth_high"),
        chance=facts.get("chance"),
        effort=float(said["effort"] or 0.0),
        worth_in_horizon=float(
            said["worth"] if said["worth_in_horizon"] is None else said["worth_in_horizon"]
        ),
        facts=facts | {"act_by": said["act_by"]},
        basis={"as_of": said["planned_on"]} | basis,
        agreed=row["agreed"] or {},
        done_on=None
        if done is None
        else min(done.date(), today),  # the data may be of another year than the clock
        done_by=row["done_by"],
        seen={each["unique_id"]: each["on"] for each in row["evidence"] or []}
        if row["state"] == "in_effect"
        else {},
    )
