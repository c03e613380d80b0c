"""Steps of a whole order: approve, reopen, withdraw, comment, bring up to the current plan, say it was sent, export."""

from collections.abc import Callable, Sequence
from typing import Literal

from sqlalchemy import Connection

from database.access.approval import Approver
from database.purchase_orders import transitions
from database.purchase_orders.approval import check_approval
from database.purchase_orders.change_order import OrderRequest, change_order
from database.purchase_orders.drafts import not_elsewhere, refuse_second_draft
from database.purchase_orders.export_file import ExportRequest, export_file
from database.purchase_orders.records import OrderError, OrderFile, PurchaseOrder
from database.purchase_orders.transitions import Step
from database.schema import utc_now
from serving.orders.export_files import make_file, parse_form
from serving.orders.order_checks import broken_order_terms
from serving.orders.proposals import proposal_of
from serving.orders.term_checks import raise_unless_accepted
from serving.state.business_day import business_day
from serving.state.follower import Follower

Verb = Literal["approve", "reopen", "withdraw", "comment", "renew", "sent"]


def take_step(
    follower: Follower, request: OrderRequest, verb: Verb, *, reason: str = "", accept_breach: bool = False
) -> tuple[PurchaseOrder, bool]:
    """Take a step with a purchase order, or with a proposal; returns it, and whether the request was new.

    An order that breaks a term of its supplier is approved only with `accept_breach` and a reason.

    Raises
    ------
    ApprovalError
        When whoever asks may not approve it.
    TermBrokenError
        When an order that is to be approved breaks a term, and that is not accepted.
    OrderError, OrderChangedError, OrderStateError, UnknownOrderError, Problem
        As `change_order` and the step itself.
    """
    if request.order_id is None and verb not in {"approve", "comment"}:
        raise OrderError(f"what: a proposal that nobody has touched cannot take {verb!r}; leave it as it is")
    decide = _decider(follower, request, verb, reason, accept_breach=accept_breach)
    return change_order(follower.engine, request, decide, versioned=verb != "comment")


def _decider(
    follower: Follower, request: OrderRequest, verb: Verb, reason: str, *, accept_breach: bool
) -> Callable[[Connection, PurchaseOrder], Step]:
    """The function that takes the step."""
    served = follower.current()
    today = business_day(served.run)

    def decide(connection: Connection, order: PurchaseOrder) -> Step:
        if verb == "approve":
            approver = request.approver or Approver(request.who, may_approve=False)
            check_approval(connection, order, approver, today)
            breaches = broken_order_terms(served, order)
            accepted = raise_unless_accepted(breaches, accepted=accept_breach, reason=reason)
            return transitions.approve(
                order, who=request.who, at=utc_now(), today=today, accepted=accepted, reason=reason
            )
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


def export_orders(
    follower: Follower, order_ids: Sequence[str], form: str, *, who: str, seen: int | None = None
) -> OrderFile:
    """Export approved orders in a form such as `csv` or `odoo.xlsx`, or return the file that was made before.

    Raises
    ------
    OrderError, OrderChangedError, OrderStateError, UnknownOrderError, Problem
        As `export_file`; 422 for a form that there is not.
    """
    system, kind = parse_form(form)
    served = follower.current()
    request = ExportRequest(tuple(order_ids), form, who, business_day(served.run), seen)
    return export_file(follower.engine, request, lambda orders: make_file(served, orders, system, kind))
