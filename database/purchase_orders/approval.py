"""Who may approve a purchase order: its money against their limit, and who has drafted or changed it before."""

import math
from datetime import date, timedelta

from sqlalchemy import Connection, or_, select

from database.access.approval import ApprovalError, Approver, check_amount, check_four_eyes, is_among
from database.purchase_orders.records import PurchaseOrder
from database.schema import purchase_order_events, purchase_orders, utc_now

LATELY = timedelta(hours=24)
"""For so long after an approval another one of the same supplier counts as the same purchase."""

_CHANGES = ("created", "edited", "added", "dropped", "moved", "received_line", "renewed")
"""Kinds of events that make or change what an order orders."""


def check_approval(connection: Connection, order: PurchaseOrder, approver: Approver, today: date) -> None:
    """Refuse the approval of a purchase order by somebody who may not, within the transaction that approves it.

    What they have approved for the same supplier to go out on the same day, or within the last 24 hours, counts as
    well: an order that is split is still one purchase, also where the other part has another day.

    Raises
    ------
    ApprovalError
        When it is beyond their limit, has lines without a price while they have a limit, or needs somebody else's eyes.
    """
    check_amount(approver, 0.0, order.order_id)
    if approver.limit is None and approver.four_eyes_above is None:
        return
    changed_by = _changed_by(connection, order)
    unpriced = [line.unique_id for line in order.ordered if line.unit_price is None]
    if unpriced and (approver.limit is not None or is_among(approver.name, changed_by)):
        raise ApprovalError(
            f"{order.order_id}: no price is known of {', '.join(unpriced[:5])}, so that it may come to more than "
            f"{approver.name} may approve alone; give the offers a price, or let somebody else approve"
        )
    amount = order.goods + _approved_lately(connection, order, approver, today)
    check_amount(approver, amount, order.order_id)
    check_four_eyes(approver, amount, changed_by, order.order_id)


def _approved_lately(connection: Connection, order: PurchaseOrder, approver: Approver, today: date) -> float:
    """Money of the supplier's other orders that the same person has approved to go out that day, or just before.

    One that the ERP system has seen meanwhile, or has not, was approved all the same.
    """
    table = purchase_orders.c
    day = today if order.order_on is None else max(order.order_on, today)
    query = select(table.order_id, table.approved_by).where(
        table.supplier_id == order.supplier_id,
        table.order_id != order.order_id,
        table.status.not_in(("draft", "withdrawn")),
        or_(table.order_on == day, table.approved_at > utc_now() - LATELY),
    )
    ids = [
        row.order_id for row in connection.execute(query) if is_among(row.approved_by or "", [approver.name])
    ]
    events = purchase_order_events.c
    facts = select(events.order_id, events.facts).where(events.order_id.in_(ids), events.kind == "approved")
    goods = {row.order_id: float(row.facts["goods"]) for row in connection.execute(facts.order_by(events.id))}
    return math.fsum(goods.values())


def _changed_by(connection: Connection, order: PurchaseOrder) -> set[str]:
    """Everybody who has drafted or changed a purchase order."""
    events = purchase_order_events.c
    query = select(events.who).where(events.order_id == order.order_id, events.kind.in_(_CHANGES))
    return {order.created_by, *connection.execute(query).scalars()}
