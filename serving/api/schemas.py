"""What planning systems may ask, and what they get: the shapes of `/v1`."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

MAX_ROWS = 10_000
"""Most SKUs or pairs in one request."""

LEVELS = (0.05, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95)

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 12, 31)
"""Days that are understood: well inside what nanoseconds can hold."""


def _written_day(value: Any) -> Any:
    """Refuse what pydantic would read as a day too: seconds since 1970, moments, numbers in quotes."""
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value)):
        return value
    raise PydanticCustomError("day", "Input should be a day like 2026-03-09")


def _near_day(value: date) -> date:
    if FIRST_DAY <= value <= LAST_DAY:
        return value
    raise PydanticCustomError("day", f"Input should be a day from {FIRST_DAY} to {LAST_DAY}")


# Numbers are strict: true is no 1, and "5" says that the caller's own types are not what it thinks.
Id = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Day = Annotated[date, BeforeValidator(_written_day), AfterValidator(_near_day)]
Level = Annotated[float, Field(gt=0, lt=1, strict=True)]
Levels = Annotated[
    tuple[Level, ...], Field(min_length=1, max_length=99, description="chances at which quantiles are wanted")
]
Quantity = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False, strict=True)]
Days = Annotated[float, Field(ge=0, le=3650, allow_inf_nan=False, strict=True)]
Ids = Annotated[list[Id], Field(min_length=1, max_length=MAX_ROWS)]


class Asked(BaseModel):
    """A request: an unknown field is an error rather than silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ForecastRequest(Asked):
    """Demand of some SKUs."""

    unique_ids: Ids
    horizon: int | None = Field(
        None, ge=1, strict=True, description="periods ahead; none: all that was trained"
    )
    levels: Levels = LEVELS
    cumulative: bool = Field(True, description="also the demand of the first k periods together")


class Pair(Asked):
    """A supplier, and optionally what is bought from it."""

    supplier_id: Id
    unique_id: Id | None = None


class LeadTimeRequest(Asked):
    """Lead times of some suppliers."""

    pairs: list[Pair] = Field(min_length=1, max_length=MAX_ROWS)
    levels: Levels = LEVELS


class Lane(Asked):
    """A SKU, and optionally from whom; without, the supplier the plan buys it from."""

    unique_id: Id
    supplier_id: Id | None = None


class LeadTimeDemandRequest(Asked):
    """Demand until the delivery after the next, of some SKUs."""

    pairs: list[Lane] = Field(min_length=1, max_length=MAX_ROWS)
    review_period_days: Days | None = Field(None, description="none: the policy's")
    levels: Levels = LEVELS


class StockRow(Asked):
    """What is on the shelf."""

    unique_id: Id
    on_hand: Quantity
    backorders: Quantity = 0.0


class OpenOrder(Asked):
    """A line still to come."""

    order_id: Id
    line: Id = "1"
    supplier_id: Id
    unique_id: Id
    ordered_at: Day
    promised_at: Day | None = None
    quantity_open: Quantity


class Offer(Asked):
    """LaneTerms at which a supplier sells a SKU."""

    supplier_id: Id
    unique_id: Id
    unit_price: Quantity | None = None
    moq: Quantity | None = None
    order_multiple: Quantity | None = None
    max_quantity: Quantity | None = None
    ordering_cost: Quantity | None = None
    lead_time_days: Days | None = None
    price_breaks: str | None = Field(None, max_length=2_000, description="like `100:9.50;500:9.10`")
    preferred: bool = False


class PlanRequest(Asked):
    """Orders for some SKUs. What is brought along replaces what the last planning run saw, for these SKUs."""

    unique_ids: Ids
    as_of: Day | None = Field(None, description="day of the decision; none: that of the last planning run")
    stock: list[StockRow] | None = Field(None, max_length=MAX_ROWS)
    open_orders: list[OpenOrder] | None = Field(None, max_length=5 * MAX_ROWS)
    offers: list[Offer] | None = Field(None, max_length=5 * MAX_ROWS)
    projection: bool = Field(False, description="also stock by day, and when each open order may arrive")


class Model(BaseModel):
    """Which model answered."""

    bundle: str
    version: str


class Unanswered(BaseModel):
    """What could not be answered, and why."""

    unique_id: str | None = None
    supplier_id: str | None = None
    reason: str


class Answer(BaseModel):
    """What every answer says."""

    model: Model
    as_of: date
    unanswered: list[Unanswered]


class SkuForecast(BaseModel):
    """Demand of one SKU: (h,) means and (h, Q) quantiles, in units."""

    unique_id: str
    demand_class: str
    reason: str
    mean: list[float]
    quantiles: list[list[float]]
    cumulative_mean: list[float] | None = None
    cumulative_quantiles: list[list[float]] | None = None


class ForecastAnswer(Answer):
    """Forecasts; `ds` are the starts of the h periods, `levels` the Q chances."""

    ds: list[date]
    levels: list[float]
    forecasts: list[SkuForecast]


class LeadTimeRow(BaseModel):
    """Lead time in days. `source`: learned, contract, or pooled over suppliers."""

    supplier_id: str
    unique_id: str | None
    source: str
    n_orders: int
    mean: float
    sd: float
    quantiles: list[float]


class LeadTimeAnswer(Answer):
    """Lead times."""

    levels: list[float]
    lead_times: list[LeadTimeRow]


class LeadTimeDemandRow(BaseModel):
    """Demand over lead time plus review period, in units."""

    unique_id: str
    supplier_id: str | None
    mean: float
    sd: float
    quantiles: list[float]


class LeadTimeDemandAnswer(Answer):
    """Lead-time demand."""

    review_period_days: float
    levels: list[float]
    lead_time_demand: list[LeadTimeDemandRow]


class PlanRow(BaseModel):
    """The order proposed for one SKU, as in plan.parquet; a number that cannot be known is null."""

    model_config = ConfigDict(extra="allow")

    unique_id: str
    supplier_id: str | None
    order_quantity: float | None
    order_by: date | None
    reorder_point: float | None
    safety_stock: float | None
    order_up_to: float | None
    stockout_probability: float | None
    expected_shortage: float | None
    reason: str


class ProjectionRow(BaseModel):
    """Stock of one SKU by the end of a day if nothing more is ordered, in units, as in projection.parquet."""

    unique_id: str
    ds: date
    stockout_probability: float
    expected_stock: float
    expected_shortage: float
    expected_arrivals: float


class OpenOrderRow(BaseModel):
    """When a line still to come may arrive, and the money saved if it came tomorrow, as in open_orders.parquet."""

    model_config = ConfigDict(extra="allow")

    order_id: str
    line: str
    supplier_id: str | None
    unique_id: str
    quantity_open: float
    arrival_q05: date
    arrival_q50: date
    arrival_q95: date
    expected_arrival: date
    late_probability: float | None
    expected_days_late: float | None
    expedite_value: float | None


class PlanAnswer(Answer):
    """Proposed orders, and with `projection` what lies ahead of them."""

    plan: list[PlanRow]
    projection: list[ProjectionRow] | None = None
    open_orders: list[OpenOrderRow] | None = None
