"""What planning asks of others."""

from typing import Protocol

import pandas as pd

from distributions.distribution import Array, Distribution
from planning.projection.arrival_scenarios import SharedDelay


class LeadTimes(Protocol):
    """A lead-time model."""

    @property
    def shared_delay(self) -> SharedDelay:
        """How far orders of one supplier are late together."""
        ...

    def predict(self, rows: pd.DataFrame) -> Distribution:
        """Lead time in days of each row (supplier_id, unique_id, category, ordered_at, contract_days)."""
        ...

    def describe(self, rows: pd.DataFrame) -> pd.DataFrame:
        """For each row `source` (learned, contract, pooled) and `n_orders`, orders it was learned from."""
        ...

    def remaining_share(self, rows: pd.DataFrame) -> Array:
        """Expected share (n,) of what is open of each order that will come at all."""
        ...
