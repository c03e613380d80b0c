"""Every option of a config file: its meaning, unit, default and range; those of sourcing levers: `configs.sourcing`.

`docs/configuration.md` is made from this file by `python -m configs.reference`.
"""

import re
from datetime import date
from difflib import get_close_matches
from typing import Any, Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator, model_validator

from configs.schedule import RetentionConfig, ScheduleConfig
from configs.section import Section, option
from configs.sourcing import (
    ClearanceConfig,
    EffortConfig,
    ImprovementConfig,
    OrdersConfig,
    OutageConfig,
    ProcurementConfig,
    ResponsibleConfig,
)

Member = Literal["level", "trend", "boosting", "theta", "ces", "ets", "seasonal_naive", "tsb", "sba", "imapa"]
"""Members of the demand ensemble; `models.demand.members.registry` makes them."""

_FREQ = re.compile(
    r"([1-9]\d*)?(D|B|W(-(MON|TUE|WED|THU|FRI|SAT|SUN))?|MS"
    r"|(QS|YS)(-(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC))?)"
)


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
    ds: Literal["start", "end"] | None = option(
        None,
        "`ds` is the first or the last day of its period; none: the first, or the last where all end months",
    )
    aggregate: Literal["sum"] | None = option(
        None,
        "`demand` has daily rows that are summed to the periods of `data.freq` or of the table `calendar`",
    )
    last_period: Literal["judge", "whole", "partial"] = option(
        "judge",
        "whether the last period's demand is all in: judged by its total, or known to be whole or partial",
    )
    gaps: Literal["zero", "missing"] = option(
        "zero", "a period without a row had no demand (zero), or its demand is not known (missing)"
    )
    covariates: dict[str, CovariateConfig] = Field(
        default_factory=dict, description="columns of `demand` that drive it, such as price and promotion"
    )
    holidays: str | None = option(None, "country or subdivision (DE, US-CA) of public holidays; none: none")
    order_covariates: tuple[str, ...] = option((), "columns of `purchase_orders` that drive its lead time")
    clock: ClockConfig = option(ClockConfig(), "which dates start and end a lead time")
    decimal: Literal[".", ","] | None = option(
        None, "decimal separator of numbers that could be read in two ways; none: such a column is refused"
    )
    thousands: Literal[".", ",", " ", "'"] | None = option(
        None, "the only thousands separator of numbers; none: whatever is not the decimal separator"
    )
    dayfirst: bool | None = option(
        None,
        "03/04/2024 is the third of April (true) or the fourth of March; none: a column of such dates is refused",
    )
    timezone: str | None = option(
        None, "whose dates count for time stamps (IANA name, Europe/Berlin); none: the date as written"
    )
    currency: str | None = option(
        None,
        "the company's currency, in which prices of other currencies are converted; none: `currency` above",
    )
    max_rate_age_days: float = option(
        40.0, "age of the exchange rate a price is converted at, beyond which a warning says so", "days", ge=0
    )
    max_bad_share: float = option(
        0.05,
        "quarantined rows of a table beyond which a run stops, where they are more than `max_bad_rows` too",
        "share",
        ge=0,
        le=1,
    )
    max_bad_rows: int = option(
        2,
        "quarantined rows of a table that stop no run, whatever their share, unless more than half of its rows are bad "
        "or `max_bad_share` is 0",
        "rows",
        ge=0,
    )

    @field_validator("freq")
    @classmethod
    def _known_freq(cls, freq: str | None) -> str | None:
        """Refuse a frequency whose periods nobody here can count."""
        if freq is None or _FREQ.fullmatch(freq):
            return freq
        raise ValueError(
            f"{freq!r} is not supported; give D, B, W-MON … W-SUN, MS, QS-JAN or YS-JAN (period starts), or several "
            "such as 2W-MON"
        )

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, timezone: str | None) -> str | None:
        """Refuse a time zone that the IANA's list does not have."""
        if timezone is None or timezone in available_timezones():
            return timezone
        near = get_close_matches(timezone, available_timezones(), 1, 0.6)
        raise ValueError(
            f"{timezone!r} is no IANA time zone; give one such as {near[0] if near else 'Europe/Berlin'}"
        )

    @field_validator("covariates", "order_covariates")
    @classmethod
    def _named(cls, names: Any) -> Any:
        """Refuse covariates without a name, and one that is named twice."""
        if any(not name.strip() for name in names):
            raise ValueError("a covariate without a name; give the name of its column")
        twice = sorted({name for name in names if list(names).count(name) > 1})
        if twice:
            raise ValueError(f"{twice[0]} is named twice; name it once")
        return names

    def written_as(self, other: "DataConfig") -> "DataConfig":
        """These options, with how numbers and dates are written taken from another config's."""
        names = ("decimal", "thousands", "dayfirst", "timezone")
        return self.model_copy(update={name: getattr(other, name) for name in names})

    @model_validator(mode="after")
    def _two_separators(self) -> "DataConfig":
        """Refuse one sign for both decimals and thousands."""
        if self.decimal is not None and self.decimal == self.thousands:
            raise ValueError(f"decimal and thousands are both {self.decimal!r}; leave one out")
        return self


class BoostingConfig(Section):
    """LightGBM's parameters, searched by `purvey train --tune`; the defaults were found on four data sets."""

    learning_rate: float = option(0.05, "weight of each tree", gt=0, le=1)
    num_leaves: int = option(31, "leaves of a tree", ge=2, le=131_072)
    min_data_in_leaf: int = option(100, "rows that a leaf needs", "rows", ge=1)
    feature_fraction: float = option(0.4, "features that each tree may use", "share", gt=0, le=1)
    lambda_l2: float = option(5.0, "L2 regularisation of the leaves' values", ge=0)
    rounds: int = option(150, "number of trees", "trees", ge=1)
    variance_power: float = option(1.2, "Tweedie's variance power: 1 is Poisson, 2 is Gamma", gt=1, lt=2)
    half_life_periods: float = option(52.0, "age at which a row weighs half", "periods", gt=0)


class DemandConfig(Section):
    """How demand is learned and forecast."""

    horizon: int | None = option(
        None, "how far ahead; none: the longest protection interval", "periods", ge=1, le=2000
    )
    season_length: int | None = option(
        None, "length of a season; none: from the frequency", "periods", ge=1, le=2000
    )
    windows: int = option(4, "rolling origins inside a training, for weights and calibration", ge=1, le=1000)
    cutoffs: tuple[date, ...] = option((), "last `ds` seen by each forecast of `purvey backtest`", "dates")
    members: tuple[Member, ...] | None = option(
        None,
        "members of the ensemble, each for the demand classes it suits; none: level, trend, boosting, tsb, sba, "
        "imapa",
    )
    boosting: BoostingConfig = option(BoostingConfig(), "LightGBM's parameters")

    @field_validator("members")
    @classmethod
    def _some_members(cls, members: tuple[Member, ...] | None) -> tuple[Member, ...] | None:
        """Refuse an ensemble of nobody."""
        if members == ():
            raise ValueError("no member is named; name some, or leave the option out")
        return members


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
    level: float = option(0.95, "what the target aims at (unused for cost)", "share", gt=0, le=0.9999)
    review_period_days: float = option(7.0, "time between order decisions", "days", ge=0, le=3650)
    lost_sales: bool = option(False, "unmet demand is lost; false: it is backordered")
    holding_cost_rate: float = option(
        0.25, "yearly cost of holding stock, as a share of its value", "share per year", ge=0, le=5
    )
    capital_cost_rate: float | None = option(
        0.1,
        "yearly cost of money, a part of the holding cost: of goods on their way, of later payment; "
        "none: as much as holding",
        "share per year",
        ge=0,
        le=5,
    )
    usual_payment_days: float = option(
        30.0, "days after receipt that suppliers are usually paid, which levers ask for", "days", ge=0, le=365
    )
    ordering_cost: float = option(0.0, "cost of an order line whose offer names none", "money per line", ge=0)
    played_from: float = option(
        0.0,
        "holding cost of a SKU's reorder point from which its target is met in play; below it by closed form",
        "money per year",
        ge=0,
    )
    budget_horizon_days: float = option(
        365.0, "period over which actions are priced", "days", gt=0, le=36_500
    )
    daily_actions: int | None = option(
        20,
        "new actions that a day brings at most, what brings most for its effort first; the others wait; none: all",
        "actions",
        ge=1,
        le=1_000_000,
    )
    levers: Literal["all", "vendors_and_lots", "none"] = option(
        "all",
        "levers that pay every year and are priced by each plan: all, switches of vendor and MOQs only, or none; with "
        "100,000 SKUs all of them take minutes",
    )
    agreed_lead_times: Literal["once_shown", "at_once"] = option(
        "once_shown",
        "when plans count on a longest lead time that a supplier agreed to: once eight orders placed since show it, or "
        "at once, until they say otherwise; the approval's own count_on goes before it",
    )
    minimum_action_value: float = option(0.0, "actions worth less are not listed", "money", ge=0)
    effort: EffortConfig = option(EffortConfig(), "what an action has to be worth more than, by its kind")
    improvement: ImprovementConfig = option(ImprovementConfig(), "when a supplier is asked to improve")
    orders: OrdersConfig = option(OrdersConfig(), "how exported purchase orders are found again")
    outage: OutageConfig = option(OutageConfig(), "what is reckoned with when a supplier fails")
    responsible: ResponsibleConfig = option(ResponsibleConfig(), "goals for whom is bought from")
    clearance: ClearanceConfig = option(ClearanceConfig(), "what stock that lies is reckoned to bring")
    procurement: ProcurementConfig = option(ProcurementConfig(), "limits, rates and classes of procurement")


class Config(Section):
    """Everything a training run is told."""

    name: str = option("purvey", "the company or data set, for labels")
    notice: str = option("", "sentence shown on every page, for example that data are simulated")
    currency: str = option("USD", "the company's one currency, as a code such as EUR: that of all money")
    seed: int = option(0, "seed of whatever is drawn while training", ge=0, le=2**31 - 1)
    threads: int = option(2, "processor threads used in training", "threads", ge=1, le=1024)
    data: DataConfig = option(DataConfig(), "how the tables are read")
    demand: DemandConfig = option(DemandConfig(), "how demand is learned and forecast")
    lead_time: LeadTimeConfig = option(LeadTimeConfig(), "how lead times are learned")
    policy: PolicyConfig = option(PolicyConfig(), "how much is ordered and what it costs")
    schedule: ScheduleConfig = option(ScheduleConfig(), "when `purvey schedule` does what")
    retention: RetentionConfig = option(RetentionConfig(), "how much of the past stays on disk")

    @model_validator(mode="before")
    @classmethod
    def _tell_currency(cls, values: Any) -> Any:
        """Tell the section about data, by which the tables are read, the company's currency."""
        if not isinstance(values, dict):
            return values
        data, currency = values.get("data"), values.get("currency", cls.model_fields["currency"].default)
        if isinstance(data, DataConfig):
            data = data.model_dump()
        if data is not None and not isinstance(data, dict):
            return values
        told = (data or {}).get("currency") or currency
        if told != currency:
            raise ValueError(f"data.currency is {told}, but currency is {currency}; leave data.currency out")
        return {**values, "data": {**(data or {}), "currency": currency}}
