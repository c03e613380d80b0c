"""What the config says about learning."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A config section: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class DemandConfig(Section):
    """The `demand` section."""

    horizon: int | None = Field(
        None, ge=1, description="periods ahead; none: the longest protection interval"
    )
    season_length: int | None = Field(None, ge=1, description="periods in a season; none: from freq")
    windows: int = Field(4, ge=1, description="rolling origins inside training (weights and calibration)")
    cutoffs: tuple[date, ...] = Field((), description="last ds seen, for `purvey backtest`")
    members: tuple[str, ...] | None = Field(None, description="statistical members; none: routed by class")


class LeadTimeConfig(Section):
    """The `lead_time` section."""

    source: Literal["learned", "contract"] = "learned"
    half_life_days: float = Field(365.0, gt=0, description="age at which an order weighs half")
    cutoffs: tuple[date, ...] = Field((), description="snapshot days for `purvey backtest`")
