"""Lead times of a changed supplier: longer, wider, or standing still while it is closed; all others as learned."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from distributions.distribution import Distribution
from planning.protocols import Deliveries, LeadTimes, SharedDelay
from planning.what_if.change import Change


@dataclass(frozen=True)
class ChangedLeadTimes:
    """A lead-time model with the change of a supplier's lead times in it.

    Attributes
    ----------
    model : what is learned
    as_of : day of the decision: orders placed from it on have the changed mean and spread
    """

    model: LeadTimes
    change: Change
    as_of: pd.Timestamp

    @property
    def shared_delay(self) -> SharedDelay:
        """The shared delay, unchanged."""
        return self.model.shared_delay

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """Changed lead-time distribution of each order line, n rows: m + (L − m)·spread + days, never below 0.

        Days on which the supplier is closed are added to what is left of an order's lead time.
        """
        learned, change = self.model.predict(orders), self.change
        own = (orders["supplier_id"] == change.supplier_id).to_numpy(bool)
        if not own.any():
            return learned
        age = ((self.as_of - orders["ordered_at"]) / pd.Timedelta(days=1)).to_numpy(float)
        new, values = own & (age <= 0), learned.values.copy()
        mean = learned.mean()[new, None]
        values[new] = np.maximum(mean + (values[new] - mean) * change.spread + change.lead_time_days, 0.0)
        values[own] += self._closed_days * (values[own] >= age[own, None])
        return Distribution(learned.levels, values)

    @property
    def _closed_days(self) -> float:
        """Days from now that the changed supplier is closed."""
        until = self.change.closed_until
        return 0.0 if until is None else max((until - self.as_of) / pd.Timedelta(days=1), 0.0)

    def describe(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Where each lead time comes from, before the change."""
        return self.model.describe(orders)

    def deliveries(self, orders: pd.DataFrame) -> Deliveries:
        """How much of each line is expected to be delivered, unchanged."""
        return self.model.deliveries(orders)
