"""Shapes of what a job may be asked: a forecast, a plan or a what-if of some SKUs, or of all."""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from serving.api.request_schemas import LEVELS, Day, Id, Levels, RequestBody
from serving.what_if.change_fields import FIELDS

MOST_IDS = 300_000
"""Most SKUs that one job names; without `unique_ids` it is of all that there are."""

JobIds = Annotated[list[Id], Field(min_length=1, max_length=MOST_IDS, fail_fast=True)]
Text = Annotated[str, Field(max_length=100)]
Number = Annotated[float, Field(allow_inf_nan=False, strict=True)]
_CHANGES: dict[str, Any] = {
    "properties": {
        field.name: {
            "anyOf": [{"type": "string", "maxLength": 100}, {"type": "number"}],
            "description": f"{field.label}: {field.expected}",
        }
        for field in FIELDS
    },
    "additionalProperties": False,
}
"""Fields of a change in the description; `what_if_rows` reads them as `/v1/what-if` does."""


class ForecastJob(RequestBody):
    """Demand forecasts, a row a SKU, as `/v1/forecast` answers them."""

    kind: Literal["forecast"]
    unique_ids: JobIds | None = Field(None, description="none: all SKUs")
    horizon: int | None = Field(None, ge=1, le=10_000, strict=True, description="periods; none: all")
    levels: Levels = LEVELS
    cumulative: bool = Field(True, strict=True)


class PlanJob(RequestBody):
    """Proposed orders, a row a SKU, as `/v1/plan` answers them, with the last plan run's stock, orders and offers."""

    kind: Literal["plan"]
    unique_ids: JobIds | None = Field(None, description="none: all SKUs")
    as_of: Day | None = Field(None, description="day of the decision; none: that of the last plan run")


class WhatIfJob(RequestBody):
    """What a plan would say of each SKU with a change, a row a SKU, as `/v1/what-if` answers it."""

    kind: Literal["what_if"]
    unique_ids: JobIds | None = Field(None, description="none: all SKUs that the plan buys")
    supplier_id: Id | None = Field(
        None, description="only SKUs that the plan buys there; none: of all suppliers"
    )
    change: dict[Text, Text | Number] = Field(
        min_length=1, max_length=len(FIELDS), json_schema_extra=_CHANGES
    )


JobRequest = Annotated[ForecastJob | PlanJob | WhatIfJob, Field(discriminator="kind")]
JOB_REQUEST: TypeAdapter[ForecastJob | PlanJob | WhatIfJob] = TypeAdapter(JobRequest)
"""Reads a request of a job of whatever kind."""
