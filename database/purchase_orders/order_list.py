"""The list of purchase orders for pages and answers: orders by status and supplier, one with what was done with it."""

from dataclasses import dataclass

from sqlalchemy import Engine, select

from database.purchase_orders.drafts import answered_proposals
from database.purchase_orders.records import OrderStatus, ProposalKey, PurchaseOrder, StoredEvent
from database.purchase_orders.store import load_order, load_orders
from database.schema import purchase_order_events, purchase_orders


@dataclass(frozen=True)
class OrderFilter:
    """Which purchase orders to list; none: all of them."""

    status: OrderStatus | None = None
    supplier_id: str | None = None


ALL_ORDERS = OrderFilter()


@dataclass(frozen=True)
class OrderBook:
    """Purchase orders as they stand, the newest first, and the proposals they answer: `proposal_key` → order_id."""

    orders: list[PurchaseOrder]
    answered: dict[ProposalKey, str]


def order_book(engine: Engine, run_id: int, where: OrderFilter = ALL_ORDERS) -> OrderBook:
    """List the purchase orders, and what of the proposals of plan run `run_id` they answer, as of one moment."""
    table = purchase_orders.c
    query = select(purchase_orders).order_by(table.number.desc())
    for name in ("status", "supplier_id"):
        value = getattr(where, name)
        if value is not None:
            query = query.where(table[name] == value)
    with engine.connect() as connection:
        return OrderBook(load_orders(connection, query), answered_proposals(connection, run_id))


def order_with_events(engine: Engine, order_id: str) -> tuple[PurchaseOrder, list[StoredEvent]]:
    """Return one purchase order and what was done with it, the newest first.

    Raises
    ------
    UnknownOrderError
        When there is none of that id.
    """
    events = purchase_order_events
    names = ("id", "at", "order_id", "version", "who", "kind", "facts", "reason")
    query = select(*(events.c[name] for name in names)).where(events.c.order_id == order_id)
    with engine.connect() as connection:
        order = load_order(connection, order_id)
        rows = connection.execute(query.order_by(events.c.id.desc())).mappings()
        return order, [StoredEvent(**row) for row in rows]
