"""Export of a purchase order: its file is made once, in the transaction that says so, and the same ever after."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, select

from database.purchase_orders.change_order import check_seen
from database.purchase_orders.records import OrderError, OrderFile, PurchaseOrder
from database.purchase_orders.store import add_events, load_order, order_transaction, update_order
from database.purchase_orders.transitions import mark_exported
from database.schema import purchase_order_files, utc_now


@dataclass(frozen=True)
class FileContent:
    """What an export file holds: its name, media type and bytes."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True)
class ExportRequest:
    """A request for a purchase order's file in a form, such as `odoo.csv`; `seen` none: whatever version stands."""

    order_id: str
    form: str
    who: str
    today: date
    seen: int | None = None


def export_file(
    engine: Engine, request: ExportRequest, make: Callable[[PurchaseOrder], FileContent]
) -> OrderFile:
    """Export a purchase order, or return the file that it was exported as; however many ask, there is one effect.

    `make` is called at most once for an order and form. Where it fails, or the process dies before the transaction
    ends, nothing has happened: the order is still approved and can be exported.

    Raises
    ------
    UnknownOrderError, OrderStateError, OrderChangedError, OrderError
        When there is no such order, it is not approved, or not the version that was seen; or nobody asks.
    """
    if not request.who.strip():
        raise OrderError("who: your name is needed, so that others see who exported")
    with engine.connect() as connection:
        found = _find_file(connection, request)
    if found is not None:
        return found
    with order_transaction(engine) as connection:
        found = _find_file(connection, request)
        if found is not None:
            return found
        before, at = load_order(connection, request.order_id), utc_now()
        if request.seen is not None and before.status == "approved":
            check_seen(connection, before, request.seen)
        after, events = mark_exported(before, who=request.who, at=at, today=request.today, form=request.form)
        if after != before:
            after = replace(after, version=before.version + 1)
            update_order(connection, before, after)
        made = make(after)
        row: dict[str, Any] = {
            "order_id": request.order_id,
            "form": request.form,
            "at": at,
            "who": request.who,
            "name": made.name,
            "media_type": made.media_type,
            "sha256": hashlib.sha256(made.content).hexdigest(),
            "content": made.content,
        }
        connection.execute(purchase_order_files.insert().values(row))
        add_events(connection, after, events, who=request.who)
    return OrderFile(**row, again=False)


def _find_file(connection: Connection, request: ExportRequest) -> OrderFile | None:
    """Return the export file of an order in a form, none where it was not made yet."""
    files = purchase_order_files
    query = select(files).where(files.c.order_id == request.order_id, files.c.form == request.form)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else OrderFile(**row, again=True)
