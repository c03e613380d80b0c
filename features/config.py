"""What the config says about the data."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Frozen(BaseModel):
    """A config section: immutable, and an unknown key is an error rather than a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Covariate(Frozen):
    """A column of `demand` beside `y`."""

    known_in_advance: bool = False


class Clock(Frozen):
    """Which dates of `purchase_orders` start and end a lead time."""

    start: Literal["ordered", "created", "approved", "sent"] = Field(
        "ordered", description="column ordered_at, created_at, approved_at or sent_at"
    )
    end: Literal["received", "shipped", "put_away"] = Field(
        "received", description="column received_at, shipped_at or put_away_at"
    )


class DataConfig(Frozen):
    """The `data` section."""

    freq: str | None = Field(
        None, description="pandas alias of the period starts (W-MON, D, MS); none: inferred"
    )
    gaps: Literal["zero", "missing"] = Field(
        "zero", description="a period without a row: no demand, or unknown"
    )
    covariates: dict[str, Covariate] = Field(default_factory=dict, description="columns of demand")
    order_covariates: tuple[str, ...] = Field((), description="columns of purchase_orders")
    clock: Clock = Field(Clock(), description="which dates start and end a lead time")
    max_bad_share: float = Field(0.05, ge=0, le=1, description="share of quarantined rows that stops the run")
