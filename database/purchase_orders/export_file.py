"""Export of purchase orders: their file is made once, in the transaction that says so, and the same ever after."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select

from database.purchase_orders.change_order import check_seen
from database.purchase_orders.records import (
    OrderError,
    OrderEvent,
    OrderFile,
    OrderStateError,
    PurchaseOrder,
)
from database.purchase_orders.store import add_events, load_order, order_transaction, update_order
from database.purchase_orders.transitions import mark_exported
from database.schema import purchase_order_files, utc_now

_HASH = 7
"""Letters of the hash of several orders' ids, which the first of them keeps their file under."""


@dataclass(frozen=True)
class FileContent:
    """What an export file holds: its name, media type and bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class ExportRequest:
    """A request for the file of one or several purchase orders in a form, such as `odoo.csv`.

    Attributes
    ----------
    order_ids : the orders, in whatever order
    seen : version of a single order that whoever asks has seen, none: whatever stands
    """

    order_ids: tuple[str, ...]
    form: str
    who: str
    today: date
    seen: int | None = None

    def __post_init__(self) -> None:
        """Refuse a request of nobody, or for nothing."""
        if not self.who.strip():
            raise OrderError("who: your name is needed, so that others see who exported")
        if not self.order_ids:
            raise OrderError("order_ids: no order is named; tick those to export")

    @property
    def names(self) -> tuple[str, ...]:
        """The orders' ids, each once, sorted."""
        return tuple(sorted(set(self.order_ids)))

    @property
    def stored_form(self) -> str:
        """What the export's file is stored as, beside the first order: its form, with a hash of several orders."""
        if len(self.names) == 1:
            return self.form
        return f"{self.form}+{hashlib.sha256(' '.join(self.names).encode()).hexdigest()[:_HASH]}"


def export_file(
    engine: Engine, request: ExportRequest, make: Callable[[Sequence[PurchaseOrder]], FileContent]
) -> OrderFile:
    """Export purchase orders, or return the file that they were exported as; however many ask, there is one effect.

    Several are exported in one file or not at all, and only if each is still approved. `make` is called at most once
    for these orders and this form. Where it fails, or the process dies before the transaction ends, nothing has
    happened: the orders are still approved and can be exported.

    Raises
    ------
    UnknownOrderError, OrderStateError, OrderChangedError, OrderError
        When there is no such order, it is not approved, or not the version that was seen.
    """
    with engine.connect() as connection:
        found = _find_file(connection, request)
    if found is not None:
        return found
    with order_transaction(engine) as connection:
        found = _find_file(connection, request)
        if found is not None:
            return found
        at = utc_now()
        before = [load_order(connection, order_id) for order_id in request.names]
        if len(before) > 1:
            _refuse_exported(before)
        steps = [_exported(connection, order, request, at) for order in before]
        made = make([order for order, _ in steps])
        row: dict[str, Any] = {
            "order_id": request.names[0],
            "form": request.stored_form,
            "at": at,
            "who": request.who,
            "name": made.name,
            "media_type": made.media_type,
            "sha256": hashlib.sha256(made.content).hexdigest(),
            "content": made.content,
        }
        connection.execute(purchase_order_files.insert().values(row))
        kept = {"file": request.stored_form, "sha256": row["sha256"]}  # the audit log holds what events say
        for order, events in steps:
            facts = kept if order.order_id == row["order_id"] else {"sha256": row["sha256"]}
            said = [replace(event, facts={**event.facts, **facts}) for event in events]
            add_events(connection, order, said, who=request.who)
    return OrderFile(**row, again=False)


def _refuse_exported(orders: Sequence[PurchaseOrder]) -> None:
    """Refuse to export several orders in one file of which some are not approved, or no more."""
    others = [f"{order.order_id} is {order.status}" for order in orders if order.status != "approved"]
    if others:
        raise OrderStateError(
            f"{', '.join(others)}, and only approved orders are exported together: nothing was exported; leave out "
            "what is not approved, or download its own file"
        )


def _exported(
    connection: Connection, before: PurchaseOrder, request: ExportRequest, at: datetime
) -> tuple[PurchaseOrder, list[OrderEvent]]:
    """Store an order as exported; return it, and the events that say so."""
    if request.seen is not None and before.status == "approved":
        check_seen(connection, before, request.seen)
    after, events = mark_exported(before, who=request.who, at=at, today=request.today, form=request.form)
    if after != before:
        after = replace(after, version=before.version + 1)
        update_order(connection, before, after)
    others = [name for name in request.names if name != before.order_id]
    together = {"together_with": others} if others else {}
    return after, [replace(event, facts={**event.facts, **together}) for event in events]


def _find_file(connection: Connection, request: ExportRequest) -> OrderFile | None:
    """Return the export file of orders in a form, none where it was not made yet."""
    files = purchase_order_files
    query = select(files).where(files.c.order_id == request.names[0], files.c.form == request.stored_form)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else OrderFile(**row, again=True)
