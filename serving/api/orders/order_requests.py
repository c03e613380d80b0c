"""Shapes of the requests of `/v1/orders`: changes of an order, checks of a quantity, exports."""

from typing import Literal, TypeVar

from pydantic import Field, ValidationError

from database.access.approval import Approver
from database.access.secrets import NAME_LENGTH
from database.purchase_orders.change_order import OrderRequest
from database.purchase_orders.records import OrderError
from serving.api.request_schemas import Day, Id, Quantity, RequestBody
from serving.http.body_fields import check_field_count
from serving.http.framework_errors import validation_problem
from serving.orders.edits import LineChange, OrderEdit
from serving.orders.proposals import seen_proposal
from serving.state.decisions import REASON_LENGTH
from serving.state.served import Served

MAX_CHANGES = 10_000
"""Most lines changed at once."""

Body = TypeVar("Body", bound=RequestBody)


class Change(RequestBody):
    """A change of one line; what is left out stays. A quantity of 0 drops it, a new SKU adds one."""

    unique_id: Id
    quantity: Quantity | None = None
    due: Day | None = Field(None, description="day by which it is wanted")
    supplier_id: Id | None = Field(None, description="another supplier, into whose draft the line moves")


class OrderWrite(RequestBody):
    """Request to change an order: one that has an `order_id`, or what is proposed to a supplier."""

    what: Literal["edit", "approve", "reopen", "withdraw", "comment", "renew", "sent"]
    order_id: Id | None = Field(None, description="none: the current plan's proposal to `supplier_id`")
    supplier_id: Id | None = None
    plan: int | None = Field(None, strict=True, description="plan run that the proposal was seen in")
    version: int = Field(
        ge=0,
        strict=True,
        description="as you saw it, 0 for a proposal: refused with 412 when it changed since",
    )
    who: str = Field("", max_length=NAME_LENGTH)
    reason: str = Field("", max_length=REASON_LENGTH, description="also the text of a comment")
    changes: list[Change] = Field(default_factory=list, max_length=MAX_CHANGES)
    order_on: Day | None = Field(None, description="day on which the order goes out")
    accept_breach: bool = Field(
        False,
        strict=True,
        description="overrule what may be: shelf life, budget, and when an order is approved its supplier's minimum "
        "and the trucks that the plan fills; needs a reason",
    )

    def edit(self) -> OrderEdit:
        """What the request changes of lines and the order's day."""
        changes = tuple(LineChange(**change.model_dump()) for change in self.changes)
        return OrderEdit(changes, self.order_on, self.reason, self.accept_breach)

    def request(self, served: Served, approver: Approver) -> OrderRequest:
        """The request of `approver` to the state database, about the order or the proposal of what is served.

        Raises
        ------
        OrderError
            When it is about neither or both, or what it brings does not go with what is asked.
        OrderChangedError
            When another plan is current than the proposal was seen in.
        Problem
            404 when nobody knows the supplier.
        """
        if (self.order_id is None) == (self.supplier_id is None):
            raise OrderError("order_id: give it for an order, or supplier_id for a proposal, and not both")
        if self.what != "edit" and (self.changes or self.order_on is not None):
            raise OrderError(f"changes: only an edit changes lines or days, this is {self.what!r}")
        what = self.model_dump(mode="json", exclude={"who", "order_id", "supplier_id", "plan", "version"})
        if self.supplier_id is None:
            return OrderRequest(self.order_id, None, self.version, approver.name, what, approver)
        if self.version != 0:
            raise OrderError(
                "version: a proposal that nobody has touched has version 0; give order_id otherwise"
            )
        if self.plan is None:
            raise OrderError("plan: the number of the plan run that you saw the proposal in is needed")
        proposal = seen_proposal(served, self.supplier_id, self.plan)
        return OrderRequest(None, proposal, 0, approver.name, what, approver)


class OrderCheck(RequestBody):
    """Request of what a quantity of a SKU from a supplier comes to; nothing is stored."""

    supplier_id: Id
    unique_id: Id
    quantity: Quantity


class OrdersExport(RequestBody):
    """Request of one file of several approved orders, all or none."""

    order_ids: list[Id] = Field(min_length=1, max_length=MAX_CHANGES)
    format: str = Field("csv", max_length=40, description="as of one order")
    who: str = Field("", max_length=NAME_LENGTH)


class OrderExport(RequestBody):
    """Request of an order's file."""

    format: str = Field(
        "csv",
        max_length=40,
        description="csv, xlsx or json; of a system: odoo, erpnext, frepple or aws, such as odoo.csv",
    )
    who: str = Field("", max_length=NAME_LENGTH)
    version: int | None = Field(None, ge=0, strict=True, description="as you saw it; none: as it stands")


def parse_body(body: bytes, schema: type[Body]) -> Body:
    """Read the JSON body of a request in the shape of `schema`.

    Raises
    ------
    Problem
        422 with the place, the value and what is expected.
    """
    check_field_count(body)
    try:
        return schema.model_validate_json(body or b"null")
    except ValidationError as error:
        raise validation_problem(error, body) from None
