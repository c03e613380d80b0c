"""Moves of lines to other suppliers: out of one purchase order, and into the draft of the other supplier."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection

from database.purchase_orders.drafts import find_draft, make_draft
from database.purchase_orders.records import ProposedOrder, PurchaseOrder
from database.purchase_orders.store import add_events, update_order
from database.purchase_orders.transitions import LineEdit, receive_line


def move_lines(
    connection: Connection,
    origin: PurchaseOrder,
    edits: Sequence[LineEdit],
    *,
    proposals: Mapping[str, ProposedOrder],
    who: str,
    reason: str = "",
) -> None:
    """Move lines from the order `origin` into the drafts of their new suppliers; a draft is made where there is none.

    Parameters
    ----------
    edits : those of them that have `move_to`
    proposals : what the plan proposes to the new suppliers, each of which has one, be it without lines
    """
    for edit in edits:
        if edit.move_to is None:
            continue
        found = find_draft(connection, edit.move_to)
        before = found or make_draft(connection, proposals[edit.move_to], who=who)
        after, events = receive_line(before, edit, came_from=origin, reason=reason)
        after = replace(after, version=before.version + (found is not None))
        update_order(connection, before, after)
        add_events(connection, after, events, who=who)
