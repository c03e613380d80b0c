"""Shapes of the answers of `/v1`: what planning systems get."""

from datetime import date

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """The model that answered."""

    bundle: str
    version: str


class Unanswered(BaseModel):
    """A SKU or lane that could not be answered, and why."""

    unique_id: str | None = None
    supplier_id: str | None = None
    reason: str


class Answer(BaseModel):
    """Fields of every answer."""

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
    """Answer with demand forecasts; `ds` are the starts of the h periods, `levels` the Q chances."""

    ds: list[date]
    levels: list[float]
    forecasts: list[SkuForecast]


class LeadTimeRow(BaseModel):
    """Lead time in days. `source`: learned, contract, or pooled over suppliers.

    `promise_weight`, 0 to 1: how far it rests on the promised day that was asked with.
    """

    supplier_id: str
    unique_id: str | None
    source: str
    n_orders: int
    promise_weight: float
    mean: float
    sd: float
    quantiles: list[float]


class LeadTimeAnswer(Answer):
    """Answer with lead times."""

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
    """Answer with lead-time demand."""

    review_period_days: float
    levels: list[float]
    lead_time_demand: list[LeadTimeDemandRow]


class PlanRow(BaseModel):
    """The order proposed for one SKU, as in plan.parquet; a number that cannot be known is null."""

    model_config = ConfigDict(extra="allow")

    unique_id: str
    supplier_id: str | None
    order_quantity: float | None
    order_quantity_purchase_units: float | None
    purchase_unit: str | None
    on_hand: float | None
    counted_at: date | None
    counted: float | None
    received_since: float | None
    sold_since: float | None
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
    """When a line still to come may arrive, what it saves if it came tomorrow, or never comes: open_orders.parquet."""

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
    never_probability: float
    part_probability: float
    first_part_share: float | None
    first_part_q50: date | None


class JointLine(BaseModel):
    """A line of a joint order; `alone` is what the SKU alone would order."""

    unique_id: str
    quantity: float
    unit_price: float | None
    goods: float | None
    expected_arrival: date | None
    origin: str
    alone: float
    why: str


class JointOrder(BaseModel):
    """What is ordered from one supplier when its lines go out as one order, or why that waits."""

    supplier_id: str
    units: float
    goods: float
    freight: float
    ordering_cost: float
    landed: float
    minimum_met: bool | None
    waits: bool
    order_on: date | None
    why: str
    lines: list[JointLine]


class PlanAnswer(Answer):
    """Answer with proposed orders, and with `projection` the stock by day and the arrival of open orders.

    `plan` is of each SKU alone, `orders` of suppliers with several of the requested SKUs; `note` says what they leave
    out.
    """

    plan: list[PlanRow]
    orders: list[JointOrder]
    note: str
    projection: list[ProjectionRow] | None = None
    open_orders: list[OpenOrderRow] | None = None
