"""Promises that were made beforehand: those overwritten when goods arrive tell nothing of what is still to come."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from features.orders.order_history import arrived_at

Array = NDArray[np.float64]

PROMISE = "promised_days"
"""Column of order lines: days from order to a promise that was made beforehand, NaN without one."""

_ENOUGH = 20
"""Promises kept or broken below which their dates are not looked at."""

_FEWEST_LEAD_TIMES = 5
"""Different lead times below which a promise may well be met to the day."""

_OVERWRITTEN = 0.5
"""Share of promises met to the day from which they look overwritten."""

_DAY = pd.Timedelta(days=1)


def promised_days(orders: pd.DataFrame, promised_at: str = "promised_at") -> Array:
    """Days (n,) from order to promise of order lines; NaN without one, and where it lies before the order."""
    if promised_at not in orders:
        return np.full(len(orders), np.nan)
    days = ((pd.to_datetime(orders[promised_at]) - orders["ordered_at"]) / _DAY).to_numpy(float)
    return np.where(days >= 0, days, np.nan)


def look_overwritten(promised: pd.DataFrame) -> bool:
    """Whether promises were overwritten, by received lines with one (promised_at, received_at, lead_time).

    Half of them are met to the day; few lines, or all as quick, are no sign of it.
    """
    return bool(_overwritten(promised, pd.Series("", index=promised.index)).any())


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
        names = _overwriting_suppliers(
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


def _overwriting_suppliers(closed: pd.DataFrame) -> list[str] | None:
    """Suppliers whose promises look overwritten by the received lines `closed`; None: those of all look so.

    `closed` has supplier_id, promised_at, received_at and lead_time.
    """
    promised = closed[closed["promised_at"].notna()]
    if look_overwritten(promised):
        return None
    found = _overwritten(promised, promised["supplier_id"])
    return [str(name) for name in found.index[found]]


def _overwritten(promised: pd.DataFrame, group: pd.Series) -> pd.Series:
    """Whether promises look overwritten, by group of received lines."""
    met = (promised["promised_at"] == promised["received_at"]).groupby(group).mean()
    days = promised["lead_time"].groupby(group)
    enough = (days.size() >= _ENOUGH) & (days.nunique() >= _FEWEST_LEAD_TIMES)
    return enough & (met >= _OVERWRITTEN)
