"""The lead-time clock: which dates start and end a lead time, in place of `ordered_at` and `received_at`."""

import pandas as pd

from configs.schema import ClockConfig
from features.contract.tables import DataError

ARRIVED = "arrived_at"
"""Where a table keeps its own `received_at` when another date ends the clock."""
PLACED = "placed_at"
"""Where it keeps its own `ordered_at` when another date starts it."""


def set_clock(
    name: str, frame: pd.DataFrame, clock: ClockConfig, columns: list[str], origin: str
) -> pd.DataFrame:
    """Table `name` with the dates of the lead-time clock as `ordered_at` and `received_at`; its own are kept beside.

    An order without the starting date (not sent yet) runs from its `ordered_at`. Goods received without a shipping
    date count from their receipt; goods received but not put away are still open.

    Parameters
    ----------
    columns : names of the columns that the source has
    origin : what messages call the table

    Raises
    ------
    DataError
        When the source has no column for a date that the config names.
    """
    if name == "purchase_orders" and clock.start != "ordered":
        start = _column(columns, clock.start, origin, "data.clock.start", "ordered")
        frame = frame.assign(**{PLACED: frame["ordered_at"]})
        frame["ordered_at"] = frame[start].fillna(frame["ordered_at"])
    if name in ("purchase_orders", "receipts") and clock.end != "received":
        end = _column(columns, clock.end, origin, "data.clock.end", "received")
        frame = frame.assign(**{ARRIVED: frame["received_at"]})
        open_until_put_away = clock.end == "put_away" and name == "purchase_orders"
        frame["received_at"] = frame[end] if open_until_put_away else frame[end].fillna(frame["received_at"])
    return frame


def not_ended(receipts: pd.DataFrame, clock: ClockConfig) -> pd.Series:
    """Whether each receipt has come but is not put away, where that ends the lead-time clock: still open, (n,)."""
    return receipts["put_away_at"].isna() & (clock.end == "put_away")


def _column(columns: list[str], value: str, origin: str, key: str, default: str) -> str:
    """Name of the column with the dates of clock setting `value`; DataError when the source has none."""
    name = f"{value}_at"
    if name not in columns:
        raise DataError(
            f"{origin}: no column {name}, found {', '.join(columns)}; {key} is {value}: add the column, or set "
            f"{key} to {default}"
        )
    return name
