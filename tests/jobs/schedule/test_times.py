from datetime import UTC, datetime

import pytest

from jobs.schedule.times import last_time, next_time

BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_times_are_those_of_the_zone_in_summer_and_winter():
    assert next_time(["05:30"], BERLIN, utc("2026-01-10T00:00")) == utc("2026-01-10T04:30")
    assert next_time(["05:30"], BERLIN, utc("2026-07-10T00:00")) == utc("2026-07-10T03:30")


def test_weekdays_count_from_monday():
    assert next_time(["sun 02:00"], "UTC", utc("2026-03-02T00:00")) == utc("2026-03-08T02:00")
    assert next_time(["mon-fri 13:00"], "UTC", utc("2026-03-06T13:00")) == utc("2026-03-09T13:00")


def test_the_earliest_of_several_times_is_next():
    assert next_time(["13:00", "05:30"], "UTC", utc("2026-03-02T06:00")) == utc("2026-03-02T13:00")
    assert next_time(["13:00", "05:30"], "UTC", utc("2026-03-02T13:00")) == utc("2026-03-03T05:30")


def test_a_time_of_every_hour_is_due_each_hour():
    assert next_time(["*:10"], "UTC", utc("2026-03-02T06:09")) == utc("2026-03-02T06:10")
    assert next_time(["*:10"], "UTC", utc("2026-03-02T06:10")) == utc("2026-03-02T07:10")
    assert last_time(["*:10"], "UTC", after=utc("2026-03-02T06:10"), until=utc("2026-03-02T09:09")) == utc(
        "2026-03-02T08:10"
    )


def test_without_times_nothing_is_due():
    assert next_time([], "UTC", utc("2026-03-02T06:00")) is None
    assert last_time([], "UTC", after=utc("2026-03-02T06:00"), until=utc("2027-03-02T06:00")) is None


def test_all_times_that_were_missed_count_as_the_last_of_them():
    missed = last_time(["05:30"], "UTC", after=utc("2024-03-02T05:30"), until=utc("2026-03-10T05:29"))
    assert missed == utc("2026-03-09T05:30")


def test_a_weekly_time_that_was_missed_long_ago_counts():
    missed = last_time(["sun 02:00"], "UTC", after=utc("2025-03-02T02:00"), until=utc("2026-03-14T12:00"))
    assert missed == utc("2026-03-08T02:00")


@pytest.mark.parametrize(("until", "due"), [("05:29:59", None), ("05:30:00", "2026-03-02T05:30")])
def test_a_time_is_due_from_its_minute_on_and_once(until, due):
    found = last_time(["05:30"], "UTC", after=utc("2026-03-01T05:30"), until=utc(f"2026-03-02T{until}"))
    assert found == (utc(due) if due else None)
    assert last_time(["05:30"], "UTC", after=utc("2026-03-02T05:30"), until=utc("2026-03-02T09:00")) is None


def test_a_time_that_the_clocks_leave_out_is_due_an_hour_later():
    assert next_time(["02:30"], BERLIN, utc("2026-03-28T12:00")) == utc("2026-03-29T01:30")


def test_a_time_that_the_clocks_repeat_is_due_once():
    first = next_time(["02:30"], BERLIN, utc("2026-10-24T12:00"))
    assert first == utc("2026-10-25T00:30")
    assert next_time(["02:30"], BERLIN, first) == utc("2026-10-26T01:30")
