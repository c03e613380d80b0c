"""Transitions of a purchase order: each step from draft to received as a pure function, or why it is not allowed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from database.purchase_orders.records import (
    TOP_UP,
    OrderError,
    OrderEvent,
    OrderLine,
    OrderStateError,
    OrderStatus,
    ProposedOrder,
    PurchaseOrder,
)

Step = tuple[PurchaseOrder, list[OrderEvent]]
"""The order after a step, and what the step is remembered by."""


@dataclass(frozen=True)
class LineEdit:
    """An edit of one line, with the price at its new quantity; a SKU that the order does not have is added.

    Attributes
    ----------
    quantity : units, 0 to drop the line
    fields : the other fields that a line has at this quantity and supplier: unit_price, due, purchase_unit, …
    move_to : the supplier to whose order the line goes, none: it stays
    accepted : sentences of the terms that are broken knowingly
    """

    unique_id: str
    quantity: float
    fields: Mapping[str, Any]
    move_to: str | None = None
    accepted: tuple[str, ...] = ()


def _allowed(order: PurchaseOrder, *statuses: OrderStatus, what: str, instead: str) -> None:
    """Refuse a transition of an order in another status than these."""
    if order.status not in statuses:
        raise OrderStateError(f"{order.order_id} is {order.status} and cannot be {what}; {instead}")


def edit_lines(
    order: PurchaseOrder, edits: Sequence[LineEdit], *, reason: str = "", order_on: date | None = None
) -> Step:
    """Edit lines of a draft: quantity, day, a SKU added or dropped, or moved away; and the day it goes out."""
    instead = "reopen it first" if order.status == "approved" else "make a new order"
    _allowed(order, "draft", what="edited", instead=instead)
    events: list[OrderEvent] = []
    lines = list(order.lines)
    for edit in edits:
        at = next((k for k, line in enumerate(lines) if line.unique_id == edit.unique_id), None)
        before = None if at is None else lines[at]
        after = _edited(before, edit, 1 + max((line.line for line in lines), default=0))
        if after == before:
            continue
        if at is None:
            lines.append(after)
        else:
            lines[at] = after
        events.append(_edit_event(before, after, edit, reason))
    if order_on is not None and order_on != order.order_on:
        facts = {"order_on": [str(order.order_on), str(order_on)]}
        events.append(OrderEvent("edited", facts, reason))
        order = replace(order, order_on=order_on)
    return replace(order, lines=tuple(lines)), events


def _edited(before: OrderLine | None, edit: LineEdit, number: int) -> OrderLine:
    """The line after an edit; one that is moved away stays with nothing ordered of it."""
    if before is None:
        new = OrderLine(number, edit.unique_id, 0.0, None, None, "added", 0.0, None)
        return replace(new, quantity=edit.quantity, **edit.fields)
    if edit.move_to is not None:
        return replace(before, quantity=0.0, origin=_moved(before.origin))
    return replace(before, quantity=edit.quantity, **edit.fields)


def _moved(origin: str) -> str:
    """The origin of a line that is moved: a top-up stays one, beside what the SKU's other supplier delivers."""
    return TOP_UP if origin == TOP_UP else "moved"


def _edit_event(before: OrderLine | None, after: OrderLine, edit: LineEdit, reason: str) -> OrderEvent:
    """What an edit of a line is remembered by."""
    facts: dict[str, Any] = {"unique_id": after.unique_id}
    if edit.accepted:
        facts["accepted"] = list(edit.accepted)
    if before is None:
        return OrderEvent("added", facts | {"quantity": [0.0, after.quantity]}, reason)
    if edit.move_to is not None:
        return OrderEvent("moved", facts | {"quantity": [before.quantity, 0.0], "to": edit.move_to}, reason)
    if before.quantity != after.quantity:
        facts["quantity"] = [before.quantity, after.quantity]
    if before.due != after.due:
        facts["due"] = [str(before.due), str(after.due)]
    kind = "dropped" if after.quantity == 0 and before.quantity > 0 else "edited"
    return OrderEvent(kind, facts, reason)


def receive_line(order: PurchaseOrder, edit: LineEdit, *, came_from: PurchaseOrder, reason: str = "") -> Step:
    """The draft of another supplier takes a line that is moved to it from the order that it stands in.

    Raises
    ------
    OrderError
        When a plan orders the SKU from both suppliers, and each has its own part in it.
    """
    _allowed(order, "draft", what="edited", instead="it is on its way already")
    was, there = (_line_of(each, edit.unique_id) for each in (came_from, order))
    origin = _moved("" if was is None else was.origin)
    if there is not None and (there.origin == TOP_UP) != (origin == TOP_UP):
        raise OrderError(
            f"supplier_id: {order.supplier_id} has its own part of {edit.unique_id} on {order.order_id}; change the "
            "quantity there, and drop the line here"
        )
    quantity = edit.quantity + (0.0 if there is None else there.quantity)
    moved = LineEdit(edit.unique_id, quantity, {**edit.fields, "origin": origin}, accepted=edit.accepted)
    after, events = edit_lines(order, [moved], reason=reason)
    return after, [
        replace(event, kind="received_line", facts={**event.facts, "from": came_from.order_id})
        for event in events
    ]


def _line_of(order: PurchaseOrder, unique_id: str) -> OrderLine | None:
    """The order's line of a SKU, none where it has none."""
    return next((line for line in order.lines if line.unique_id == unique_id), None)


def approve(
    order: PurchaseOrder,
    *,
    who: str,
    at: datetime,
    today: date,
    accepted: Sequence[str] = (),
    reason: str = "",
) -> Step:
    """Approve a draft as a whole: from now on it counts as on order. It goes out `today` at the earliest.

    `accepted` are sentences of the terms that the order breaks knowingly, for the `reason`.
    """
    _allowed(order, "draft", what="approved", instead="look again")
    if not order.ordered:
        raise OrderError(
            f"{order.order_id}: nothing is ordered on it; withdraw it, or give a line a quantity"
        )
    day = today if order.order_on is None else max(order.order_on, today)
    approved = replace(order, status="approved", approved_by=who, approved_at=at, order_on=day)
    facts: dict[str, Any] = {"goods": order.goods, "lines": len(order.ordered)}
    if accepted:
        facts["accepted"] = list(accepted)
    return approved, [OrderEvent("approved", facts, reason)]


def reopen(order: PurchaseOrder, *, reason: str = "") -> Step:
    """Make an approved order a draft again, with all that was edited."""
    _allowed(order, "approved", what="reopened", instead="only an approved order that is not exported can be")
    return replace(order, status="draft", approved_by=None, approved_at=None), [
        OrderEvent("reopened", {}, reason)
    ]


def withdraw(order: PurchaseOrder, *, reason: str = "") -> Step:
    """Take an order back before it is exported, or one that never got to the ERP system: it counts no more."""
    instead = "the supplier may have it: cancel it in the ERP system"
    _allowed(order, "draft", "approved", "missing", what="withdrawn", instead=instead)
    if order.status == "missing" and not reason.strip():
        raise OrderError(
            "reason: an exported order that is withdrawn needs one, such as why it was never sent"
        )
    seen = [line.unique_id for line in order.ordered if line.erp_order_id is not None]
    if seen:
        raise OrderStateError(
            f"{order.order_id}: the ERP system has {', '.join(seen)} of it; cancel it there"
        )
    return replace(order, status="withdrawn"), [OrderEvent("withdrawn", {"from": order.status}, reason)]


def mark_sent(order: PurchaseOrder, *, today: date, reason: str = "") -> Step:
    """Say of a missing order that it was sent all the same: it is waited for again, from `today`."""
    _allowed(order, "missing", what="said to be sent", instead="only one that never showed up can be")
    return replace(order, status="exported", awaited_from=today), [OrderEvent("sent", {}, reason)]


def comment(order: PurchaseOrder, *, text: str) -> Step:
    """Add a comment to an order, in whatever status it is."""
    if not text.strip():
        raise OrderError("reason: a comment needs its text here")
    return order, [OrderEvent("commented", {}, text)]


def mark_exported(order: PurchaseOrder, *, who: str, at: datetime, today: date, form: str) -> Step:
    """Export an approved order: it was handed on `today`; of an order exported before only the file is new."""
    if order.status in {"draft", "withdrawn"}:
        instead = "approve it first" if order.status == "draft" else "make a new order"
        raise OrderStateError(f"{order.order_id} is {order.status} and cannot be exported; {instead}")
    facts = {"form": form, "goods": order.goods, "lines": len(order.ordered)}
    if order.status != "approved":
        return order, [OrderEvent("exported", facts | {"again": True})]
    exported = replace(
        order, status="exported", exported_by=who, exported_at=at, ordered_on=today, awaited_from=today
    )
    return exported, [OrderEvent("exported", facts)]


def renew(order: PurchaseOrder, proposal: ProposedOrder) -> Step:
    """Bring a draft of an older plan up to the current one: lines that nobody changed take what is proposed now."""
    _allowed(order, "draft", what="brought up to the current plan", instead="only a draft can be")
    proposed = {line.unique_id: line for line in proposal.lines}
    lines: list[OrderLine] = []
    for line in order.lines:
        now = proposed.pop(line.unique_id, None)
        if line.edited or line.origin in {"added", "moved"}:
            lines.append(
                line if now is None else replace(line, proposed=now.quantity, proposed_due=now.proposed_due)
            )
        elif now is None:
            lines.append(replace(line, quantity=0.0, proposed=0.0))
        else:
            lines.append(replace(now, line=line.line))
    last = max((line.line for line in lines), default=0)
    lines += [replace(line, line=last + k) for k, line in enumerate(proposed.values(), 1)]
    event = OrderEvent("renewed", {"run": [order.run_id, proposal.run_id]})
    return replace(order, run_id=proposal.run_id, lines=tuple(lines)), [event]
