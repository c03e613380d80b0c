"""Protocols of the learned models: demand forecaster and lead-time model, and the members that each is made of."""

from pathlib import Path
from typing import Protocol, Self

import pandas as pd

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from features.demand.panel import Array, Panel
from features.orders.supplier_calendar import SupplierCalendar
from planning.protocols import LeadTimes


class Forecaster(Protocol):
    """A demand model: scikit-learn's contract on a `Panel`."""

    def fit(self, panel: Panel) -> Self:
        """Learn the demand of all periods of `panel`."""
        ...

    def predict(self, panel: Panel, h: int) -> DemandForecast:
        """Demand forecast of the h periods after the panel's last one; the panel may have grown since `fit`."""
        ...

    def save(self, folder: Path) -> None:
        """Write the fitted state as data (Parquet, LightGBM text, JSON) into `folder`: protocol of demand models."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote: protocol of demand models."""
        ...


class DemandMember(Protocol):
    """Any member of the demand ensemble. Local ones learn nothing in `fit` and are estimated on the panel in `mean`."""

    def fit(self, panel: Panel) -> Self:
        """Learn the parameters that all SKUs of the panel share."""
        ...

    def mean(self, panel: Panel, h: int) -> Array:
        """Expected demand of the h periods after the panel's end, (n, h); NaN where the member has no forecast."""
        ...

    def save(self, folder: Path) -> None:
        """Write the fitted state, if any, as data into `folder`: protocol of the demand ensemble's members."""
        ...

    def restore(self, folder: Path) -> Self:
        """Read what `save` wrote: protocol of the demand ensemble's members."""
        ...


class LeadTimeMember(Protocol):
    """A lead-time distribution learned from orders: a member of the mixture, or the mixture itself."""

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn from `features.orders.order_history.order_history`: closed orders, and open ones as censored."""
        ...

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time in days of each row (`supplier_id`, `unique_id`, `category`, `ordered_at`, covariates).

        An unknown supplier or SKU gets the distribution of its nearest known group. Ages are applied by the
        caller: `predict(open_orders).above(age)`.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write the fitted state as data (Parquet, JSON) into `folder`: protocol of lead-time models and members."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote: protocol of lead-time models and members."""
        ...


class LeadTimeModel(LeadTimeMember, LeadTimes, Protocol):
    """The lead-time model of a bundle: fitted and saved like a member, and answers all that planning asks."""

    def with_calendar(self, supplier_calendar: SupplierCalendar) -> Self:
        """Copy of the fitted model that knows the regions and shutdowns of `supplier_calendar`."""
        ...
