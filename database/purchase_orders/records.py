"""Records of purchase orders: the order, its lines, its events and files, and the errors of what cannot be done."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from configs.errors import DomainError

OrderStatus = Literal["draft", "approved", "exported", "confirmed", "received", "withdrawn", "missing"]
"""Drafted by a person; approved as a whole; handed to the ERP system; seen in its table; all received or closed there;
taken back; exported long ago and never seen in the ERP's table."""

TOP_UP = "top_up"
"""`origin` of a line that tops up what the SKU's other supplier delivers; as `planning.top_ups` has it."""

PLACED: tuple[OrderStatus, ...] = ("approved", "exported", "missing")
"""Orders that count as on order although the ERP's table does not show all of them."""


class OrderError(DomainError):
    """A request about a purchase order that lacks something: says which field and what it needs."""


class UnknownOrderError(DomainError):
    """There is no such purchase order, or nothing is proposed for such a supplier."""


class OrderStateError(DomainError):
    """A step that a purchase order's status does not allow: says the status and what to do instead."""


class OrderChangedError(DomainError):
    """The order is no longer what was seen: says both versions and who changed it."""

    def __init__(self, message: str, **versions: Any) -> None:
        super().__init__(message)
        self.versions = versions


@dataclass(frozen=True)
class OrderLine:
    """One line of a purchase order, in the SKU's own unit and the company's currency.

    Attributes
    ----------
    quantity : units; 0 for a line that was dropped, which stays to say so
    unit_price : money a unit at that quantity, none where it is not known
    due : the day by which it is wanted
    origin : as `order_lines.parquet` has it; `added` or `moved` by a person
    proposed, proposed_due : what the plan proposed
    purchase_unit, units_each : the supplier's unit and the SKU's own units in one
    known_before : ids of ERP orders of this SKU and supplier that were there already, and are none of ours
    erp_order_id, erp_quantity, erp_received : what the ERP's table shows of the line, none before it does
    """

    line: int
    unique_id: str
    quantity: float
    unit_price: float | None
    due: date | None
    origin: str
    proposed: float
    proposed_due: date | None
    purchase_unit: str = ""
    units_each: float = 1.0
    known_before: tuple[str, ...] = ()
    erp_order_id: str | None = None
    erp_quantity: float | None = None
    erp_received: float | None = None

    @property
    def goods(self) -> float | None:
        """Money of the line, quantity × unit price; none where no price is known."""
        return None if self.unit_price is None else self.quantity * self.unit_price

    @property
    def edited(self) -> bool:
        """Whether a person changed the line's quantity or day."""
        return self.quantity != self.proposed or self.due != self.proposed_due


ProposalKey = str | tuple[str, str]
"""What a plan proposes a line of: a SKU, whoever delivers it, or of a top-up the SKU and the supplier that is asked."""


def proposal_key(unique_id: str, supplier_id: str, origin: str) -> ProposalKey:
    """Which proposal a line of a supplier's order answers, or is."""
    return (unique_id, supplier_id) if origin == TOP_UP else unique_id


@dataclass(frozen=True)
class PurchaseOrder:
    """A purchase order with all its lines.

    Attributes
    ----------
    run_id : plan run whose proposal it is, or whose it was last brought up to
    counted_run : last plan run that counted it as on order
    order_on : day on which it should go out
    ordered_on, awaited_from : business day on which it was exported, and from which the ERP's table is waited for
    """

    order_id: str
    supplier_id: str
    run_id: int
    status: OrderStatus
    version: int
    currency: str
    order_on: date | None
    created_by: str
    created_at: datetime
    lines: tuple[OrderLine, ...]
    note: str = ""
    counted_run: int | None = None
    approved_by: str | None = None
    approved_at: datetime | None = None
    exported_by: str | None = None
    exported_at: datetime | None = None
    ordered_on: date | None = None
    awaited_from: date | None = None
    confirmed_at: datetime | None = None
    received_at: datetime | None = None

    @property
    def ordered(self) -> tuple[OrderLine, ...]:
        """The order's lines that something is ordered of."""
        return tuple(line for line in self.lines if line.quantity > 0)

    @property
    def goods(self) -> float:
        """Money of the order's lines whose price is known, to the cent."""
        return total_goods(self.lines)


def total_goods(lines: tuple[OrderLine, ...]) -> float:
    """Money of a purchase order's lines whose price is known, Σ quantity × unit price, rounded once, to the cent."""
    return round(math.fsum(line.goods or 0.0 for line in lines), 2)


@dataclass(frozen=True)
class ProposedOrder:
    """What the current plan proposes to order from a supplier: a purchase order that nobody has touched."""

    supplier_id: str
    run_id: int
    currency: str
    order_on: date | None
    lines: tuple[OrderLine, ...]


@dataclass(frozen=True)
class OrderEvent:
    """Something that was done with a purchase order, or found out about it. Rows are only ever added."""

    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True)
class StoredEvent(OrderEvent):
    """An event of a purchase order as its table has it."""

    id: int = 0
    at: datetime | None = None
    order_id: str = ""
    version: int = 0
    who: str = ""


@dataclass(frozen=True)
class OrderFile:
    """A file of a purchase order as it was exported, and whether it was there already when it was asked for."""

    order_id: str
    form: str
    name: str
    media_type: str
    content: bytes
    sha256: str
    at: datetime
    who: str
    again: bool = False
