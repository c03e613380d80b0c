"""Weekdays as people write them: `Mon,Thu`, `Mon-Fri`, or `0,3` with Monday as 0."""

import re

NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONG_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def parse_weekdays(text: str) -> tuple[int, ...]:
    """Weekdays of a text, 0 (Monday) … 6, rising, each once.

    Raises
    ------
    ValueError
        When a part of it is no weekday, or there is none.
    """
    parts = [part for part in re.split(r"[,;/\s]+", re.sub(r"\s*-\s*", "-", text.strip())) if part]
    days = {day for part in parts for day in _days_of(part)}
    if not days:
        raise ValueError(f"{text!r} names no weekday")
    return tuple(sorted(days))


def days_until(weekdays: tuple[int, ...]) -> tuple[int, ...]:
    """Days from each of the seven weekdays until the next of some `weekdays`; 0 on one of them."""
    return tuple(min((day - now) % 7 for day in weekdays) for now in range(7))


def _days_of(part: str) -> list[int]:
    """The weekdays of a part: one, or those from one through another, around the week's end where need be."""
    first, *last = (_day(end) for end in part.split("-"))
    if len(last) > 1:
        raise ValueError(f"{part!r} is no span of weekdays")
    return [(first + step) % 7 for step in range((last[0] - first) % 7 + 1)] if last else [first]


def _day(text: str) -> int:
    """The number of one weekday."""
    name = text.lower().rstrip(".")
    if re.fullmatch(r"[0-6](\.0)?", text):  # a column of numbers with empty cells is exported as 3.0
        return int(text[0])
    if name in NAMES or name in _LONG_NAMES or name in ("tues", "thur", "thurs"):
        return NAMES.index(name[:3])
    raise ValueError(f"{text!r} is no weekday")
