import pytest
from pydantic import ValidationError

from configs.schedule import RetentionConfig, ScheduleConfig, TimeOfDay, parse_time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("05:30", TimeOfDay((0, 1, 2, 3, 4, 5, 6), 5, 30)),
        ("sun 2:00", TimeOfDay((6,), 2, 0)),
        ("mon-fri 13:00", TimeOfDay((0, 1, 2, 3, 4), 13, 0)),
        ("sat, mon 23:59", TimeOfDay((0, 5), 23, 59)),
        ("mon *:10", TimeOfDay((0,), None, 10)),
    ],
)
def test_a_time_is_read_with_its_weekdays(text, time):
    assert parse_time(text) == time


@pytest.mark.parametrize(
    "text", ["", "5", "24:00", "12:60", "noon 12:00", "05:30:00", "-1:00", "mon", "*:60", "**:10"]
)
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r"time such as|no weekday"):
        parse_time(text)


def test_one_time_needs_no_list_and_none_is_off():
    assert ScheduleConfig(plan="05:30").plan == ("05:30",)
    assert ScheduleConfig(plan=[]).plan == ()


def test_the_number_that_yaml_makes_of_a_time_is_refused_with_the_fix():
    with pytest.raises(ValidationError, match="put it in quotes, such as '12:30'"):
        ScheduleConfig(plan=[750])


def test_a_zone_that_nobody_knows_is_refused():
    with pytest.raises(ValidationError, match="'Mars' is no IANA time zone"):
        ScheduleConfig(timezone="Mars")


def test_the_plan_served_and_the_one_before_always_stay():
    with pytest.raises(ValidationError):
        RetentionConfig(plan_runs=1)
