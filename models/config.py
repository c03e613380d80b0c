"""What the config says about learning."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A config section: immutable, and an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class BoostingConfig(Section):
    """The `demand.boosting` section: what `purvey train --tune` searches; the defaults were found on four data sets."""

    learning_rate: float = Field(0.05, gt=0, le=1)
    num_leaves: int = Field(31, ge=2)
    min_data_in_leaf: int = Field(100, ge=1)
    feature_fraction: float = Field(0.4, gt=0, le=1)
    lambda_l2: float = Field(5.0, ge=0)
    rounds: int = Field(150, ge=1, description="trees")
    variance_power: float = Field(1.5, gt=1, lt=2, description="Tweedie: 1 is Poisson, 2 is Gamma")
    half_life_periods: float = Field(52.0, gt=0, description="age at which a row weighs half")


class DemandConfig(Section):
    """The `demand` section."""

    horizon: int | None = Field(
        None, ge=1, description="periods ahead; none: the longest protection interval"
    )
    season_length: int | None = Field(None, ge=1, description="periods in a season; none: from freq")
    windows: int = Field(4, ge=1, description="rolling origins inside training (weights and calibration)")
    cutoffs: tuple[date, ...] = Field((), description="last ds seen, for `purvey backtest`")
    members: tuple[str, ...] | None = Field(None, description="statistical members; none: routed by class")
    boosting: BoostingConfig = BoostingConfig()


class LeadTimeConfig(Section):
    """The `lead_time` section."""

    source: Literal["learned", "contract"] = "learned"
    half_life_days: float = Field(365.0, gt=0, description="age at which an order weighs half")
    cutoffs: tuple[date, ...] = Field((), description="snapshot days for `purvey backtest`")
