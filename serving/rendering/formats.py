"""Numbers, shares, days and moments as people read them: the filters of the page templates."""

from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd


def missing(value: Any) -> bool:
    """Whether a value is missing: None, NaN or NaT."""
    return (
        value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and np.isnan(value))
    )


def number(value: Any, digits: int = 0) -> str:
    """Format a number as `1,234.5`; few digits for small numbers are kept where `digits` would show only zeros."""
    if missing(value):
        return "–"
    if not np.isfinite(value):
        return "∞"
    if value and abs(value) < 10**-digits / 2:
        return f"{value:.1g}"
    return f"{value:,.{digits}f}".replace("-", "−")


def share(value: Any, digits: int = 0) -> str:
    """Format a share as `12%`."""
    return "–" if missing(value) else f"{100 * value:.{digits}f}%"


def signed(value: Any, digits: int = 0) -> str:
    """Format a share with its sign: `+12%`, `−3%`, `0%`."""
    if missing(value):
        return "–"
    text = f"{100 * value:+.{digits}f}%"
    return text.replace("-", "−") if float(text[:-1]) else f"{0:.{digits}f}%"


def change(ratio: Any) -> str:
    """Format the ratio of a lead time to the one before: `38% longer`, `33% less`."""
    if missing(ratio):
        return "a time not yet known"
    percent = round(100 * (ratio - 1))
    return "as long as before" if percent == 0 else f"{abs(percent)}% {'longer' if percent > 0 else 'less'}"


def day(value: Any) -> str:
    """Format a day as `2026-03-02`."""
    return "–" if missing(value) else f"{pd.Timestamp(value):%Y-%m-%d}"


def moment(value: datetime | None) -> str:
    """Format a moment as `2026-03-02 09:30 UTC`."""
    return "–" if value is None else f"{value:%Y-%m-%d %H:%M} UTC"


def until(value: Any, today: date) -> str:
    """Format how far away a day is: `today`, `in 3 days`, `5 days ago`."""
    if missing(value):
        return ""
    days = (pd.Timestamp(value).date() - today).days
    if days == 0:
        return "today"
    unit = "day" if abs(days) == 1 else "days"
    return f"in {days} {unit}" if days > 0 else f"{-days} {unit} ago"
