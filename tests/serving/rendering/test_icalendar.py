from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.rendering.icalendar import DayEvent, calendar_text, escaped, folded

STAMP = datetime(2026, 3, 2, 5, 30, tzinfo=UTC)


def test_a_calendar_line_by_line():
    event = DayEvent("1@purvey", date(2026, 12, 31), "Order; from A, B", "one\ntwo\\", "http://x/y?a=1,2")
    assert calendar_text([event], name="Purvey", stamp=STAMP).split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Purvey//Purvey//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Purvey",
        "BEGIN:VEVENT",
        "UID:1@purvey",
        "DTSTAMP:20260302T053000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:Order\\; from A\\, B",
        "DESCRIPTION:one\\ntwo\\\\",
        "URL:http://x/y?a=1,2",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


def test_a_calendar_without_events_is_one():
    assert calendar_text([], name="P", stamp=STAMP).endswith("X-WR-CALNAME:P\r\nEND:VCALENDAR\r\n")


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_folded_lines_have_75_octets_at_most_and_unfold_to_what_they_were(text):
    parts = list(folded(text))
    assert all(len(part.encode()) <= 75 for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == text
    assert all(part.startswith(" ") for part in parts[1:])


@pytest.mark.parametrize(("octets", "lines"), [(75, 1), (76, 2), (149, 2), (150, 3)])
def test_a_line_is_folded_after_75_octets(octets, lines):
    assert len(list(folded("x" * octets))) == lines


def test_what_would_end_a_line_begins_none():
    assert escaped("a\r\nEND:VCALENDAR\x0b\x1b\u2028b\ud800") == "a\\nEND:VCALENDAR\\n\\nb?"
