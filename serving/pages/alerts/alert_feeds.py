"""Exceptions that nobody has looked at as a feed, and days to remember as a calendar."""

from starlette.requests import Request
from starlette.responses import Response

from serving.alerts.exception_rows import ExceptionFilter, exception_rows
from serving.alerts.feed_entries import calendar_of
from serving.rendering.icalendar import DayEvent, calendar_text
from serving.rendering.rss import FeedEntry, feed_text
from serving.state.follower import follower_of

MOST_ENTRIES = 100


def alerts_rss(request: Request) -> Response:
    """Answer with the newest open exceptions as RSS."""
    follower, root = follower_of(request), str(request.base_url).rstrip("/")
    rows = exception_rows(follower.engine, ExceptionFilter(state="open"))[:MOST_ENTRIES]
    entries = [
        FeedEntry(
            f"purvey-exception-{row.id}",
            row.opened_at,
            f"[{row.severity}] {row.text}",
            f"Rule {row.rule}, for {row.owner}.",
            f"{root}{row.link}",
        )
        for row in rows
    ]
    body = feed_text(
        entries, title="Purvey: alerts", link=f"{root}/alerts", description="Exceptions that are open."
    )
    return Response(body, headers=_FRESH, media_type="application/rss+xml; charset=utf-8")


def calendar_ics(request: Request) -> Response:
    """Answer with order-by days, reviews, contracts that end and snoozed decisions as a calendar."""
    follower, root = follower_of(request), str(request.base_url).rstrip("/")
    served = follower.current()
    events = [
        DayEvent(each.uid, each.day, each.summary, each.description, f"{root}{each.link}")
        for each in calendar_of(served, follower.engine)
    ]
    stamp = served.champion.at if served.run is None else served.run.at
    text = calendar_text(events, name="Purvey", stamp=stamp)
    return Response(text, headers=_FRESH, media_type="text/calendar; charset=utf-8")


_FRESH = {"cache-control": "private, no-cache"}
