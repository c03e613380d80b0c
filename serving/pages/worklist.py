"""The worklist: what to do today, why, what it is worth, and a way to say yes, no, later."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from database import decisions
from database.recommendations import Recommendation, Wanted, listing
from serving.http.problems import Problem
from serving.http.web import NAME_LENGTH, check_origin, local_path, page, remember
from serving.pages.frame import context, follower_of, pages

TABS = ("open", "approved", "rejected", "snoozed")
KINDS = (
    "engage_early",
    "expedite",
    "expedite_question",
    "push_back",
    "cancel",
    "lower_moq",
    "faster_vendor",
)


@dataclass(frozen=True)
class WorklistTotals:
    """What a list of actions amounts to, in money a year and once.

    Actions on one SKU can exclude each other (another vendor, a lower MOQ): a year counts the best of each SKU.
    """

    count: int
    yearly: float
    once: float
    overdue: int
    soon: int


def totals(rows: list[Recommendation], today: Any) -> WorklistTotals:
    """Sum up `rows`; due soon is within seven days."""
    best: dict[str, float] = {}
    for row in rows:
        if row.worth_period == "year":
            best[row.unique_id] = max(row.worth, best.get(row.unique_id, 0.0))
    due = [row.act_by for row in rows if row.act_by is not None]
    return WorklistTotals(
        count=len(rows),
        yearly=sum(best.values()),
        once=sum(row.worth for row in rows if row.worth_period != "year"),
        overdue=sum(day < today for day in due),
        soon=sum(today <= day <= today + timedelta(days=7) for day in due),
    )


def show(request: Request) -> Response:
    """Show the worklist."""
    frame = context(request)
    if frame["served"] is None or frame["run"] is None:
        return page(request, "welcome.html", frame)
    engine, today, query = follower_of(request).engine, frame["today"], request.query_params
    rows = listing(engine, Wanted(), today=today, proposed=False)
    tab = query.get("status", "open")
    if tab not in TABS:
        raise Problem(404, "no_such_page", f"status is {tab!r}; the lists are {', '.join(TABS)}")
    # What was decided stays visible, also when the next run proposes it no more; open are only live proposals.
    by_tab = {t: [r for r in rows if r.status == t and (r.proposed or t != "open")] for t in TABS}
    shown = _filtered(by_tab[tab], query.get("kind", ""), query.get("supplier_id", ""), query.get("q", ""))
    if query.get("sort") == "act_by":
        shown = sorted(shown, key=lambda row: (row.act_by is None, row.act_by, -row.worth))
    part = pages(request, len(shown))
    descriptions = _descriptions(frame["served"].inputs.items)
    choices = {
        "kinds": [kind for kind in KINDS if any(row.kind == kind for row in by_tab[tab])],
        "suppliers": sorted({row.supplier_id for row in by_tab[tab] if row.supplier_id}),
    }
    return page(
        request,
        "worklist.html",
        frame
        | choices
        | {
            "tab": tab,
            "counts": {name: len(rows) for name, rows in by_tab.items()},
            "totals": totals(shown, today),
            "approved": totals(by_tab["approved"], today),
            "rows": shown[part["start"] : part["stop"]],
            "part": part,
            "descriptions": descriptions,
            "query": dict(query),
            "here": _here(request),
            "done": _done(request),
            "snoozes": snooze_choices(today),
        },
    )


def _filtered(rows: list[Recommendation], kind: str, supplier_id: str, text: str) -> list[Recommendation]:
    needle = text.strip().lower()
    return [
        row
        for row in rows
        if (not kind or row.kind == kind)
        and (not supplier_id or supplier_id in {row.supplier_id, row.alternative_supplier_id})
        and (not needle or needle in f"{row.unique_id} {row.title} {row.evidence}".lower())
    ]


def _descriptions(items: pd.DataFrame) -> dict[str, str]:
    known = items.dropna(subset=["description"])
    return dict(zip(known["unique_id"], known["description"], strict=True))


def snooze_choices(today: Any) -> list[tuple[str, str]]:
    """Days to snooze until, as (value, label)."""
    weeks = {"1 week": 7, "2 weeks": 14, "1 month": 30, "3 months": 91}
    return [((today + timedelta(days=days)).isoformat(), label) for label, days in weeks.items()]


def _here(request: Request) -> str:
    """Address of the page, to come back to after a decision."""
    rest = {name: value for name, value in request.query_params.items() if name != "done"}
    return f"{request.url.path}?{urlencode(rest)}" if rest else request.url.path


def _done(request: Request) -> Any:
    """Return the decision just taken, to be confirmed on top of the page."""
    action_id = request.query_params.get("done")
    if not action_id:
        return None
    found = decisions.history(follower_of(request).engine, action_id=action_id, limit=1)
    return found[0] if found else None


async def rename(request: Request) -> Response:
    """Remember the visitor's name and go back."""
    check_origin(request)
    form = await request.form()
    name = str(form.get("who", "")).strip()
    if not name or len(name) > NAME_LENGTH:
        raise Problem(422, "who", f"who: a name of 1 to {NAME_LENGTH} characters is needed")
    response = RedirectResponse(local_path(str(form.get("next", "/")), "/"), 303)
    remember(response, name)
    return response
