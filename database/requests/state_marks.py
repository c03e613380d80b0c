"""A mark of the state: what moves with every change that people or plan runs make, for entity tags of answers."""

from sqlalchemy import Engine, func, select

from database.alerts.alert_tables import exceptions
from database.audit.table import audit_log
from database.schema import (
    action_notes,
    decisions,
    entered_overrides,
    model_ledger,
    override_ends,
    plan_runs,
    purchase_order_events,
    purchase_order_files,
)

_TABLES = (
    model_ledger,
    plan_runs,
    decisions,
    action_notes,
    purchase_order_events,
    purchase_order_files,
    entered_overrides,
    override_ends,
)
"""Tables that only grow, with every change of what the API answers from."""


def state_mark(engine: Engine) -> str:
    """Return the mark of the state: how many rows each table has.

    Not the last of them: of two transactions the one with the higher number may end first.
    """
    counts = [select(func.count()).select_from(table).scalar_subquery() for table in _TABLES]
    steps = audit_log.c.subject.startswith(f"{exceptions.name}/")  # exceptions change, and the log says so
    counts.append(select(func.count()).select_from(audit_log).where(steps).scalar_subquery())
    with engine.connect() as connection:
        return ".".join(str(count) for count in connection.execute(select(*counts)).one())
