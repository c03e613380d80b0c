"""Sightings of purchase orders in the ERP system's table: what a plan run reads of them, and writes when it is done."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, select

from database.purchase_orders.records import (
    PLACED,
    OrderEvent,
    OrderLine,
    OrderStatus,
    PurchaseOrder,
)
from database.purchase_orders.store import add_events, load_orders, lock_orders, update_order
from database.schema import plan_runs, purchase_orders, utc_now
from planning.placed_orders import Sightings

WATCHED: tuple[OrderStatus, ...] = (*PLACED, "confirmed")
WHO = "plan run"
PLACED_COLUMNS = (
    "order_id", "line", "supplier_id", "unique_id", "quantity", "unit_price", "status", "order_on", "ordered_on",
    "awaited_from", "due", "proposed_due", "known_before", "erp_order_id", "erp_quantity", "planned_on",
)  # fmt: skip
_DAYS = ["order_on", "ordered_on", "awaited_from", "due", "proposed_due", "planned_on"]


def placed_lines(engine: Engine) -> pd.DataFrame:
    """Return the lines of orders that were approved and may be still to come, or to be received, a row a line.

    Returns
    -------
    DataFrame
        `PLACED_COLUMNS`; days are datetime64, `planned_on` that of the plan they answer, `known_before` tuples of the
        ERP's ids of orders
    """
    query = select(purchase_orders).where(purchase_orders.c.status.in_(WATCHED))
    with engine.connect() as connection:
        orders = load_orders(connection, query.order_by(purchase_orders.c.number))
        runs = select(plan_runs.c.id, plan_runs.c.as_of).where(
            plan_runs.c.id.in_(query.with_only_columns(purchase_orders.c.run_id))
        )
        planned_on = {row.id: row.as_of for row in connection.execute(runs)}
    rows = [
        _row(order, line) | {"planned_on": planned_on.get(order.run_id)}
        for order in orders
        for line in order.ordered
    ]
    frame = pd.DataFrame(rows, columns=list(PLACED_COLUMNS))
    days = {name: pd.to_datetime(frame[name]).astype("datetime64[ns]") for name in _DAYS}
    numbers = {name: frame[name].astype(float) for name in ("quantity", "unit_price", "erp_quantity")}
    return frame.assign(**days, **numbers)


def _row(order: PurchaseOrder, line: OrderLine) -> dict[str, Any]:
    """Row of a placed order's line."""
    return {name: getattr(line if hasattr(line, name) else order, name, None) for name in PLACED_COLUMNS}


def record_sightings(connection: Connection, run_id: int, sightings: Sightings) -> None:
    """Record what plan run `run_id` found out about placed orders, in the transaction that makes it the current one.

    An order that somebody reopened or withdrew while the run was made stays so.
    """
    lock_orders(connection)
    if not sightings.counted:
        return
    table = purchase_orders.c
    query = select(purchase_orders).where(table.order_id.in_(sightings.counted), table.status.in_(WATCHED))
    seen = {(row.order_id, row.line): row for row in sightings.lines.itertuples()}
    for before in load_orders(connection, query):
        after, events = sighted(before, seen, sightings.status.get(before.order_id))
        if after != before:
            after = replace(after, version=before.version + 1)
        after = replace(after, counted_run=run_id)
        update_order(connection, before, after)
        add_events(connection, after, events, who=WHO)


def sighted(
    order: PurchaseOrder, seen: Mapping[tuple[str, int], Any], status: OrderStatus | None
) -> tuple[PurchaseOrder, list[OrderEvent]]:
    """The order with what the ERP's table shows of its lines, and the events that say what is new in it.

    Parameters
    ----------
    seen : (order_id, line) → row of `Sightings.lines`
    status : what the order is now, none where that has not changed
    """
    events: list[OrderEvent] = []
    lines: list[OrderLine] = []
    for line in order.lines:
        row = seen.get((order.order_id, line.line))
        if row is None:
            lines.append(line)
            continue
        quantity = float(row.erp_quantity)
        if quantity not in (line.quantity, line.erp_quantity):
            facts = {"unique_id": line.unique_id, "ordered": line.quantity, "shown": quantity}
            events.append(OrderEvent("differs", facts | {"erp_order_id": row.erp_order_id}))
        received = None if pd.isna(row.erp_received) else float(row.erp_received)
        lines.append(
            replace(line, erp_order_id=row.erp_order_id, erp_quantity=quantity, erp_received=received)
        )
    after = replace(order, lines=tuple(lines))
    if status is None or status == order.status:
        return after, events
    at = utc_now()
    seen_first = status in {"confirmed", "received"} and order.confirmed_at is None
    after = replace(
        after,
        status=status,
        confirmed_at=at if seen_first else order.confirmed_at,
        received_at=at if status == "received" else order.received_at,
    )
    return after, [*events, OrderEvent(status, {"from": order.status})]
