"""What alerts know of a plan run besides its tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class PlanFacts:
    """Facts of a plan run.

    Attributes
    ----------
    as_of : day of the plan run
    today : day on which it is judged, on the calendar of the data
    period_days : length of a demand period, days
    trained_as_of : day of the data that the model has learned from
    counted_on : day of the last stock count; none: nothing was counted
    retrain : why monitoring asks for a new model; empty: it does not
    supplier_names : supplier → name
    descriptions : SKU → description
    """

    as_of: pd.Timestamp
    today: pd.Timestamp
    currency: str
    period_days: float
    trained_as_of: pd.Timestamp
    counted_on: pd.Timestamp | None = None
    retrain: str = ""
    supplier_names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)

    def supplier(self, supplier_id: str) -> str:
        """Name of a supplier, its id where it has none."""
        return self.supplier_names.get(supplier_id) or supplier_id

    def sku(self, unique_id: str) -> str:
        """Id of a SKU with its description, where it has one."""
        described = self.descriptions.get(unique_id)
        return f"{unique_id} ({described})" if described else unique_id
