"""Periods of budgets as people write them: `2024`, `2024-Q2`, `2024-06`, `2024-W23`."""

import re
from datetime import date, timedelta

_YEAR = r"(?P<year>\d{4})"
_FORMS = (
    re.compile(rf"{_YEAR}(\.0)?"),  # a column of years with an empty cell is exported as 2024.0
    re.compile(rf"{_YEAR}[-/ ]?Q(?P<quarter>[1-4])"),
    re.compile(rf"{_YEAR}[-/.](?P<month>0?[1-9]|1[0-2])"),
    re.compile(rf"{_YEAR}-?W(?P<week>\d{{1,2}})"),
)


def budget_period(text: str) -> tuple[date, date] | None:
    """First day of a budget's period, and the first day after it; none where the text names no period."""
    found = next((match for form in _FORMS if (match := form.fullmatch(text.strip().upper()))), None)
    if found is None or not 1950 <= int(found["year"]) < 2100:
        return None
    parts = {name: int(value) for name, value in found.groupdict().items()}
    year = parts.pop("year")
    if "week" in parts:
        return _week(year, parts["week"])
    months = {"quarter": 3, "month": 1}
    (name, place), *_ = [*parts.items(), ("", 1)]
    length = months.get(name, 12)
    first = (place - 1) * length
    last = first + length
    return date(year, first + 1, 1), date(year + last // 12, last % 12 + 1, 1)


def _week(year: int, week: int) -> tuple[date, date] | None:
    """The days of an ISO week as a budget's period; none where the year has no such week."""
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    return monday, monday + timedelta(days=7)
