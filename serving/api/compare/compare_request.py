"""Shape of the request of `/v1/sourcing/compare`: a demand, two or more offers for it, and what is aimed at."""

from typing import Annotated, Literal, Self

import numpy as np
from pydantic import Field, field_validator, model_validator

from planning.played_year.compare_suppliers import SupplierOffer
from serving.api.request_schemas import Id, Quantity, RequestBody

MOST_OFFERS = 20
"""Offers compared at once: the answer must not take longer than two seconds."""

_WIDEST = 2.0
"""Spread of a lead time, as a multiple of its mean, beyond which most orders would come at once, a few hardly ever."""

Price = Annotated[float, Field(ge=1e-6, le=1e9, allow_inf_nan=False, strict=True)]
LeadTime = Annotated[float, Field(ge=0.01, le=365, allow_inf_nan=False, strict=True)]
Spread = Annotated[float, Field(ge=0, le=365, allow_inf_nan=False, strict=True)]
Share = Annotated[float, Field(ge=0, le=0.9, allow_inf_nan=False, strict=True)]


class DailyDemand(RequestBody):
    """Demand of a day, units: independent from day to day and normal, cut at zero."""

    mean: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False, strict=True)]
    std: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False, strict=True)]


class ComparedOffer(RequestBody):
    """An offer, one that was made or one that is thought of."""

    name: Id
    unit_price: Price
    lead_time_mean: LeadTime
    lead_time_std: Spread
    moq: Quantity = 0.0
    order_multiple: Annotated[float, Field(gt=0, le=1e12, allow_inf_nan=False, strict=True)] | None = None
    ordering_cost: Quantity = Field(0.0, description="money per order line")
    payment_days: Annotated[float, Field(ge=-365, le=365, allow_inf_nan=False, strict=True)] | None = Field(
        None, description="days from the receipt of goods until they are paid; none: paid for when ordered"
    )
    rejected_share: Share = Field(0.0, description="of what arrives")
    price_breaks: str | None = Field(None, max_length=2_000, description="like `100:9.50;500:9.10`")

    @model_validator(mode="after")
    def _spread_of_a_lead_time(self) -> Self:
        """Refuse a spread with which most orders would take no time at all, and a few for ever."""
        if self.lead_time_std > _WIDEST * self.lead_time_mean:
            raise ValueError(
                f"lead_time_std is {self.lead_time_std:g}, expected at most {_WIDEST:g} times lead_time_mean, "
                f"{_WIDEST * self.lead_time_mean:g}"
            )
        return self

    def offer(self) -> SupplierOffer:
        """The offer as planning has it."""
        given = self.model_dump(exclude_none=True)
        return SupplierOffer(**{"order_multiple": np.nan, "payment_days": np.nan} | given)


class ComparePolicy(RequestBody):
    """What is aimed at and what it costs; what is left out is as in the plan's policy."""

    target: Literal["cycle_service_level", "fill_rate", "cost"] | None = None
    level: Annotated[float, Field(ge=0.5, le=0.999, strict=True)] | None = None
    review_period_days: Annotated[float, Field(ge=0, le=90, allow_inf_nan=False, strict=True)] | None = Field(
        None, description="days between order decisions; 0: every day"
    )
    holding_cost_rate: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False, strict=True)] | None = Field(
        None, description="a year, as a share of a unit's price"
    )
    capital_cost_rate: Annotated[float, Field(ge=0, le=5, allow_inf_nan=False, strict=True)] | None = Field(
        None,
        description="what money costs a year, as a share of a unit's price: of goods on their way; none: of a SKU as "
        "in the plan's policy, else as much as holding",
    )
    shortage_cost: Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False, strict=True)] | None = Field(
        None,
        description="money per unit short; none: the SKU's own, else the one that makes `level` the best",
    )


class CompareRequest(RequestBody):
    """Request to compare offers for a demand a day, or for the forecast of a SKU."""

    demand: DailyDemand | None = None
    unique_id: Id | None = Field(None, description="a SKU of the plan, on whose forecast they are compared")
    offers: tuple[ComparedOffer, ...] = Field(min_length=2, max_length=MOST_OFFERS)
    policy: ComparePolicy = ComparePolicy()

    @field_validator("offers")
    @classmethod
    def _named_apart(cls, offers: tuple[ComparedOffer, ...]) -> tuple[ComparedOffer, ...]:
        """Refuse offers of one name: the answer could not say which is meant."""
        names = [offer.name for offer in offers]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise ValueError(f"two offers are named {twice!r}; give each a name of its own")
        return offers

    @model_validator(mode="after")
    def _one_demand(self) -> Self:
        """Refuse a request without a demand, or with two."""
        if (self.demand is None) == (self.unique_id is None):
            raise ValueError("give demand (mean and std a day) or unique_id, one of them and not both")
        return self
