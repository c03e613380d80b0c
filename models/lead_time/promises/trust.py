"""Trust in promises: those of suppliers that overwrite them when goods arrive are not looked at."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

from distributions.distribution import Array
from features.orders.order_history import arrived_at
from features.orders.promises import overwriting_suppliers, promised_days

PROMISE = "promised_days"
"""Column of order lines: days from order to a promise that was made beforehand, NaN without one."""


@dataclass(frozen=True)
class PromiseTrust:
    """Suppliers whose promises look overwritten; None where those of all do, or there are none.

    `column` holds the promised day.
    """

    overwriting: tuple[str, ...] | None
    column: str = "promised_at"

    @classmethod
    def learn(cls, orders: pd.DataFrame, column: str = "promised_at") -> Self:
        """Look at the received lines of the order history for promises that equal the day of receipt too often."""
        if column not in orders or not orders[column].notna().any():
            return cls(None, column)
        closed = orders[~orders["is_open"].astype(bool) & orders["duration"].notna()]
        closed = closed.assign(lead_time=closed["duration"])
        names = overwriting_suppliers(
            closed.assign(received_at=arrived_at(closed), promised_at=closed[column])
        )
        return cls(None if names is None else tuple(names), column)

    def with_promises(self, orders: pd.DataFrame) -> pd.DataFrame:
        """Order lines with the column `PROMISE`."""
        return orders.assign(**{PROMISE: self.days(orders)})

    def days(self, orders: pd.DataFrame) -> Array:
        """Days promised (n,) for each order line; NaN without a promise that is believed."""
        if self.overwriting is None:
            return np.full(len(orders), np.nan)
        overwritten = orders["supplier_id"].astype(str).isin(self.overwriting).to_numpy(bool)
        return np.where(overwritten, np.nan, promised_days(orders, self.column))

    def to_json(self) -> dict[str, Any]:
        """Return the suppliers whose promises are not believed as plain data."""
        names = None if self.overwriting is None else list(self.overwriting)
        return {"overwriting": names, "column": self.column}

    @classmethod
    def from_json(cls, facts: dict[str, Any]) -> Self:
        """Read what `to_json` gave."""
        names = facts["overwriting"]
        return cls(None if names is None else tuple(names), facts.get("column", "promised_at"))


def with_promise(orders: pd.DataFrame) -> pd.DataFrame:
    """Order lines that have a promise that is believed."""
    return orders[orders[PROMISE].notna()].reset_index(drop=True)
