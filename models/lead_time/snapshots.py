"""Snapshots of an order history: the order lines as they were known on an earlier day, for backtests."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

_DAY = pd.Timedelta(days=1)

SAME_DAY = 0.5
"""Days that a delivery on the day of the order counts for: its logarithm must exist."""


@dataclass(frozen=True)
class Fold:
    """A backtest fold: order lines as known on `as_of`, and the later ones that a prediction is judged by."""

    as_of: pd.Timestamp
    past: pd.DataFrame
    later: pd.DataFrame


def usable(orders: pd.DataFrame) -> pd.DataFrame:
    """Order lines for snapshots: with an order date and a duration, not placeholders whose lead time nobody knows."""
    return orders[orders["duration"].notna() & orders["ordered_at"].notna()].reset_index(drop=True)


def as_of(orders: pd.DataFrame) -> pd.Timestamp:
    """Day on which the snapshot `orders` was taken: the latest day that any order line tells of."""
    return (orders["ordered_at"] + orders["duration"] * _DAY).max()


def snapshot(orders: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Snapshot of the order lines placed by `day`; one received later is open again, with its age on `day`."""
    placed = orders[orders["ordered_at"] <= day].reset_index(drop=True)
    age = (day - placed["ordered_at"]) / _DAY
    is_open = placed["is_open"].astype(bool) | (placed["duration"] > age)
    return placed.assign(
        is_open=is_open,
        lead_time=placed["duration"].where(~is_open),
        duration=np.minimum(placed["duration"], age),
        age=age.where(is_open),
    )


def folds(orders: pd.DataFrame, count: int, first_share: float = 0.4) -> list[Fold]:
    """Snapshots of the order history before each of `count` later windows, with the order lines of that window.

    The windows are of about as many order lines, follow each other and a first training part. Every window is
    predicted from the snapshot of the day before it begins. Its outcomes are what is known on the last day of all:
    order lines still open then are judged as censored.

    Parameters
    ----------
    first_share : share of the lines in the first training part
    """
    placed = np.sort(orders["ordered_at"].to_numpy())
    if len(placed) == 0:
        return []
    marks = np.linspace(first_share, 1.0, count + 1)[:-1]
    begins = pd.DatetimeIndex(placed[(marks * len(placed)).astype(int)]).unique()
    ends = [*begins[1:], pd.Timestamp(placed[-1]) + _DAY]
    found = []
    for begin, end in zip(begins, ends, strict=True):
        past = snapshot(orders, begin - _DAY)
        window = (orders["ordered_at"] >= begin) & (orders["ordered_at"] < end)
        if len(past) and window.any() and not past["is_open"].all():
            found.append(Fold(begin - _DAY, past, orders[window].reset_index(drop=True)))
    return found
