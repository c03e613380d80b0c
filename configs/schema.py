"""Every option of a config file: its meaning, unit, default and range.

`docs/configuration.md` is made from this file by `python -m configs.reference`.
"""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A section of the config: immutable, and an unknown key is an error rather than a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def option(default: Any, meaning: str, unit: str = "", **bounds: Any) -> Any:
    """Declare an option with its default, what it means, its unit, and bounds (`ge`, `gt`, `le`, `lt`)."""
    return Field(default, description=meaning, json_schema_extra={"unit": unit}, **bounds)


class CovariateConfig(Section):
    """A column of `demand` beside `y`, by its name under `data.covariates`."""

    known_in_advance: bool = option(False, "whether its values of coming periods are known when forecasting")


class ClockConfig(Section):
    """Which dates of `purchase_orders` and `receipts` start and end a lead time."""

    start: Literal["ordered", "created", "approved", "sent"] = option(
        "ordered", "the lead time starts at ordered_at, created_at, approved_at or sent_at"
    )
    end: Literal["received", "shipped", "put_away"] = option(
        "received", "the lead time ends at received_at, shipped_at or put_away_at"
    )


class DataConfig(Section):
    """How the tables are read."""

    freq: str | None = option(
        None, "pandas alias of the demand periods' starts (D, W-MON, MS …); none: read off `ds`"
    )
    gaps: Literal["zero", "missing"] = option(
        "zero", "a period without a row had no demand (zero), or its demand is not known (missing)"
    )
    covariates: dict[str, CovariateConfig] = Field(
        default_factory=dict, description="columns of `demand` that drive it, such as price and promotion"
    )
    order_covariates: tuple[str, ...] = option((), "columns of `purchase_orders` that drive its lead time")
    clock: ClockConfig = option(ClockConfig(), "which dates start and end a lead time")
    max_bad_share: float = option(
        0.05, "quarantined rows of a table beyond which a run stops", "share", ge=0, le=1
    )


class BoostingConfig(Section):
    """LightGBM's parameters, searched by `purvey train --tune`; the defaults were found on four data sets."""

    learning_rate: float = option(0.05, "weight of each tree", gt=0, le=1)
    num_leaves: int = option(31, "leaves of a tree", ge=2)
    min_data_in_leaf: int = option(100, "rows that a leaf needs", "rows", ge=1)
    feature_fraction: float = option(0.4, "features that each tree may use", "share", gt=0, le=1)
    lambda_l2: float = option(5.0, "L2 regularisation of the leaves' values", ge=0)
    rounds: int = option(150, "number of trees", "trees", ge=1)
    variance_power: float = option(1.5, "Tweedie's variance power: 1 is Poisson, 2 is Gamma", gt=1, lt=2)
    half_life_periods: float = option(52.0, "age at which a row weighs half", "periods", gt=0)


class DemandConfig(Section):
    """How demand is learned and forecast."""

    horizon: int | None = option(
        None, "how far ahead; none: the longest protection interval", "periods", ge=1
    )
    season_length: int | None = option(None, "length of a season; none: from the frequency", "periods", ge=1)
    windows: int = option(4, "rolling origins inside a training, for weights and calibration", ge=1)
    cutoffs: tuple[date, ...] = option((), "last `ds` seen by each forecast of `purvey backtest`", "dates")
    members: tuple[str, ...] | None = option(None, "statistical members; none: chosen by demand class")
    boosting: BoostingConfig = option(BoostingConfig(), "LightGBM's parameters")


class LeadTimeConfig(Section):
    """How lead times are learned."""

    source: Literal["learned", "contract"] = option(
        "learned", "learned from orders, or taken as certain from the offers' `lead_time_days`"
    )
    half_life_days: float = option(365.0, "age at which an order weighs half", "days", gt=0)
    cutoffs: tuple[date, ...] = option((), "days from which `purvey backtest` looks ahead", "dates")


class PolicyConfig(Section):
    """How much is ordered and what it costs. Where `items` has a cost or target of its own, that one holds."""

    target: Literal["cycle_service_level", "fill_rate", "cost"] = option(
        "cycle_service_level",
        "replenishment cycles without a stockout, share of demand met, or least expected cost",
    )
    level: float = option(0.95, "what the target aims at (unused for cost)", "share", gt=0, lt=1)
    review_period_days: float = option(7.0, "time between order decisions", "days", ge=0)
    lost_sales: bool = option(False, "unmet demand is lost; false: it is backordered")
    holding_cost_rate: float = option(
        0.25, "yearly cost of holding stock, as a share of its value", "share per year", ge=0
    )
    ordering_cost: float = option(
        0.0, "cost of an order line, where its offer names none", "money per line", ge=0
    )
    budget_horizon_days: float = option(365.0, "period over which actions are priced", "days", gt=0)
    minimum_action_value: float = option(0.0, "actions worth less are not listed", "money", ge=0)


class Config(Section):
    """Everything a training run is told."""

    name: str = option("purvey", "the company or data set, for labels")
    notice: str = option("", "sentence shown on every page, for example that data are simulated")
    currency: str = option("USD", "the company's one currency, for labels")
    seed: int = option(0, "seed of whatever is drawn while training")
    threads: int = option(2, "processor threads used in training", "threads", ge=1)
    data: DataConfig = option(DataConfig(), "how the tables are read")
    demand: DemandConfig = option(DemandConfig(), "how demand is learned and forecast")
    lead_time: LeadTimeConfig = option(LeadTimeConfig(), "how lead times are learned")
    policy: PolicyConfig = option(PolicyConfig(), "how much is ordered and what it costs")
