"""Weekdays as people write them."""

import pytest

from configs.weekdays import days_until, parse_weekdays


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon,Thu", (0, 3)),
        ("0,3", (0, 3)),
        (" thu ; MON ", (0, 3)),
        ("Monday/Thursday", (0, 3)),
        ("Mon Thu", (0, 3)),
        ("Mon, Mon", (0,)),
        ("Mon-Fri", (0, 1, 2, 3, 4)),
        ("mon - wed, sun", (0, 1, 2, 6)),
        ("Fri-Mon", (0, 4, 5, 6)),
        ("0-4", (0, 1, 2, 3, 4)),
        ("Mon-Mon", (0,)),
        ("3.0", (3,)),
        ("Tues.,Thurs.", (1, 3)),
        ("6", (6,)),
    ],
)
def test_weekdays_are_read(text: str, days: tuple[int, ...]) -> None:
    assert parse_weekdays(text) == days


@pytest.mark.parametrize(
    "text", ["", "  ", ",", "Funday", "7", "-1", "Mon-", "Mon-Wed-Fri", "1.5", "Montag", "every day", "mo"]
)
def test_what_is_no_weekday_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="weekday"):
        parse_weekdays(text)


def test_days_until_the_next_of_some_weekdays() -> None:
    assert days_until((0, 3)) == (0, 2, 1, 0, 3, 2, 1)
    assert days_until((6,)) == (6, 5, 4, 3, 2, 1, 0)
    assert days_until(tuple(range(7))) == (0,) * 7
