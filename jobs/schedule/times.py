"""The times of a scheduled job in its zone: the next one, and the last one that has passed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from configs.schedule import parse_time

_INSTANT = timedelta(microseconds=1)


def next_time(times: Sequence[str], timezone: str, after: datetime) -> datetime | None:
    """First of the `times` after a moment, in UTC; none where there are no times.

    A time that a change of the clocks leaves out is due an hour later, one that it repeats is due once.
    """
    moments = [_next(trigger, after) for trigger in _triggers(times, timezone)]
    return min(moments, default=None)


def last_time(times: Sequence[str], timezone: str, *, after: datetime, until: datetime) -> datetime | None:
    """Last of the `times` after one moment and up to another, in UTC; all that were missed before it count as one."""
    triggers = _triggers(times, timezone)
    # a week holds every time; whoever was away for longer need not count all of them
    moment, found = max(after, until - timedelta(days=8)), None
    while triggers and (moment := min(_next(trigger, moment) for trigger in triggers)) <= until:
        found = moment
    return found


def _triggers(times: Sequence[str], timezone: str) -> list[CronTrigger]:
    """Triggers of the times in a zone."""
    zone, read = ZoneInfo(timezone), map(parse_time, times)
    return [
        CronTrigger(
            day_of_week=",".join(map(str, time.weekdays)),
            hour="*" if time.hour is None else time.hour,
            minute=time.minute,
            timezone=zone,
        )
        for time in read
    ]


def _next(trigger: CronTrigger, after: datetime) -> datetime:
    """First time of a trigger strictly after a moment; the second of an hour that clocks repeat is none."""
    found: datetime = trigger.get_next_fire_time(None, after + _INSTANT)
    moment = found.astimezone(UTC)
    return _next(trigger, moment) if found.fold else moment
