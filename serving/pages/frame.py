"""What stands around every page: which model and plan it shows, how fresh they are, what is wrong."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from database.plan_runs import PlanRun
from serving.state.follower import Follower
from serving.state.served import Served

PER_PAGE = 50


def follower_of(request: Request) -> Follower:
    """Return the application's follower."""
    follower: Follower = request.app.state.follower
    return follower


def today(run: PlanRun | None) -> date:
    """Today on the business' calendar: the plan's day plus the days since it was made.

    With data of today this is today. Data of another year keep their own time, so that "act by" stays meaningful.
    """
    now = datetime.now(UTC)
    return now.date() if run is None else run.as_of + timedelta(days=max((now - run.at).days, 0))


def context(request: Request) -> dict[str, Any]:
    """Return what `base.html` needs; works without a served too."""
    follower = follower_of(request)
    served = follower.served
    run = None if served is None else served.run
    return {
        "served": served,
        "run": run,
        "today": today(run),
        "currency": "" if served is None else served.currency,
        "notice": "" if served is None else served.notice,
        "trouble": follower.trouble,
        "steps": next_steps(served),
    }


def next_steps(served: Served | None) -> list[tuple[str, str]]:
    """Commands still to be run before the pages have something to show, each with what it does."""
    if served is None:
        return [
            ("purvey check DIR", "see what the tables hold and what is missing"),
            ("purvey train --config FILE --data DIR --promote", "learn demand and lead times"),
            ("purvey plan --data DIR --out OUT", "turn them into orders and priced actions"),
        ]
    if served.snapshot is None:
        return [("purvey plan --data DIR --out OUT", "turn the model into orders and priced actions")]
    return []


def pages(request: Request, total: int, per_page: int = PER_PAGE) -> dict[str, Any]:
    """Return the part of a list of `total` rows that the query's `page` asks for, and links to its neighbours."""
    last = max((total - 1) // per_page, 0)
    asked = request.query_params.get("page", "1")
    current = min(max(int(asked) - 1, 0), last) if asked.isdecimal() and len(asked) < 9 else 0

    def link(at: int) -> str | None:
        rest = {name: value for name, value in request.query_params.items() if name not in {"page", "done"}}
        return f"?{urlencode(rest | {'page': at + 1})}" if 0 <= at <= last and at != current else None

    return {
        "start": current * per_page,
        "stop": min((current + 1) * per_page, total),
        "total": total,
        "previous": link(current - 1),
        "next": link(current + 1),
    }
