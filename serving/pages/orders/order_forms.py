"""Forms of an order's page: lines edited, the order approved, withdrawn, commented, exported, one button each."""

from dataclasses import replace
from typing import get_args
from urllib.parse import quote

import anyio.to_thread
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database.access.approval import ApprovalError, Approver
from database.purchase_orders.change_order import OrderRequest
from database.purchase_orders.order_list import order_with_events
from database.purchase_orders.records import (
    OrderChangedError,
    OrderError,
    OrderLine,
    OrderStateError,
    PurchaseOrder,
)
from serving.http.person import own_name, person_of, require_role
from serving.identity.rules import STEPS
from serving.orders.edits import LineChange, OrderEdit, edit_order
from serving.orders.file_answer import file_response
from serving.orders.order_view import open_proposal
from serving.orders.proposals import seen_proposal
from serving.orders.steps import Verb, export_orders, take_step
from serving.orders.term_checks import TermBrokenError
from serving.pages.orders.form_fields import day_of, integer_of, quantity_of
from serving.pages.orders.order_page import OrderForm, show_order, show_proposal
from serving.state.decisions import REASON_LENGTH
from serving.state.follower import Follower, follower_of

_STEPS: dict[str, Verb] = {verb: verb for verb in get_args(Verb)}


async def change_order_by_form(request: Request) -> Response:
    """Do with a purchase order, or with a proposal, what its page's form asks for, and show what came of it."""
    form = await request.form()
    return await anyio.to_thread.run_sync(_change, request, form)


def _change(request: Request, form: FormData) -> Response:
    """Save, check or step as the form's button says; an error shows the page again with all that was entered."""
    follower, what = follower_of(request), str(form.get("what", "edit"))
    approver = person_of(request).approver
    own_name(request, str(form.get("who", "")))
    if what in STEPS:
        require_role(request, STEPS[what], f"to {what} an order")
    order_id, supplier_id = request.path_params.get("order_id"), request.path_params.get("supplier_id")
    reason = str(form.get("reason", ""))[:REASON_LENGTH]
    lines = _lines_of(follower, order_id, supplier_id)
    quantities: dict[str, float] = {}
    failed = "Not approved." if what == "approve" else "Not saved."
    try:
        changes = _changes(form, lines)
        if changes and what == "approve":
            require_role(request, STEPS["edit"], "to edit an order")
        quantities = {change.unique_id: change.quantity for change in changes if change.quantity is not None}
        if what == "check":
            return _show(request, order_id, supplier_id, OrderForm(quantities))
        edit = OrderEdit(changes, None, reason, accept_breach=form.get("accept") == "yes")
        asked = _request(follower, form, order_id, supplier_id, approver)
        if changes and what in {"edit", "approve"}:
            order, _ = edit_order(follower, asked, edit)
            # the lines are saved: what fails now is about the draft as it stands, and a breach of it was not seen yet
            order_id, quantities, edit = order.order_id, {}, replace(edit, accept_breach=False)
            asked = OrderRequest(order.order_id, None, order.version, asked.who, {"what": what}, approver)
        if what != "edit" or not changes:
            order = _step(follower, asked, what, edit)
    except TermBrokenError as error:
        acceptable = all(breach.may_accept for breach in error.breaches)
        sent = OrderForm(quantities, str(error), acceptable, reason, 422, failed)
        return _show(request, order_id, supplier_id, sent)
    except ApprovalError as error:
        sent = OrderForm(quantities, str(error), reason=reason, status=403, failed=failed)
        return _show(request, order_id, supplier_id, sent)
    except (OrderError, OrderStateError) as error:
        sent = OrderForm(quantities, str(error), reason=reason, status=422, failed=failed)
        return _show(request, order_id, supplier_id, sent)
    except OrderChangedError as error:
        sent = OrderForm(quantities, str(error), reason=reason, status=412, failed=failed)
        return _show(request, order_id, supplier_id, sent)
    to = f"/orders?done={quote(order.order_id)}" if what == "approve" else f"/orders/{quote(order.order_id)}"
    return RedirectResponse(to, 303)


def _step(follower: Follower, asked: OrderRequest, what: str, edit: OrderEdit) -> PurchaseOrder:
    """Take the step that the form's button names."""
    if what == "edit":
        raise OrderError("nothing is changed; enter another quantity or day, or add a SKU")
    verb = _STEPS.get(what)
    if verb is None:
        raise OrderError(f"what: {what!r:.40} is no step of an order")
    done, _ = take_step(follower, asked, verb, reason=edit.reason, accept_breach=edit.accept_breach)
    return done


def _request(
    follower: Follower, form: FormData, order_id: str | None, supplier_id: str | None, approver: Approver
) -> OrderRequest:
    """The request that a form makes to the state database, about the order or the proposal as it was seen."""
    seen = integer_of(form, "version") or 0
    what = {str(key): str(value) for key, value in form.multi_items() if key not in {"who", "version"}}
    if order_id is not None:
        return OrderRequest(order_id, None, seen, approver.name, what, approver)
    proposal = seen_proposal(follower.current(), supplier_id or "", integer_of(form, "plan"))
    return OrderRequest(None, proposal, 0, approver.name, what, approver)


def _lines_of(follower: Follower, order_id: str | None, supplier_id: str | None) -> tuple[OrderLine, ...]:
    """Lines of the order or proposal that a form is about, as they stand."""
    if order_id is not None:
        return order_with_events(follower.engine, order_id)[0].lines
    return open_proposal(follower, supplier_id or "").lines


def _changes(form: FormData, lines: tuple[OrderLine, ...]) -> tuple[LineChange, ...]:
    """Lines that the form changes against how they stand, in the order of its rows, and the line that it adds.

    Raises
    ------
    OrderError
        When a quantity or a day cannot be read; says of which SKU.
    """
    known, changes = {line.unique_id: line for line in lines}, []
    for number in range(len(form)):
        sku = form.get(f"sku-{number}")
        if sku is None:
            break
        line = known.get(str(sku))
        if line is None:
            continue
        drop = form.get(f"drop-{number}") == "yes"
        quantity = 0.0 if drop else quantity_of(form, f"quantity-{number}", line.unique_id)
        due = day_of(form, f"due-{number}", line.unique_id)
        supplier = str(form.get(f"supplier-{number}") or "") or None
        quantity = quantity if quantity != line.quantity else None
        due = due if due != line.due else None
        if quantity is not None or due is not None or supplier is not None:
            changes.append(LineChange(line.unique_id, quantity, due, supplier))
    added = str(form.get("new-sku") or "").strip()
    if added:
        quantity = quantity_of(form, "new-quantity", added)
        changes.append(LineChange(added, quantity, day_of(form, "new-due", added)))
    return tuple(changes)


def _show(request: Request, order_id: str | None, supplier_id: str | None, sent: OrderForm) -> Response:
    """Show the page of the order or the proposal with what was sent."""
    if order_id is not None:
        return show_order(request, order_id, sent)
    return show_proposal(request, supplier_id or "", sent)


async def export_by_form(request: Request) -> Response:
    """Download an approved order's file in the asked form; it is exported by that, once."""
    form = await request.form()
    name = own_name(request, str(form.get("who", "")))
    follower, order_id = follower_of(request), request.path_params["order_id"]
    kind = str(form.get("format", "csv"))
    try:
        file = await anyio.to_thread.run_sync(lambda: export_orders(follower, [order_id], kind, who=name))
    except (OrderError, OrderStateError) as error:
        return await anyio.to_thread.run_sync(
            show_order, request, order_id, OrderForm(error=str(error), status=422)
        )
    return file_response(file)
