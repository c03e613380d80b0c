"""Steps of a whole order: approve, reopen, withdraw, comment, bring up to the current plan, say it was sent, export."""

from collections.abc import Callable
from typing import Literal

from sqlalchemy import Connection

from database.purchase_orders import transitions
from database.purchase_orders.change_order import OrderRequest, change_order
from database.purchase_orders.drafts import not_elsewhere, refuse_second_draft
from database.purchase_orders.export_file import ExportRequest, export_file
from database.purchase_orders.records import OrderError, OrderFile, PurchaseOrder
from database.purchase_orders.transitions import Step
from database.schema import utc_now
from serving.orders.export_files import make_file, parse_form
from serving.orders.proposals import proposal_of
from serving.state.business_day import business_day
from serving.state.follower import Follower

Verb = Literal["approve", "reopen", "withdraw", "comment", "renew", "sent"]


def take_step(
    follower: Follower, request: OrderRequest, verb: Verb, *, reason: str = ""
) -> tuple[PurchaseOrder, bool]:
    """Take a step with a purchase order, or with a proposal; returns it, and whether the request was new.

    Raises
    ------
    OrderError, OrderChangedError, OrderStateError, UnknownOrderError, Problem
        As `change_order` and the step itself.
    """
    if request.order_id is None and verb not in {"approve", "comment"}:
        raise OrderError(f"what: a proposal that nobody has touched cannot take {verb!r}; leave it as it is")
    decide = _decider(follower, request, verb, reason)
    return change_order(follower.engine, request, decide, versioned=verb != "comment")


def _decider(
    follower: Follower, request: OrderRequest, verb: Verb, reason: str
) -> Callable[[Connection, PurchaseOrder], Step]:
    """The function that takes the step."""
    served = follower.current()
    today = business_day(served.run)

    def decide(connection: Connection, order: PurchaseOrder) -> Step:
        if verb == "approve":
            return transitions.approve(order, who=request.who, at=utc_now(), today=today)
        if verb == "reopen":
            refuse_second_draft(connection, order)
            return transitions.reopen(order, reason=reason)
        if verb == "withdraw":
            return transitions.withdraw(order, reason=reason)
        if verb == "comment":
            return transitions.comment(order, text=reason)
        if verb == "sent":
            return transitions.mark_sent(order, today=today, reason=reason)
        proposal = proposal_of(served, order.supplier_id)
        return transitions.renew(order, not_elsewhere(connection, proposal, order))

    return decide


def export_order(
    follower: Follower, order_id: str, form: str, *, who: str, seen: int | None = None
) -> OrderFile:
    """Export an approved order in a form such as `csv` or `odoo.xlsx`, or return the file that was made before.

    Raises
    ------
    OrderError, OrderChangedError, OrderStateError, UnknownOrderError, Problem
        As `export_file`; 422 for a form that there is not.
    """
    system, kind = parse_form(form)
    served = follower.current()
    request = ExportRequest(order_id, form, who, business_day(served.run), seen)
    return export_file(follower.engine, request, lambda order: make_file(served, order, system, kind))
