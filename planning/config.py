"""What the config says about the decision."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class PolicyConfig(BaseModel):
    """The `policy` section. Where `items` has a cost or target of its own, that one holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: Literal["cycle_service_level", "fill_rate", "cost"] = "cycle_service_level"
    level: float = Field(
        0.95, gt=0, lt=1, description="service level or fill rate aimed at (unused for cost)"
    )
    review_period_days: float = Field(7.0, ge=0)
    lost_sales: bool = Field(False, description="unmet demand is lost; false: it is backordered")
    holding_cost_rate: float = Field(0.25, ge=0, description="per year and unit of money tied up")
    ordering_cost: float = Field(0.0, ge=0, description="money per order line, where the offer names none")
    budget_horizon_days: float = Field(365.0, gt=0, description="period over which actions are priced")
    minimum_action_value: float = Field(0.0, ge=0, description="actions worth less money are not listed")
