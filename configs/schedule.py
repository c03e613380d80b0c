"""When `purvey schedule` does what, and how much of the past stays on disk: two sections of a config."""

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import field_validator

from configs.section import Section, option
from configs.weekdays import parse_weekdays

_TIME = re.compile(r"(?:(?P<days>.*\S)\s+)?(?P<hour>\d{1,2}|\*):(?P<minute>\d{2})")
_EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)

Times = tuple[str, ...]


@dataclass(frozen=True)
class TimeOfDay:
    """A time at which something is due: hour and minute on some weekdays, Monday as 0; no hour: every hour."""

    weekdays: tuple[int, ...]
    hour: int | None
    minute: int


def parse_time(text: str) -> TimeOfDay:
    """Read a time at which something is due, such as `05:30`, `sun 02:00`, `mon-fri 13:00` or `*:10`, each hour.

    Raises
    ------
    ValueError
        When it is none.
    """
    found = _TIME.fullmatch(text.strip())
    hour = None if found is None or found["hour"] == "*" else int(found["hour"])
    if found is None or (hour or 0) > 23 or int(found["minute"]) > 59:
        raise ValueError(f"{text!r} is no time such as '05:30' or 'mon-fri 13:00'")
    days = _EVERY_DAY if found["days"] is None else parse_weekdays(found["days"])
    return TimeOfDay(days, hour, int(found["minute"]))


class ScheduleConfig(Section):
    """When `purvey schedule` does what. A list of times, `05:30` or with weekdays `mon-fri 13:00`; none: not at all."""

    timezone: str = option("UTC", "zone of the times (IANA name, Europe/Berlin)")
    check: Times = option(("05:00",), "the tables are checked")
    plan: Times = option(("05:30",), "a plan is made; also after a new champion")
    monitor: Times = option(("06:00",), "forecasts are compared with what came")
    train: Times = option(("sun 02:00",), "a challenger is trained, and judged before it is promoted")
    train_on_signal: bool = option(True, "train as well when monitoring says so")
    prune: Times = option(("03:30",), "what `retention` does not keep is removed")
    alerts: Times = option(
        ("*:10",), "alerts are sent that wait to be, each hour; also after a plan that opened some"
    )
    retries: int = option(3, "further attempts of what failed, before its next time", "attempts", ge=0, le=20)
    retry_minutes: float = option(
        5.0, "wait before the first of them; each further one waits twice as long", "minutes", gt=0, le=1440
    )
    most_hours: float = option(12.0, "after which an attempt is ended, as failed", "hours", gt=0, le=168)

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        """Refuse a zone that nobody knows."""
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"{name!r} is no IANA time zone such as Europe/Berlin") from None
        return name

    @field_validator("check", "plan", "monitor", "train", "prune", "alerts", mode="before")
    @classmethod
    def _times(cls, times: Any) -> Any:
        """Refuse what is no time; one alone needs no list. YAML reads 12:30 without quotes as the number 750."""
        listed = times if isinstance(times, list | tuple) else [times]
        for time in listed:
            if not isinstance(time, str):
                raise ValueError(f"{time!r} is no time; put it in quotes, such as '12:30'")  # noqa: TRY004
            parse_time(time)
        return tuple(listed)


class RetentionConfig(Section):
    """How much of the past stays on disk; `purvey prune` removes the rest. Decisions and orders always stay."""

    plan_runs: int = option(5, "plan runs whose files are kept, the last one among them", "runs", ge=2)
    champions: int = option(
        3, "champions whose bundles are kept, the current one among them; MLflow has them all", "models", ge=2
    )
    schedule_days: int = option(90, "days that the scheduler's runs are remembered", "days", ge=1)
