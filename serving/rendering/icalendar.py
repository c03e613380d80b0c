"""A calendar file (RFC 5545) of whole days: lines end with CRLF and are folded at 75 octets."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

_OCTETS = 75


class DayEvent(NamedTuple):
    """An event of a whole day; `uid` is the same whenever the calendar is read again."""

    uid: str
    day: date
    summary: str
    description: str
    url: str


def calendar_text(events: Iterable[DayEvent], *, name: str, stamp: datetime) -> str:
    """The calendar `name` with its events; `stamp` is when what it rests on was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Purvey//Purvey//EN", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{escaped(name)}")
    for event in events:
        lines += _event_lines(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event_lines(event: DayEvent, stamp: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(event.summary)}",
        f"DESCRIPTION:{escaped(event.description)}",
        f"URL:{_plain(event.url)}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """Text as a value of the calendar: backslash, comma, semicolon and line breaks escaped, other controls dropped."""
    broken = "\n".join(text.splitlines())
    for mark in ("\\", ";", ","):
        broken = broken.replace(mark, f"\\{mark}")
    return _plain(broken.replace("\n", "\\n"))


def _plain(text: str) -> str:
    """Text without control characters and lone surrogates."""
    kept = "".join(mark for mark in text if ord(mark) >= 32 and ord(mark) != 127)
    return kept.encode("utf-8", "replace").decode()


def folded(line: str) -> Iterator[str]:
    """A line in parts of at most 75 octets, all but the first beginning with a space; no character is cut."""
    part, size = "", 0
    for mark in line:
        octets = len(mark.encode())
        if size + octets > _OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + mark, size + octets
    yield part
