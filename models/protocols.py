"""Protocols of the learned models: a demand forecaster, a lead-time model, and a member of a lead-time mixture."""

from pathlib import Path
from typing import Protocol, Self

import pandas as pd

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from features.demand.panel import Panel
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
        """Write the fitted demand model as data (Parquet, LightGBM text, JSON) into `folder`."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the demand model that `save` wrote."""
        ...


class LeadTimeMember(Protocol):
    """A lead-time distribution learned from orders: a member of the mixture, or the mixture itself."""

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn from the frame of `features.orders.history.order_history`: closed orders, and open ones as censored."""
        ...

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time in days of each row (`supplier_id`, `unique_id`, `category`, `ordered_at`, covariates).

        An unknown supplier or SKU gets the distribution of its nearest known group. Ages are applied by the
        caller: `predict(open_orders).above(age)`.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write the fitted lead-time distribution as data (Parquet, JSON) into `folder`."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the lead-time distribution that `save` wrote."""
        ...


class LeadTimeModel(LeadTimeMember, LeadTimes, Protocol):
    """The lead-time model of a bundle: fitted and saved like a member, and answers all that planning asks."""

    def with_calendar(self, supplier_calendar: SupplierCalendar) -> Self:
        """Copy of the fitted model that knows the regions and shutdowns of `supplier_calendar`."""
        ...
