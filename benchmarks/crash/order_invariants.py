"""Invariants of purchase orders after a kill: each export once, each order on order once, no SKU ordered twice."""

import hashlib
from collections import Counter

from sqlalchemy import select

from artifacts.plan_snapshot import read_snapshot
from database.engine import open_state
from database.plan_runs import latest
from database.purchase_orders.order_list import order_book, order_with_events
from database.purchase_orders.records import PurchaseOrder, StoredEvent
from database.schema import purchase_order_files
from database.settings import Settings
from planning.approved_actions import SPLIT_REST


def broken_invariants(settings: Settings) -> list[str]:
    """Sentences about what does not hold of the home's orders and current plan; none where all is well."""
    engine = open_state(settings)
    try:
        run = latest(engine)
        assert run is not None
        orders = order_book(engine, run.id).orders
        found = []
        with engine.connect() as connection:
            files = connection.execute(select(purchase_order_files)).mappings().all()
        for order in orders:
            events = order_with_events(engine, order.order_id)[1]
            first = [event for event in events if not event.facts.get("again")]
            found += _export_trouble(order, first, [dict(file) for file in files])
    finally:
        engine.dispose()
    return found + _plan_trouble(settings, run.id, run.folder, orders)


def _export_trouble(
    order: PurchaseOrder, events: list[StoredEvent], files: list[dict[str, object]]
) -> list[str]:
    """What does not hold of an order's exports: one event, one file, by itself or with others, its lines, its hash."""
    kinds = Counter(event.kind for event in events)
    together = [name for event in events for name in event.facts.get("together_with", [])]
    own = [file for file in files if file["order_id"] == min([order.order_id, *together])]
    handed_over = (
        order.status in {"exported", "confirmed", "received", "missing"} and order.exported_at is not None
    )
    trouble = []
    if (kinds["exported"], len(own)) != (int(handed_over), int(handed_over)):
        trouble.append(f"{order.order_id} is {order.status}: {kinds['exported']} exports, {len(own)} files")
    if kinds["created"] != 1:
        trouble.append(f"{order.order_id}: created {kinds['created']} times")
    for file in own:
        content = file["content"]
        assert isinstance(content, bytes)
        if hashlib.sha256(content).hexdigest() != file["sha256"]:
            trouble.append(f"{order.order_id}: its file is not what its hash says")
        if content.decode("utf-8-sig").count(f"\r\n{order.order_id},") != len(order.ordered):
            trouble.append(
                f"{order.order_id}: its file has not one row for each of {len(order.ordered)} lines"
            )
    return trouble


def _plan_trouble(settings: Settings, run_id: int, folder: str, orders: list[PurchaseOrder]) -> list[str]:
    """What does not hold of the current plan: it has each order it counted as on order once, or the ERP's instead."""
    snapshot = read_snapshot(settings.plans / folder)
    in_erp = set(snapshot.purchase_orders["reference"].dropna())
    counted = [order for order in orders if order.counted_run == run_id and order.order_id not in in_erp]
    expected = Counter(
        (order.order_id, line.unique_id, line.quantity) for order in counted for line in order.ordered
    )
    ours = snapshot.orders[snapshot.orders["order_id"].str.startswith("PV-")]
    # as ordered: what is open counts as an approved action has it, reduced for instance, or split in two lines
    ours = ours[~ours["line"].str.endswith(SPLIT_REST)]
    there = Counter(zip(ours["order_id"], ours["unique_id"], ours["quantity_ordered"], strict=True))
    trouble = [f"plan {run_id}: {key} is not on order" for key in expected - there]
    trouble += [f"plan {run_id}: {key} is on order and should not be" for key in there - expected]
    of_run = [order for order in orders if order.run_id == run_id and order.status != "withdrawn"]
    for order in of_run:
        for other in orders:
            if (
                other is order
                or other.status in {"withdrawn", "received", "confirmed"}
                or other.counted_run == run_id
            ):
                continue
            twice = {line.unique_id for line in order.ordered} & {line.unique_id for line in other.ordered}
            if twice and other.order_id not in in_erp:
                trouble.append(f"{', '.join(sorted(twice))}: on {order.order_id} and on {other.order_id}")
    return trouble
