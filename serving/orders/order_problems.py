"""Errors about orders and approvals as problems: 403 beyond a limit, 404, 409 a status, 412 changed, 422 the rest."""

from dataclasses import asdict

from configs.errors import DomainError
from database.access.approval import ApprovalError
from database.purchase_orders.records import (
    OrderChangedError,
    OrderError,
    OrderStateError,
    UnknownOrderError,
)
from serving.http.problems import Problem
from serving.orders.term_checks import TermBrokenError

ORDER_ERRORS: tuple[type[DomainError], ...] = (
    ApprovalError,
    OrderChangedError,
    OrderError,
    OrderStateError,
    TermBrokenError,
    UnknownOrderError,
)


def order_problem(error: DomainError) -> Problem:
    """Return the problem that says what could not be done with a purchase order, for the caller."""
    if isinstance(error, ApprovalError):
        return Problem(403, "approval_refused", str(error))
    if isinstance(error, UnknownOrderError):
        return Problem(404, "unknown_order", str(error))
    if isinstance(error, OrderStateError):
        return Problem(409, "order_status", str(error))
    if isinstance(error, OrderChangedError):
        return Problem(412, "order_changed", str(error), **error.versions)
    if isinstance(error, TermBrokenError):
        breaches = [asdict(breach) | {"may_accept": breach.may_accept} for breach in error.breaches]
        return Problem(422, "term_broken", str(error), breaches=breaches)
    return Problem(422, "incomplete_order", str(error))
