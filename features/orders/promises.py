"""Promises that were made beforehand: those overwritten when goods arrive tell nothing of what is still to come."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[np.float64]

ENOUGH = 20
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


def met_to_the_day(promised: pd.DataFrame) -> NDArray[np.bool_] | None:
    """Which of the received lines `promised` (promised_at, received_at, lead_time) came on the promised day.

    None where that is no sign of overwriting: too few lines, all as quick, or less than half of them met.
    """
    equal = (promised["promised_at"] == promised["received_at"]).to_numpy(bool)
    few = len(promised) < ENOUGH or promised["lead_time"].nunique() < _FEWEST_LEAD_TIMES
    return None if few or equal.mean() < _OVERWRITTEN else equal


def overwriting_suppliers(closed: pd.DataFrame) -> list[str] | None:
    """Suppliers whose promises look overwritten by the received lines `closed`; None: those of all look so.

    `closed` has supplier_id, promised_at, received_at and lead_time.
    """
    promised = closed[closed["promised_at"].notna()]
    if met_to_the_day(promised) is not None:
        return None
    return [str(name) for name, lines in promised.groupby("supplier_id") if met_to_the_day(lines) is not None]
