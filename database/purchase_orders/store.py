"""Store of purchase orders: rows of their tables read into records and written back, one writer at a time."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, Select, func, select, text

from database.audit.recorded_rows import record_row
from database.engine import write_transaction
from database.purchase_orders.records import OrderEvent, OrderLine, PurchaseOrder, UnknownOrderError
from database.schema import purchase_order_events, purchase_order_lines, purchase_orders, utc_now

_LOCK = 7_613_001
"""PostgreSQL's advisory lock of all that writes purchase orders; SQLite has but one writer anyway."""
_HEADER = tuple(f.name for f in fields(PurchaseOrder) if f.name != "lines")
_LINE = tuple(f.name for f in fields(OrderLine))


@contextmanager
def order_transaction(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes purchase orders, alone among all that do: what it reads stays so until it ends."""
    with write_transaction(engine) as connection:
        lock_orders(connection)
        yield connection


def lock_orders(connection: Connection) -> None:
    """Take the store's lock of purchase orders for the rest of a transaction that writes."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def load_orders(connection: Connection, query: Select[Any]) -> list[PurchaseOrder]:
    """Load the purchase orders that a query on their table selects, in its order, with their lines."""
    headers = connection.execute(query).mappings().all()
    lines: dict[str, list[OrderLine]] = {row["order_id"]: [] for row in headers}
    chosen = query.with_only_columns(purchase_orders.c.order_id)
    found = (
        select(purchase_order_lines)
        .where(purchase_order_lines.c.order_id.in_(chosen))
        .order_by(purchase_order_lines.c.order_id, purchase_order_lines.c.line)
    )
    for row in connection.execute(found).mappings():
        lines[row["order_id"]].append(_line(row))
    return [_order(row, lines[row["order_id"]]) for row in headers]


def load_order(connection: Connection, order_id: str) -> PurchaseOrder:
    """Load one purchase order from the store.

    Raises
    ------
    UnknownOrderError
        When there is none of that id.
    """
    found = load_orders(connection, select(purchase_orders).where(purchase_orders.c.order_id == order_id))
    if not found:
        raise UnknownOrderError(f"no purchase order {order_id}; /v1/orders lists those there are")
    return found[0]


def next_number(connection: Connection) -> int:
    """Number of the next purchase order in the store; the caller holds the lock."""
    return (connection.execute(select(func.max(purchase_orders.c.number))).scalar() or 0) + 1


def insert_order(connection: Connection, order: PurchaseOrder, number: int) -> None:
    """Store a new purchase order with its lines."""
    header = {name: getattr(order, name) for name in _HEADER}
    connection.execute(purchase_orders.insert().values(header | {"number": number}))
    _insert_lines(connection, order.order_id, order.lines)


def update_order(connection: Connection, before: PurchaseOrder, after: PurchaseOrder) -> None:
    """Store what changed of a purchase order and its lines."""
    header = {name: getattr(after, name) for name in _HEADER if name != "order_id"}
    table = purchase_orders
    connection.execute(table.update().where(table.c.order_id == after.order_id).values(header))
    if before.lines != after.lines:
        lines = purchase_order_lines
        connection.execute(lines.delete().where(lines.c.order_id == after.order_id))
        _insert_lines(connection, after.order_id, after.lines)


def add_events(
    connection: Connection,
    order: PurchaseOrder,
    events: Iterable[OrderEvent],
    *,
    who: str,
    request: str | None = None,
) -> None:
    """Store events of a purchase order; `request` is the fingerprint of the request they came with."""
    at = utc_now()
    rows = [
        {
            "at": at,
            "order_id": order.order_id,
            "version": order.version,
            "who": who,
            "kind": event.kind,
            "facts": dict(event.facts),
            "reason": event.reason,
            "request": request,
        }
        for event in events
    ]
    if not rows:
        return
    table = purchase_order_events
    keys = connection.execute(
        table.insert().returning(table.c.id, sort_by_parameter_order=True), rows
    ).scalars()
    for key, row in zip(keys.all(), rows, strict=True):
        said = {name: row[name] for name in ("order_id", "version", "facts", "reason")}
        record_row(connection, table, key, who=who, what=f"order.{row['kind']}", detail=said)


def _insert_lines(connection: Connection, order_id: str, lines: Sequence[OrderLine]) -> None:
    rows = [asdict(line) | {"order_id": order_id, "known_before": list(line.known_before)} for line in lines]
    if rows:
        connection.execute(purchase_order_lines.insert(), rows)


def _line(row: RowMapping) -> OrderLine:
    values = {name: row[name] for name in _LINE}
    return OrderLine(**values | {"known_before": tuple(values["known_before"])})


def _order(row: RowMapping, lines: list[OrderLine]) -> PurchaseOrder:
    return PurchaseOrder(**{name: row[name] for name in _HEADER}, lines=tuple(lines))
