"""The layout around every page: which model and plan it shows, what is wrong, next steps; and pagination."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request

from database.alerts.exception_list import open_count
from serving.http.person import person_in
from serving.http.problems import Problem
from serving.state.business_day import business_day
from serving.state.follower import Follower, follower_of
from serving.state.served import Served

ROWS_PER_PAGE = 50


def page_context(request: Request) -> dict[str, Any]:
    """Return the template variables that `base.html` needs on every page, also when nothing is served yet."""
    follower = follower_of(request)
    known = person_in(request.scope) is not None  # whoever is not let in is told nothing
    served = follower.served if known else None
    run = None if served is None else served.run
    return {
        "served": served,
        "run": run,
        "today": business_day(run),
        "currency": "" if served is None else served.currency,
        "notice": "" if served is None else served.notice,
        "warnings": () if served is None else served.warnings,
        "supplier_segments": {} if served is None else served.supplier_segments,
        "trouble": follower.trouble if known else "",
        "stale": "" if follower.stale is None else said_age(follower.stale),
        "steps": next_steps(served),
        "open_alerts": 0 if served is None else _open_alerts(follower),
    }


def _open_alerts(follower: Follower) -> int:
    """How many exceptions nobody has looked at; 0 where the state database cannot say."""
    try:
        return open_count(follower.engine)
    except (Problem, SQLAlchemyError):
        return 0


def said_age(age: timedelta) -> str:
    """How old something is, as the layout says it: `3 days`, `5 hours` or `12 minutes`."""
    minutes = max(int(age.total_seconds()) // 60, 0)
    unit, length = next(
        ((unit, length) for unit, length in (("day", 1440), ("hour", 60)) if minutes >= length), ("minute", 1)
    )
    count = minutes // length
    return f"{count} {unit}{'' if count == 1 else 's'}"


def next_steps(served: Served | None) -> list[tuple[str, str]]:
    """Commands to run before the pages have something to show, as (command, what it does)."""
    if served is None:
        return [
            ("purvey check DIR", "see what the tables hold and what is missing"),
            ("purvey train --config FILE --data DIR --promote", "learn demand and lead times"),
            ("purvey plan --data DIR --out OUT", "turn them into orders and priced actions"),
        ]
    if served.snapshot is None:
        return [("purvey plan --data DIR --out OUT", "turn the model into orders and priced actions")]
    return []


def paginate(request: Request, total: int, per_page: int = ROWS_PER_PAGE) -> dict[str, Any]:
    """Return the part of a list of `total` rows that the query's `page` names, with links to previous and next."""
    last = max((total - 1) // per_page, 0)
    requested = request.query_params.get("page", "1")
    current = min(max(int(requested) - 1, 0), last) if requested.isdecimal() and len(requested) < 9 else 0

    def link(at: int) -> str | None:
        rest = {
            name: value
            for name, value in request.query_params.items()
            if name not in {"page", "done", "failed"}
        }
        return f"?{urlencode(rest | {'page': at + 1})}" if 0 <= at <= last and at != current else None

    return {
        "start": current * per_page,
        "stop": min((current + 1) * per_page, total),
        "total": total,
        "previous": link(current - 1),
        "next": link(current + 1),
    }
