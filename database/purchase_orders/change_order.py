"""Change a purchase order: one step in one transaction, refused where the order changed meanwhile, and once only."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, select

from database.access.approval import Approver
from database.access.secrets import name_key
from database.purchase_orders.drafts import make_draft
from database.purchase_orders.records import (
    OrderChangedError,
    OrderError,
    OrderEvent,
    ProposedOrder,
    PurchaseOrder,
)
from database.purchase_orders.store import add_events, load_order, order_transaction, update_order
from database.purchase_orders.transitions import Step
from database.schema import purchase_order_events


@dataclass(frozen=True)
class OrderRequest:
    """A request to change a purchase order, or a proposal that is none yet.

    Attributes
    ----------
    order_id : the order; none: the proposal
    proposal : what is proposed to its supplier, where it is no order yet
    seen : version of the order that whoever asks has seen, 0 for a proposal
    who : who asks
    what : all that is asked, by which the same request is known again
    approver : within which limits they approve; none: they do not
    """

    order_id: str | None
    proposal: ProposedOrder | None
    seen: int
    who: str
    what: Mapping[str, Any]
    approver: Approver | None = None

    def __post_init__(self) -> None:
        """Refuse a request of nobody."""
        if not self.who.strip():
            raise OrderError("who: your name is needed, so that others see who ordered")

    @property
    def fingerprint(self) -> str:
        """Hash of what is asked and what was seen, the same for a request that is sent again."""
        about: Any = self.order_id
        if self.proposal is not None:
            about = [self.proposal.supplier_id, self.proposal.run_id]
        asked = [about, self.seen, self.what]
        if self.what.get("what") == "comment":  # the same words of somebody else are theirs
            asked.append(name_key(self.who))
        text = orjson.dumps(asked, option=orjson.OPT_SORT_KEYS, default=str)
        return hashlib.sha256(text).hexdigest()


Decide = Callable[[Connection, PurchaseOrder], Step]
"""From the order as it stands to what it becomes; the connection is for what else a step concerns."""


def change_order(
    engine: Engine, request: OrderRequest, decide: Decide, *, versioned: bool = True
) -> tuple[PurchaseOrder, bool]:
    """Change a purchase order in one transaction; returns it as it stands, and whether the request was new.

    A request that comes again changes nothing. `versioned` false: whatever version was seen, as of a comment.

    Raises
    ------
    OrderChangedError
        When the order, or the plan that it is proposed by, is not the one that was seen.
    UnknownOrderError, OrderStateError, OrderError
        As `load_order`, `make_draft` and the step itself.
    """
    with order_transaction(engine) as connection:
        repeated = find_repeated(connection, request)
        if repeated is not None:
            return repeated, False
        if request.order_id is None:
            assert request.proposal is not None
            before = make_draft(connection, request.proposal, who=request.who)
        else:
            before = load_order(connection, request.order_id)
            if versioned:
                check_seen(connection, before, request.seen)
        after, events = decide(connection, before)
        if after != before:
            after = replace(after, version=before.version + (request.order_id is not None))
            update_order(connection, before, after)
        # a request without effect is remembered as well: sent again, it still has none
        events = events or [OrderEvent("unchanged")]
        add_events(connection, after, events, who=request.who, request=request.fingerprint)
    return after, True


def find_repeated(connection: Connection, request: OrderRequest) -> PurchaseOrder | None:
    """Return the order that this very request has changed before, none where it is new.

    A proposal whose draft was withdrawn is there again, and may be asked for as before.
    """
    events = purchase_order_events.c
    query = select(events.order_id).where(events.request == request.fingerprint).order_by(events.id.desc())
    found = connection.execute(query.limit(1)).scalar()
    if found is None:
        return None
    order = load_order(connection, found)
    return None if request.order_id is None and order.status == "withdrawn" else order


def check_seen(connection: Connection, order: PurchaseOrder, seen: int) -> None:
    """Refuse to change an order of which another version was seen."""
    if seen == order.version:
        return
    events = purchase_order_events.c
    last = select(events.who, events.kind).where(events.order_id == order.order_id, events.version > seen)
    row = connection.execute(last.order_by(events.id.desc()).limit(1)).one_or_none()
    who, kind = ("somebody", "changed") if row is None else row
    raise OrderChangedError(
        f"{order.order_id} was changed meanwhile ({kind} by {who}): you saw version {seen}, it is at "
        f"version {order.version}; look again, then decide",
        seen=seen,
        version=order.version,
        changed_by=who,
    )
