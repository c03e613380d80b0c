"""Order days: how long an order waits until its supplier takes orders."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from configs.errors import PlanningError
from configs.weekdays import days_until, parse_weekdays
from distributions.distribution import Array


def longer_waits(order_days: Sequence[str | None], as_of: pd.Timestamp, days: float) -> Array:
    """Days (n,) that an order decided on some `days` from now waits longer for its lane's order day than one of now.

    So much longer than the review period does today's order have to last: nothing else can leave before.
    """
    today, then = order_waits(order_days, as_of.weekday() + np.array([0, round(days)])).T
    return np.asarray(then - today, float)


def order_waits(order_days: Sequence[str | None], weekdays: NDArray[np.int64]) -> NDArray[np.int64]:
    """Days (n, V) that an order decided on each of the `weekdays` (V,) waits until its lane's supplier takes orders.

    Parameters
    ----------
    order_days : weekdays on which the suppliers of n lanes take orders, as texts; None: every day
    weekdays : 0 (Monday) … 6

    Raises
    ------
    PlanningError
        When a text names no weekdays.
    """
    codes, texts = pd.factorize(np.asarray(order_days, object))
    waits = np.zeros((len(texts) + 1, 7), np.int64)  # code −1, no text, takes the last row: no wait
    for row, text in enumerate(texts):
        try:
            waits[row] = days_until(parse_weekdays(text))
        except ValueError as error:
            raise PlanningError(f"suppliers: order_days: {error}; write them like Mon,Thu") from None
    return np.asarray(waits[codes][:, weekdays % 7])
