"""Drafts of purchase orders: a supplier's proposal becomes one when somebody first touches it, and what they answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select

from database.purchase_orders.records import (
    PLACED,
    OrderChangedError,
    OrderEvent,
    OrderLine,
    OrderStateError,
    ProposalKey,
    ProposedOrder,
    PurchaseOrder,
    proposal_key,
)
from database.purchase_orders.store import add_events, insert_order, load_orders, next_number
from database.schema import plan_runs, purchase_order_lines, purchase_orders, utc_now


def make_draft(connection: Connection, proposal: ProposedOrder, *, who: str) -> PurchaseOrder:
    """Make a draft of what is proposed to a supplier, without what other orders have answered since.

    Raises
    ------
    OrderChangedError
        When a newer plan has been made, or the supplier has a draft already.
    """
    current = connection.execute(select(func.max(plan_runs.c.id))).scalar()
    if current != proposal.run_id:
        raise OrderChangedError(
            f"a newer plan has been made meanwhile: you saw plan {proposal.run_id}, the current one is {current}; "
            "look again, then decide",
            seen=proposal.run_id,
            version=current,
        )
    draft = find_draft(connection, proposal.supplier_id)
    if draft is not None:
        raise OrderChangedError(
            f"{draft.created_by} has begun {draft.order_id} for {proposal.supplier_id} meanwhile: you saw version 0, "
            f"it is at version {draft.version}; look again, then decide",
            seen=0,
            version=draft.version,
            order_id=draft.order_id,
            changed_by=draft.created_by,
        )
    at, number = utc_now(), next_number(connection)
    order = PurchaseOrder(
        order_id=f"PV-{at.year}-{number:06}",
        supplier_id=proposal.supplier_id,
        run_id=proposal.run_id,
        status="draft",
        version=1,
        currency=proposal.currency,
        order_on=proposal.order_on,
        created_by=who,
        created_at=at,
        lines=still_proposed(proposal, answered_proposals(connection, proposal.run_id)),
    )
    insert_order(connection, order, number)
    add_events(connection, order, [OrderEvent("created", {"run": proposal.run_id})], who=who)
    return order


def refuse_second_draft(connection: Connection, order: PurchaseOrder) -> None:
    """Refuse to make an order a draft again while its supplier has another one."""
    draft = find_draft(connection, order.supplier_id)
    if draft is not None:
        raise OrderStateError(
            f"{order.supplier_id} has the draft {draft.order_id} already; approve or withdraw that one first"
        )


def not_elsewhere(connection: Connection, proposal: ProposedOrder, order: PurchaseOrder) -> ProposedOrder:
    """What is proposed for a draft, without lines that other orders have answered."""
    answered = answered_proposals(connection, proposal.run_id)
    others = {key: order_id for key, order_id in answered.items() if order_id != order.order_id}
    return replace(proposal, lines=_not_answered(proposal, others))


def find_draft(connection: Connection, supplier_id: str) -> PurchaseOrder | None:
    """Return the supplier's draft, none where it has none."""
    table = purchase_orders.c
    query = select(purchase_orders).where(table.supplier_id == supplier_id, table.status == "draft")
    found = load_orders(connection, query)
    return found[0] if found else None


def still_proposed(proposal: ProposedOrder, answered: Mapping[ProposalKey, str]) -> tuple[OrderLine, ...]:
    """Lines of a proposal that no draft or other order has answered, numbered from 1."""
    left = _not_answered(proposal, answered)
    return tuple(replace(line, line=number) for number, line in enumerate(left, 1))


def _not_answered(proposal: ProposedOrder, answered: Mapping[ProposalKey, str]) -> tuple[OrderLine, ...]:
    """Lines of a proposal that is not answered."""
    supplier_id = proposal.supplier_id
    return tuple(
        line
        for line in proposal.lines
        if proposal_key(line.unique_id, supplier_id, line.origin) not in answered
    )


def answered_proposals(connection: Connection, run_id: int) -> dict[ProposalKey, str]:
    """What of the proposals of plan run `run_id` a draft answers, or an order that it did not count: → order_id."""
    return {
        proposal_key(row.unique_id, row.supplier_id, row.origin): row.order_id
        for row in connection.execute(_answers(run_id))
    }


def _answers(run_id: int) -> Select[Any]:
    """Select SKU, supplier, origin and order of what answers the proposals of a plan run.

    That is every line of a draft of this run, also one that was dropped (one that was moved is answered where it went),
    and what older drafts order; and of the orders further on those that the run has not counted as on order, since they
    were approved while or after it was made.
    """
    order, line = purchase_orders.c, purchase_order_lines.c
    says = (line.quantity > 0) | ((order.run_id == run_id) & (line.origin != "moved"))
    not_counted = or_(order.counted_run.is_(None), order.counted_run < run_id)
    stands = (order.status == "draft") | (order.status.in_(PLACED) & not_counted)
    joined = purchase_order_lines.join(purchase_orders, order.order_id == line.order_id)
    columns = (line.unique_id, line.origin, line.order_id, order.supplier_id)
    return select(*columns).select_from(joined).where(stands & says)
