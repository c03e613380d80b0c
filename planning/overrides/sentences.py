"""Sentences about overrides: what one sets, who set it and why."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from configs.formats import day, level, quantity
from planning.overrides.override_tables import FORECAST, HOLD, QUANTITY


def what_it_sets(row: Mapping[str, Any]) -> str:
    """What an override sets, in a sentence's words: `forecast × 2 from 2024-03-04 to 2024-03-31`."""
    if row["kind"] == HOLD:
        return f"no order until {day(row['hold_until'])}"
    if row["kind"] == QUANTITY:
        return f"next order {quantity(row['quantity'])} units"
    if row["kind"] == FORECAST:
        return f"forecast {_forecast(row)}{_periods(row)}"
    return f"service level {level(row['service_level'])}"


def whose(row: Mapping[str, Any]) -> str:
    """Whose override it is and for what, where a sentence has to tell it from others: `that of Bob for category c`."""
    scope = f"category {row['category']}" if pd.isna(row["unique_id"]) else str(row["unique_id"])
    return f"that of {row['author']} for {scope} ({what_it_sets(row)})"


def _forecast(row: Mapping[str, Any]) -> str:
    """The forecast override's value in words."""
    if not pd.isna(row["factor"]):
        return f"× {row['factor']:g}"
    return "as last year" if pd.isna(row["units"]) else f"{quantity(row['units'])} units a period"


def _periods(row: Mapping[str, Any]) -> str:
    """The override's periods in words, nothing where it is for all."""
    first = "" if pd.isna(row["from"]) else f" from {day(row['from'])}"
    return first + ("" if pd.isna(row["until"]) else f" to {day(row['until'])}")
