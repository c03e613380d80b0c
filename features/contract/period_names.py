"""Names of periods read as dates: ISO weeks (2025-W07) and quarters (2025-Q1), each by its first day."""

import re
from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

_NAME = re.compile(r"(\d{4})-?(?:[wW](\d{2})(?:-?([1-7]))?|[qQ]([1-4]))")


def read_period_names(texts: Sequence[str]) -> NDArray[np.datetime64]:
    """First days of the periods that texts (n,) name, NaT where one names none, such as a week 53 of a year with 52.

    An ISO week starts on its Monday; week 1 is the one with the year's first Thursday. `2025-W07-3` is a day of it.
    """
    return np.array([_first_day(text) for text in texts], "datetime64[D]")


def _first_day(text: str) -> np.datetime64:
    """First day of the named period, or NaT."""
    found = _NAME.fullmatch(text)
    if found is None:
        return np.datetime64("NaT", "D")
    year, week, day, quarter = (int(part or 0) for part in found.groups())
    try:
        start = date(year, 3 * quarter - 2, 1) if quarter else date.fromisocalendar(year, week, day or 1)
    except ValueError:
        return np.datetime64("NaT", "D")
    return np.datetime64(start, "D")
