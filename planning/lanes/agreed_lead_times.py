"""Lead times that suppliers agreed to: a longest one for orders placed since, where plans count on it.

An agreement is a promise. Until orders show it, plans go by what is learned (`planning.approved_actions` says when it
counts); then no order placed since is expected to take longer than was agreed.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from distributions.distribution import Array, Distribution
from planning.protocols import Deliveries, LeadTimes, SharedDelay

AGREED_LEAD = ("agreed_lead_days", "agreed_lead_from", "agreed_lead_counts", "agreed_lead_note")
"""Columns of offers with an agreement: the longest, days; from when it holds; whether plans count on it; in words."""


def with_agreed(lead_times: LeadTimes, offers: pd.DataFrame) -> LeadTimes:
    """The lead-time model in which agreements of the offers hold that plans count on; without any, as it is."""
    if "agreed_lead_counts" not in offers or not offers["agreed_lead_counts"].any():
        return lead_times
    counted = offers[offers["agreed_lead_counts"].astype(bool)]
    agreed = counted.drop_duplicates(["supplier_id", "unique_id"], keep="last")
    keys = ["supplier_id", "unique_id"]
    return _Agreed(lead_times, agreed.set_index(keys)[["agreed_lead_days", "agreed_lead_from"]])


@dataclass(frozen=True)
class _Agreed:
    """A lead-time model whose orders take no longer than was `agreed`: days and first day, by supplier and SKU."""

    lead_times: LeadTimes
    agreed: pd.DataFrame

    @property
    def shared_delay(self) -> SharedDelay:
        """As the model has it."""
        return self.lead_times.shared_delay

    def predict(self, orders: pd.DataFrame) -> Distribution:
        """The model's lead times, of orders placed since an agreement none longer than that, unless it is already."""
        learned = self.lead_times.predict(orders)
        longest = self._longest(orders)
        return Distribution(learned.levels, np.minimum(learned.values, longest[:, None]))

    def _longest(self, orders: pd.DataFrame) -> Array:
        """Longest lead time (n,) that was agreed for orders; infinite where none was."""
        keys = pd.MultiIndex.from_frame(orders[["supplier_id", "unique_id"]].astype(object))
        found = self.agreed.reindex(keys)
        days, since = found["agreed_lead_days"].to_numpy(float), pd.to_datetime(found["agreed_lead_from"])
        placed = pd.to_datetime(orders["ordered_at"]).to_numpy()
        holds: NDArray[np.bool_] = ~np.isnan(days) & (placed >= since.to_numpy())
        if "age" in orders:  # one that is older says itself that it was not kept
            holds &= orders["age"].to_numpy(float) < days
        return np.where(holds, days, np.inf)

    def describe(self, orders: pd.DataFrame) -> pd.DataFrame:
        """As the model says."""
        return self.lead_times.describe(orders)

    def deliveries(self, orders: pd.DataFrame) -> Deliveries:
        """As the model says."""
        return self.lead_times.deliveries(orders)
