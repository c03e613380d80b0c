"""Shapes of the requests of `/v1`: what planning systems may ask."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

MAX_ROWS = 10_000
"""Most SKUs or pairs in one request."""

LEVELS = (0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95)

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""Days that are accepted: well inside what nanoseconds can hold."""


def _written_day(value: Any) -> Any:
    """Validate that a day is written as one: pydantic also reads seconds since 1970, moments, numbers in quotes."""
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)):
        return value
    raise PydanticCustomError("day", "Input should be a day like 2026-03-09")


def _day_in_range(value: date) -> date:
    if FIRST_DAY <= value <= LAST_DAY:
        return value
    raise PydanticCustomError("day", f"Input should be a day from {FIRST_DAY} to {LAST_DAY}")


# Numbers are strict: true is not 1, and "5" shows that the caller's types are not what it thinks.
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Day = Annotated[date, BeforeValidator(_written_day), AfterValidator(_day_in_range)]
Level = Annotated[float, Field(gt=0, lt=1, strict=True)]
Levels = Annotated[
    tuple[Level, ...],
    Field(min_length=1, max_length=99, description="chances at which quantiles are returned"),
]
Quantity = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False, strict=True)]
Days = Annotated[float, Field(ge=0, le=3650, allow_inf_nan=False, strict=True)]
PlanRunNumber = Annotated[
    int,
    Field(ge=1, lt=2**31, strict=True, description="as that plan run, if it is kept; none: the current one"),
]
Ids = Annotated[list[Id], Field(min_length=1, max_length=MAX_ROWS, fail_fast=True)]


class RequestBody(BaseModel):
    """Base of every request body: an unknown field is an error rather than silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ForecastRequest(RequestBody):
    """Request of demand forecasts of some SKUs."""

    unique_ids: Ids
    horizon: int | None = Field(
        None, ge=1, strict=True, description="periods ahead; none: all that was trained"
    )
    levels: Levels = LEVELS
    cumulative: bool = Field(True, description="also the demand of the first k periods together")
    plan_run: PlanRunNumber | None = None
    as_of: Day | None = Field(
        None, description="as the last plan run of this day or before it, if it is kept"
    )


class Pair(RequestBody):
    """A supplier, and optionally what is bought from it."""

    supplier_id: Id
    unique_id: Id | None = None


class PromisedPair(Pair):
    """A supplier, what is bought from it, and the day it promises for an order placed on the day of the answer."""

    promised_at: Day | None = None


class LeadTimeRequest(RequestBody):
    """Request of lead times of some suppliers."""

    pairs: list[PromisedPair] = Field(min_length=1, max_length=MAX_ROWS, fail_fast=True)
    levels: Levels = LEVELS


class Lane(RequestBody):
    """A SKU, and optionally from whom; without, the supplier the plan buys it from."""

    unique_id: Id
    supplier_id: Id | None = None


class LeadTimeDemandRequest(RequestBody):
    """Request of lead-time demand: demand until the delivery after the next, of some SKUs."""

    pairs: list[Lane] = Field(min_length=1, max_length=MAX_ROWS, fail_fast=True)
    review_period_days: Days | None = Field(None, description="none: the policy's")
    levels: Levels = LEVELS


class StockRow(RequestBody):
    """Stock of a SKU: what is on the shelf."""

    unique_id: Id
    on_hand: Quantity
    backorders: Quantity = 0.0


class OpenOrder(RequestBody):
    """Open order: a line still to come."""

    order_id: Id
    line: Id = "1"
    supplier_id: Id
    unique_id: Id
    ordered_at: Day
    promised_at: Day | None = None
    quantity_open: Quantity


class Offer(RequestBody):
    """Terms at which a supplier sells a SKU."""

    supplier_id: Id
    unique_id: Id
    unit_price: Quantity | None = None
    moq: Quantity | None = None
    order_multiple: Quantity | None = None
    max_quantity: Quantity | None = None
    ordering_cost: Quantity | None = None
    lead_time_days: Days | None = None
    payment_days: Annotated[float, Field(ge=-365, le=365, allow_inf_nan=False, strict=True)] | None = Field(
        None,
        description="days from the receipt of goods until they are paid for; none: paid for when ordered",
    )
    price_breaks: str | None = Field(None, max_length=2_000, description="like `100:9.50;500:9.10`")
    preferred: bool = False
    purchase_unit: str | None = Field(
        None, max_length=200, description="name of the supplier's unit, like `pack`"
    )
    units_per_purchase_unit: (
        Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False, strict=True)] | None
    ) = Field(
        None, description="SKU's own units in one; then the other quantities and prices count purchase units"
    )


class PlanRequest(RequestBody):
    """Request of orders for some SKUs. Its stock, open orders and offers replace those of the last plan run."""

    unique_ids: Ids
    as_of: Day | None = Field(None, description="day of the decision; none: that of the last plan run")
    stock: list[StockRow] | None = Field(None, max_length=MAX_ROWS, fail_fast=True)
    open_orders: list[OpenOrder] | None = Field(None, max_length=5 * MAX_ROWS, fail_fast=True)
    offers: list[Offer] | None = Field(None, max_length=5 * MAX_ROWS, fail_fast=True)
    projection: bool = Field(False, description="also stock by day, and when each open order may arrive")
    plan_run: PlanRunNumber | None = None
