"""A frame of order lines at an earlier day: what the inner backtests learn from and are judged by."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Fold:
    """Orders as known on `as_of`, and the orders placed later that the prediction is judged by."""

    as_of: pd.Timestamp
    past: pd.DataFrame
    later: pd.DataFrame


def usable(orders: pd.DataFrame) -> pd.DataFrame:
    """Rows with a duration: not the placeholders, whose lead time nobody knows."""
    return orders[orders["duration"].notna() & orders["ordered_at"].notna()].reset_index(drop=True)


def as_of(orders: pd.DataFrame) -> pd.Timestamp:
    """Day on which `orders` was taken: the last day any row speaks of."""
    return (orders["ordered_at"] + orders["duration"] * _DAY).max()


def recency_weights(orders: pd.DataFrame, half_life_days: float) -> NDArray[np.float64]:
    """0.5^(days since the order / half-life), shape (n,); a column `half_life_days` holds before the argument.

    A column `memory` is multiplied in (see `change.memory`).
    """
    days = (as_of(orders) - orders["ordered_at"]) / _DAY
    half_life = orders.get("half_life_days", half_life_days)
    return np.asarray(0.5 ** (days / half_life) * orders.get("memory", 1.0), float)


def snapshot(orders: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """The rows placed by `day`; what was received later is open again, with its age on `day`."""
    seen = orders[orders["ordered_at"] <= day].reset_index(drop=True)
    age = (day - seen["ordered_at"]) / _DAY
    is_open = seen["is_open"].astype(bool) | (seen["duration"] > age)
    return seen.assign(
        is_open=is_open,
        lead_time=seen["duration"].where(~is_open),
        duration=np.minimum(seen["duration"], age),
        age=age.where(is_open),
    )


def folds(orders: pd.DataFrame, count: int, first_share: float = 0.4) -> list[Fold]:
    """Cut the orders, by number, into a first training part and `count` windows that follow each other.

    Every window is predicted from the snapshot of the day before it begins. Its outcomes are what is known on
    the last day of all: the lines still open then are judged as censored.
    """
    placed = np.sort(orders["ordered_at"].to_numpy())
    if len(placed) == 0:
        return []
    marks = np.linspace(first_share, 1.0, count + 1)[:-1]
    days = pd.DatetimeIndex(placed[(marks * len(placed)).astype(int)]).unique()
    ends = [*days[1:], pd.Timestamp(placed[-1]) + _DAY]
    cut = []
    for day, end in zip(days, ends, strict=True):
        past = snapshot(orders, day - _DAY)
        window = (orders["ordered_at"] >= day) & (orders["ordered_at"] < end)
        if len(past) and window.any() and not past["is_open"].all():
            cut.append(Fold(day - _DAY, past, orders[window].reset_index(drop=True)))
    return cut
