"""What people decided, counted: verdicts by lever, reasons of rejections, breaks, suppliers on an improvement plan."""

from typing import Any

import pandas as pd
from sqlalchemy import Engine, func, select

from database.schema import action_ledger, decisions, plan_runs, recommendations


def decision_counts(engine: Engine) -> pd.DataFrame:
    """Count the decisions that stand: kind, verdict, category, actions and worth (money, as it was then)."""
    newest = select(func.max(decisions.c.id)).group_by(decisions.c.action_id)
    query = (
        select(
            recommendations.c.kind,
            decisions.c.verdict,
            decisions.c.category,
            func.count().label("actions"),
            func.sum(decisions.c.worth).label("worth"),
        )
        .select_from(decisions.join(recommendations, recommendations.c.action_id == decisions.c.action_id))
        .where(decisions.c.id.in_(newest))
        .group_by(recommendations.c.kind, decisions.c.verdict, decisions.c.category)
        .order_by(recommendations.c.kind, decisions.c.verdict)
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return pd.DataFrame(rows, columns=["kind", "verdict", "category", "actions", "worth"])


def undecided_actions(engine: Engine) -> int:
    """Count the actions of the current plan that nobody has decided about; held back ones and alternatives not."""
    table = recommendations.c
    current = select(func.max(plan_runs.c.id)).scalar_subquery()
    open_now = (table.status == "open") & (table.last_run == current)
    apart = (func.coalesce(table.alternative_to, "") == "") & (func.coalesce(table.held_back, "") == "")
    with engine.connect() as connection:
        return connection.execute(
            select(func.count()).select_from(recommendations).where(open_now & apart)
        ).scalar_one()


def held_back_rules(engine: Engine) -> pd.DataFrame:
    """Why actions of the current plan are held back: kind, supplier_id, held_back (in words) and how many are."""
    table = recommendations.c
    current = select(func.max(plan_runs.c.id)).scalar_subquery()
    query = (
        select(table.kind, table.supplier_id, table.held_back, func.count().label("actions"))
        .where(table.last_run == current, func.coalesce(table.held_back, "") != "", table.status == "open")
        .group_by(table.kind, table.supplier_id, table.held_back)
    )
    with engine.connect() as connection:
        rows = connection.execute(query.order_by(table.kind, table.supplier_id)).all()
    return pd.DataFrame(rows, columns=["kind", "supplier_id", "held_back", "actions"])


def known_breaks(engine: Engine) -> pd.DataFrame:
    """Days from which something is known to be otherwise, by approved actions that took effect.

    Returns
    -------
    DataFrame
        `what`: lead_time, where an agreement changed how long a supplier takes, or vendor, where SKUs are bought
        elsewhere; unique_id, supplier_id (whose lead times, or who is bought from now), before (who was), since, title
    """
    query = select(action_ledger, decisions.c.promised.label("frozen")).join_from(action_ledger, decisions)
    with engine.connect() as connection:
        rows = [
            dict(row) for row in connection.execute(query.order_by(action_ledger.c.in_effect_on)).mappings()
        ]
    found = [each for row in rows if row["in_effect_on"] is not None for each in _breaks(row)]
    columns = ["what", "unique_id", "supplier_id", "before", "since", "title"]
    frame = pd.DataFrame(found, columns=columns)
    return frame.assign(since=pd.to_datetime(frame["since"]))


def _breaks(row: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Breaks of one booked action."""
    basis = (row["frozen"] or {}).get("basis") or {}
    found = []
    for sku in basis.get("skus", ()):
        before, after = sku["before"], sku.get("after")
        if not after:
            continue
        since, name = row["in_effect_on"], sku["unique_id"]
        if after["supplier_id"] != before["supplier_id"]:
            found.append(("vendor", name, after["supplier_id"], before["supplier_id"], since, row["title"]))
        elif after["lead_days"] != before["lead_days"]:
            found.append(("lead_time", name, after["supplier_id"], after["supplier_id"], since, row["title"]))
    return found


def improving_suppliers(engine: Engine) -> dict[str, str]:
    """Return the measures, joined by commas, of which an improvement plan is open or agreed, by supplier_id."""
    current = select(func.max(plan_runs.c.id)).scalar_subquery()
    table = recommendations.c
    query = select(table.supplier_id, table.facts).where(
        (table.kind == "improve_supplier") & (table.last_run == current) & (table.status != "rejected")
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return {row.supplier_id: str(row.facts.get("measures", "")) for row in rows if row.supplier_id}
