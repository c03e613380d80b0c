"""What every forecaster and every lead-time model can do."""

from pathlib import Path
from typing import Protocol, Self

import pandas as pd

from distributions.demand_forecast import DemandForecast
from distributions.distribution import Distribution
from features.demand.panel import Panel
from features.orders.supplier_calendar import SupplierCalendar


class Forecaster(Protocol):
    """A demand model: scikit-learn's contract on a `Panel`."""

    def fit(self, panel: Panel) -> Self:
        """Learn from all periods of `panel`."""
        ...

    def predict(self, panel: Panel, h: int) -> DemandForecast:
        """Forecast h periods after the panel's last one; the panel may be longer than the one learned from."""
        ...

    def save(self, folder: Path) -> None:
        """Write the fitted state as data (Parquet, LightGBM text, JSON) into `folder`."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        ...


class LeadTimeModel(Protocol):
    """A lead-time model: scikit-learn's contract on the frame of `features.orders.history.order_history`."""

    def fit(self, orders: pd.DataFrame) -> Self:
        """Learn from closed orders and, as censored, from open ones."""
        ...

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Lead time in days of each row (`supplier_id`, `unique_id`, `category`, `ordered_at`, covariates).

        An unknown supplier or SKU gets the distribution of its nearest known group. Ages are applied by the
        caller: `predict(open_orders).above(age)`.
        """
        ...

    def save(self, folder: Path) -> None:
        """Write the fitted state as data into `folder`."""
        ...

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        ...


class PlacedLeadTimeModel(LeadTimeModel, Protocol):
    """A lead-time model that knows where suppliers are and when they rest."""

    def knowing(self, places: SupplierCalendar) -> Self:
        """Return the same model with what is known of suppliers by now."""
        ...
