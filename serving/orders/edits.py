"""Edits of an order's lines, checked first: quantity, day, a SKU added or dropped, another supplier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection

from database.purchase_orders.change_order import OrderRequest, change_order, check_seen, find_repeated
from database.purchase_orders.moves import move_lines
from database.purchase_orders.order_list import OrderBook, order_book
from database.purchase_orders.records import (
    OrderError,
    OrderLine,
    ProposedOrder,
    PurchaseOrder,
    proposal_key,
)
from database.purchase_orders.store import load_order
from database.purchase_orders.transitions import LineEdit, Step, edit_lines
from serving.orders.budget_checks import broken_budgets
from serving.orders.line_check import LineCheck, check_line
from serving.orders.proposals import known_orders, proposal_of, served_run
from serving.orders.term_checks import (
    Breach,
    broken_due,
    broken_order_day,
    raise_unless_accepted,
)
from serving.state.business_day import business_day
from serving.state.follower import Follower
from serving.state.served import Served


@dataclass(frozen=True)
class LineChange:
    """A change that somebody wants of one line; none: as it is. `quantity` 0 drops it, a new SKU adds one."""

    unique_id: str
    quantity: float | None = None
    due: date | None = None
    supplier_id: str | None = None


@dataclass(frozen=True)
class OrderEdit:
    """All that one edit changes of an order; `accept_breach`: what may be overruled is, for the `reason`."""

    changes: tuple[LineChange, ...] = ()
    order_on: date | None = None
    reason: str = ""
    accept_breach: bool = False


def edit_order(follower: Follower, request: OrderRequest, edit: OrderEdit) -> tuple[PurchaseOrder, bool]:
    """Edit a purchase order, or the proposal that it is made of; returns it, and whether the request was new.

    Raises
    ------
    TermBrokenError
        When a quantity or day breaks a term, and the breach is not accepted or cannot be.
    OrderError, OrderChangedError, OrderStateError, UnknownOrderError, Problem
        As `check_line` and `change_order`.
    """
    if not edit.changes and edit.order_on is None:
        raise OrderError(
            "changes: nothing is changed; give lines with a quantity, due or supplier_id, or order_on"
        )
    names = [change.unique_id for change in edit.changes]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise OrderError(f"changes: {twice[0]} stands there twice; change a line once at a time")
    served = follower.current()
    with follower.engine.connect() as connection:
        repeated = find_repeated(connection, request)
        if repeated is not None:
            return repeated, False
        order = _seen_order(connection, request)
    book = order_book(follower.engine, served_run(served).id)
    edits = _checked_edits(served, order, edit, book, today=business_day(served.run))
    proposals = {
        name: proposal_of(served, name) for name in {each.move_to for each in edits} if name is not None
    }
    return change_order(
        follower.engine,
        request,
        partial(_apply, edits=edits, edit=edit, proposals=proposals, who=request.who),
    )


def _apply(
    connection: Connection,
    order: PurchaseOrder,
    *,
    edits: Sequence[LineEdit],
    edit: OrderEdit,
    proposals: dict[str, ProposedOrder],
    who: str,
) -> Step:
    """Apply checked edits to the order, and move those of its lines that go elsewhere."""
    step = edit_lines(order, edits, reason=edit.reason, order_on=edit.order_on)
    move_lines(connection, order, edits, proposals=proposals, who=who, reason=edit.reason)
    return step


def _seen_order(connection: Connection, request: OrderRequest) -> PurchaseOrder | ProposedOrder:
    """The order that is to be edited, as whoever asks has seen it."""
    if request.order_id is None:
        assert request.proposal is not None
        return request.proposal
    order = load_order(connection, request.order_id)
    check_seen(connection, order, request.seen)
    return order


def _checked_edits(
    served: Served,
    order: PurchaseOrder | ProposedOrder,
    edit: OrderEdit,
    book: OrderBook,
    *,
    today: date,
) -> list[LineEdit]:
    """Edits of lines with their prices, once no term is broken that is not accepted."""
    order_on = edit.order_on or order.order_on or today
    lines = {line.unique_id: line for line in order.lines}
    own = order.order_id if isinstance(order, PurchaseOrder) else ""
    breaches: list[Breach] = []
    if edit.order_on is not None:
        breaches += broken_order_day(served.inputs, order.supplier_id, edit.order_on, today=today)
    edits: list[tuple[LineEdit, tuple[Breach, ...]]] = []
    for change in edit.changes:
        line = lines.get(change.unique_id)
        gone = line is None or line.quantity == 0
        key = proposal_key(change.unique_id, order.supplier_id, "" if line is None else line.origin)
        if gone and book.answered.get(key, own) != own:
            there = book.answered[key]
            raise OrderError(
                f"{change.unique_id} is on {there} already; change its quantity or supplier there, or drop it there "
                "first"
            )
        made, broken = _checked_edit(served, order.supplier_id, line, change)
        if change.due is not None:
            broken = (*broken, *broken_due(change.unique_id, change.due, order_on=order_on))
        edits.append((made, broken))
        breaches += broken
    breaches += broken_budgets(served, book, order, [made for made, _ in edits])
    raise_unless_accepted(breaches, accepted=edit.accept_breach, reason=edit.reason)
    return [replace(made, accepted=tuple(breach.sentence for breach in broken)) for made, broken in edits]


def _checked_edit(
    served: Served, supplier_id: str, line: OrderLine | None, change: LineChange
) -> tuple[LineEdit, tuple[Breach, ...]]:
    """The edit that a change asks for, with the line's price and unit, and the terms that it breaks."""
    if line is None and change.quantity is None:
        raise OrderError(f"quantity: {change.unique_id} is not on this order yet; give one to add it")
    quantity = (
        line.quantity if change.quantity is None and line is not None else float(change.quantity or 0.0)
    )
    moves = change.supplier_id is not None and change.supplier_id != supplier_id
    if quantity == 0:
        if line is None or moves:
            raise OrderError(f"quantity: {change.unique_id} needs one above 0 to be added or moved")
        return LineEdit(change.unique_id, 0.0, {}), ()
    if line is not None and quantity == line.quantity and not moves:
        return LineEdit(change.unique_id, quantity, {"due": change.due or line.due}), ()
    target = change.supplier_id if moves and change.supplier_id is not None else supplier_id
    checked = check_line(served, target, change.unique_id, quantity)
    fields: dict[str, Any] = {
        "unit_price": checked.unit_price,
        "due": change.due or (line.due if line is not None and not moves else checked.expected_arrival),
        "purchase_unit": checked.purchase_unit,
        "units_each": _units_each(checked),
    }
    if line is None or moves:
        fields["proposed_due"] = checked.expected_arrival
        fields["known_before"] = known_orders(served, target).get(change.unique_id, ())
    return LineEdit(change.unique_id, quantity, fields, target if moves else None), checked.breaches


def _units_each(checked: LineCheck) -> float:
    """The SKU's own units in one purchase unit of a checked edit."""
    return round(checked.quantity / checked.purchase_quantity, 9) if checked.purchase_quantity else 1.0
