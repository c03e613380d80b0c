"""Choices in forms that decide on an action: until when it can be snoozed."""

from datetime import date, timedelta

_WEEKS = {"1 week": 7, "2 weeks": 14, "1 month": 30, "3 months": 91}


def snooze_choices(today: date) -> list[tuple[str, str]]:
    """Days that an action can be snoozed until, as (ISO day, label)."""
    return [((today + timedelta(days=days)).isoformat(), label) for label, days in _WEEKS.items()]
